{{/*
What the Job after helm uninstall deletes, as JSON: rights, and its input; empty where nothing is to be deleted.
.objects has the objects of each connection, .operation what sc-extension.operation says, .values the values. Credentials are not needed to delete and would stay
behind with a Job that fails: the input has names alone.

A connection with the policy Retain of its own keeps what it has, even where another one has it too. What has a name that
is none of Kubernetes' was never written, and would have the Job refuse all of its input.
*/}}
{{- define "sc-extension.uninstall" -}}
{{- $connections := dict -}}
{{- $rights := dict -}}
{{- $operation := dict -}}
{{- if eq (toString (.values.uninstall).deletionPolicy) "Delete" -}}
{{- $intended := dict -}}
{{- range $name, $objects := .objects -}}
{{- $retained := eq (toString (get $.values.connections $name).deletionPolicy) "Retain" -}}
{{- /* To the rights, what is to stay is like what is written: deleted for nobody. */ -}}
{{- $_ := set $intended $name (merge (dict "intent" (ternary "write" "delete" $retained)) $objects) -}}
{{- end -}}
{{- $all := $intended -}}
{{- with .operation }}{{ $all = merge (dict .name (merge (dict "intent" "delete") .objects)) $intended }}{{ end -}}
{{- $rights = include "sc-extension.rights" $all | fromJson -}}
{{- with .operation -}}
{{- $operation = include "sc-extension.uninstalledOperation" (dict "operation" . "right" (get $rights .objects.namespace).delete) | fromJson -}}
{{- end -}}
{{- range $name, $objects := $intended -}}
{{- $scope := dict "connection" (get $.values.connections $name) "objects" $objects "right" (get $rights .namespace).delete -}}
{{- with include "sc-extension.uninstalledConnection" $scope }}{{ $_ := set $connections $name (fromJson .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if or $connections $operation -}}
{{- $settings := pick .values "cloud" "allowSystemNamespaces" -}}
{{- $_ := set $settings "deletionPolicy" "Delete" -}}
{{- $settings = merge $settings $operation -}}
{{- $input := include "sc-extension.input" (dict "volume" "configMap" "name" "sc-job-uninstall" "connections" $connections "settings" $settings) | fromJson -}}
{{- dict "input" $input "rights" (values $rights) | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/*
Connection .connection with .objects as that input has it; empty where one of its objects is not in .right, the names
that may be deleted. Its ServiceAccount may well not be, and is then not named.
*/}}
{{- define "sc-extension.uninstalledConnection" -}}
{{- $right := .right -}}
{{- $deleted := true -}}
{{- range .objects.secrets -}}
{{- if not (hasKey $right.secrets .) }}{{ $deleted = false }}{{ end -}}
{{- end -}}
{{- with .objects.secretProviderClass -}}
{{- if not (hasKey $right.secretproviderclasses .) }}{{ $deleted = false }}{{ end -}}
{{- end -}}
{{- if $deleted -}}
{{- $entry := dict "enabled" false "deletionPolicy" "Delete" "namespace" .objects.namespace -}}
{{- range $field := list "target" "clientType" "auth" -}}
{{- with get $.connection $field }}{{ $_ := set $entry $field (toString .) }}{{ end -}}
{{- end -}}
{{- if .connection.secretName }}{{ $_ := set $entry "secretName" (first .objects.secrets) }}{{ end -}}
{{- if hasKey $right.serviceaccounts .objects.serviceAccount -}}
{{- $_ := set $entry "serviceAccount" (dict "name" .objects.serviceAccount) -}}
{{- if .objects.secretProviderClass }}{{ $_ := set $entry "csi" (dict "workloadIdentity" true) }}{{ end -}}
{{- end -}}
{{- toJson $entry -}}
{{- end -}}
{{- end -}}

{{/*
The settings of .operation for that input: a deletion, with the names of its objects alone; {} where one of these is not
in .right, the names that may be deleted.
*/}}
{{- define "sc-extension.uninstalledOperation" -}}
{{- $right := .right -}}
{{- $objects := .operation.objects -}}
{{- $namespace := dict "name" $objects.namespace -}}
{{- $parts := dict "namespace" $namespace -}}
{{- $deleted := true -}}
{{- range $objects.secrets -}}
{{- $_ := set $parts "secret" (dict "name" .) -}}
{{- if not (hasKey $right.secrets .) }}{{ $deleted = false }}{{ end -}}
{{- end -}}
{{- with $objects.secretProviderClass -}}
{{- $_ := set $parts "secretProviderClass" (dict "name" .) -}}
{{- if not (hasKey $right.secretproviderclasses .) }}{{ $deleted = false }}{{ end -}}
{{- end -}}
{{- if $deleted -}}
{{- merge (dict "operation" "delete" "resources" ($parts | toJson | b64enc)) .operation.settings | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}
