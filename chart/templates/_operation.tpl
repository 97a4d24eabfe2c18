{{/*
The operation of Service Connector's own extension that the settings connection, correlationid, operation and resources
carry, as JSON; {} where they are not given:

  name       of its connection
  enabled    false: the connection is to be removed
  objects    as sc-extension.objects has them, with the intent of sc-extension.rights
  settings   the four as given: the job decodes resources itself, since large numbers do not survive it here
*/}}
{{- define "sc-extension.operation" -}}
{{- $keys := list "connection" "correlationid" "operation" "resources" -}}
{{- $settings := dict -}}
{{- range $key := $keys -}}
{{- with get $.Values $key }}{{ $_ := set $settings $key (toString .) }}{{ end -}}
{{- end -}}
{{- if $settings -}}
{{- range $keys -}}
{{- if not (hasKey $settings .) -}}
{{- fail (printf "%s: connection, correlationid, operation, resources come together, and it is not given" .) -}}
{{- end -}}
{{- end -}}
{{- range list "connection" "correlationid" -}}
{{- if not (regexMatch "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$" (get $settings .)) -}}
{{- fail (printf "%s: must consist of letters, digits, `.`, `_` and `-`, at most 63, a letter or digit at both ends" .) -}}
{{- end -}}
{{- end -}}
{{- if not (kindIs "invalid" (get (.Values.connections | default dict) $settings.connection | default nil)) -}}
{{- fail "connection: stands in connections too: remove it from one of the two" -}}
{{- end -}}
{{- if gt (len $settings.resources) 1000000 -}}
{{- fail (printf "resources: has %d bytes, and 1000000 go into the Secret by which the job gets it" (len $settings.resources)) -}}
{{- end -}}
{{- $enabled := ne $settings.operation "delete" -}}
{{- $policy := ternary "delete" "keep" (eq (toString .Values.deletionPolicy) "Delete") -}}
{{- $objects := include "sc-extension.operationObjects" $settings | fromJson -}}
{{- include "sc-extension.checkNamespace" (dict "root" . "path" "resources" "namespace" $objects.namespace) -}}
{{- $_ := set $objects "intent" (ternary "write" $policy $enabled) -}}
{{- dict "name" $settings.connection "enabled" $enabled "objects" $objects "settings" $settings | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/*
The objects of an operation's connection, as JSON. The context has the four settings. resources is protected as a whole:
of what is in it, the fields that are known are named, and nothing is quoted.
*/}}
{{- define "sc-extension.operationObjects" -}}
{{- $parts := include "sc-extension.operationParts" .resources | fromJson -}}
{{- $namespace := include "sc-extension.operationNamespace" $parts -}}
{{- $stem := printf "sc-%s" (include "sc-extension.reduced" .connection) -}}
{{- $secrets := list -}}
{{- $class := "" -}}
{{- $synced := "" -}}
{{- $whose := ", where NAME is the connection's in lower case, letters and digits only: correct it, or leave it out" -}}
{{- if hasKey $parts "secret" -}}
{{- $secrets = list (printf "%s-secret" $stem) -}}
{{- if not (has ($parts.secret.name | default (first $secrets)) $secrets) -}}
{{- fail (printf "resources.secret.name: must be sc-NAME-secret%s" $whose) -}}
{{- end -}}
{{- include "sc-extension.operationEntries" (dict "part" $parts.secret "path" "resources.secret" "field" "data" "operation" .operation) -}}
{{- include "sc-extension.operationFields" (dict "part" $parts.secret "path" "resources.secret" "known" (list "name" "namespace" "data")) -}}
{{- end -}}
{{- if hasKey $parts "secretProviderClass" -}}
{{- with $parts.secretProviderClass | default (dict "name" "") -}}
{{- $class = printf "%s-secretprovider" $stem -}}
{{- if ne (.name | default $class | toString) $class -}}
{{- fail (printf "resources.secretProviderClass.name: must be sc-NAME-secretprovider%s" $whose) -}}
{{- end -}}
{{- $ofJob := printf "%s-secret" $stem -}}
{{- $ofDriver := printf "%s-csi-secret" $stem -}}
{{- $synced = .k8sSecretName | default (ternary $ofDriver $ofJob (ne (len $secrets) 0)) | toString -}}
{{- if not (has $synced (list $ofJob $ofDriver)) -}}
{{- fail (printf "resources.secretProviderClass.k8sSecretName: must be sc-NAME-secret or sc-NAME-csi-secret%s" $whose) -}}
{{- end -}}
{{- if has $synced $secrets -}}
{{- fail "resources.secretProviderClass.k8sSecretName: is the Secret of resources.secret too, which the CSI driver would take away with the last pod: name it sc-NAME-csi-secret, or leave secret out" -}}
{{- end -}}
{{- end -}}
{{- $ofVault := list "keyvaultName" "keyvaultTenantId" "userMIClientId" -}}
{{- if ne .operation "delete" -}}
{{- range $ofVault -}}
{{- if not (and (kindIs "string" (get $parts.secretProviderClass .)) (get $parts.secretProviderClass .)) -}}
{{- fail (printf "resources.secretProviderClass.%s: must be there, and a string" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "sc-extension.operationEntries" (dict "part" $parts.secretProviderClass "path" "resources.secretProviderClass" "field" "keyvaultSecrets" "operation" .operation) -}}
{{- include "sc-extension.operationFields" (dict "part" $parts.secretProviderClass "path" "resources.secretProviderClass" "known" (concat (list "name" "namespace" "k8sSecretName" "keyvaultSecrets") $ofVault)) -}}
{{- end -}}
{{- if not (or $secrets $class) -}}
{{- fail "resources: must hold secret, secretProviderClass or both" -}}
{{- end -}}
{{- dict "namespace" $namespace "secrets" $secrets "serviceAccount" "" "secretProviderClass" $class "syncedSecret" $synced | toJson -}}
{{- end -}}

{{/*
Refuses .field of .part, which stands at .path, unless it is an object of strings under keys of a Secret. Only a delete
needs none.
*/}}
{{- define "sc-extension.operationEntries" -}}
{{- $path := printf "%s.%s" .path .field -}}
{{- $entries := get .part .field | default dict -}}
{{- if ne .operation "delete" -}}
{{- if not (kindIs "map" $entries) -}}
{{- fail (printf "%s: must be an object of strings" $path) -}}
{{- end -}}
{{- if not $entries -}}
{{- fail (printf "%s: must have an entry at least" $path) -}}
{{- end -}}
{{- range $key, $value := $entries -}}
{{- if not (regexMatch "^([A-Za-z0-9_-]|[.][A-Za-z0-9_-])[A-Za-z0-9._-]{0,251}$" $key) -}}
{{- fail (printf "%s: every key must consist of letters, digits, `.`, `_` and `-`, at most 253, and not be `.` or begin with `..`" $path) -}}
{{- end -}}
{{- if not (kindIs "string" $value) -}}
{{- fail (printf "%s: every value must be a string: write it in quotes in the JSON" $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Refuses what .part, which stands at .path, has beside the fields .known.
*/}}
{{- define "sc-extension.operationFields" -}}
{{- range keys .part -}}
{{- if not (has . $.known) -}}
{{- fail (printf "%s: has a field that is none of %s" $.path (join ", " $.known)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
The parts of resources, which is the context, as JSON. A part that is null counts as absent, and pod is dropped.
*/}}
{{- define "sc-extension.operationParts" -}}
{{- $text := nospace . -}}
{{- /* b64dec and fromJson do not fail: they return what is wrong, as a text and as the key Error. */ -}}
{{- if not (and (regexMatch "^[A-Za-z0-9+/]+={0,2}$" $text) (eq (mod (len $text) 4) 0)) -}}
{{- fail "resources: is not base64" -}}
{{- end -}}
{{- $decoded := $text | b64dec | fromJson -}}
{{- if or (not $decoded) (hasKey $decoded "Error") -}}
{{- fail "resources: must be base64 of a JSON object that has something in it, and each of its keys once" -}}
{{- end -}}
{{- $known := list "namespace" "secret" "secretProviderClass" "pod" -}}
{{- $parts := dict -}}
{{- range $key, $part := $decoded -}}
{{- if not (has $key $known) -}}
{{- fail "resources: has a field that is none of namespace, secret, secretProviderClass and pod" -}}
{{- end -}}
{{- if kindIs "map" $part -}}
{{- $_ := set $parts $key $part -}}
{{- else if not (kindIs "invalid" $part) -}}
{{- fail (printf "resources.%s: must be an object" $key) -}}
{{- end -}}
{{- end -}}
{{- omit $parts "pod" | toJson -}}
{{- end -}}

{{/*
The namespace that these parts name, each the same.
*/}}
{{- define "sc-extension.operationNamespace" -}}
{{- $namespace := "" -}}
{{- range list (list "namespace" "name") (list "secret" "namespace") (list "secretProviderClass" "namespace") -}}
{{- $path := printf "resources.%s" (join "." .) -}}
{{- with get (get $ (first .) | default dict) (last .) -}}
{{- if not (and (kindIs "string" .) (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString .))) -}}
{{- fail (printf "%s: must consist of lower-case letters, digits and `-`, at most 63, a letter or digit at both ends" $path) -}}
{{- end -}}
{{- if and $namespace (ne $namespace .) -}}
{{- fail (printf "%s: must be the same as in the other parts" $path) -}}
{{- end -}}
{{- $namespace = . -}}
{{- end -}}
{{- end -}}
{{- if not $namespace -}}
{{- fail "resources.namespace.name: no part says in which namespace the objects are" -}}
{{- end -}}
{{- $namespace -}}
{{- end -}}
