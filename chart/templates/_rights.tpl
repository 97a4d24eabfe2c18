{{/*
What the job may do with objects, as JSON: namespace -> write, delete, each of them resource -> name -> true. The context
has of each connection its objects and its .intent: write, delete, or keep, which is no right.

What one connection writes is deleted for no other. A ServiceAccount is shared: it is deleted when all connections that
name it want that. A name that is none of Kubernetes' gets no rights.
*/}}
{{- define "sc-extension.rights" -}}
{{- $rights := dict -}}
{{- $kept := dict -}}
{{- range . -}}
{{- if eq .intent "keep" -}}
{{- $_ := set $kept .namespace (append (get $kept .namespace | default list) .serviceAccount) -}}
{{- else -}}
{{- if not (hasKey $rights .namespace) -}}
{{- $none := `{"secrets": {}, "serviceaccounts": {}, "secretproviderclasses": {}}` -}}
{{- $_ := set $rights .namespace (dict "write" (fromJson $none) "delete" (fromJson $none)) -}}
{{- end -}}
{{- $right := get (get $rights .namespace) .intent -}}
{{- range $resource, $names := dict "secrets" .secrets "serviceaccounts" (list .serviceAccount) "secretproviderclasses" (list .secretProviderClass) -}}
{{- $known := get $right $resource -}}
{{- range $names -}}
{{- if and (le (len .) 253) (regexMatch "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" .) }}{{ $_ := set $known . true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $namespace, $right := $rights -}}
{{- range $resource, $names := $right.write -}}
{{- $deleted := get $right.delete $resource -}}
{{- range $name, $_ := $names }}{{ $_ := unset $deleted $name }}{{ end -}}
{{- end -}}
{{- range get $kept $namespace | default list }}{{ $_ := unset $right.delete.serviceaccounts . }}{{ end -}}
{{- end -}}
{{- toJson $rights -}}
{{- end -}}

{{/*
Rules for what .rights, a list of what sc-extension.rights says of namespaces, has under .intent, write or delete.
Server-side apply creates under the name it asks for, so resourceNames pin creation too. A rule without resourceNames
would allow every name: each is rendered only with names in it.
*/}}
{{- define "sc-extension.rules" -}}
{{- $verbs := get (dict "write" "[get, create, patch]" "delete" "[get, patch, delete]") .intent -}}
{{- range list (list "secrets" "") (list "serviceaccounts" "") (list "secretproviderclasses" "secrets-store.csi.x-k8s.io") -}}
{{- $resource := first . -}}
{{- $group := last . -}}
{{- $names := dict -}}
{{- range $.rights -}}
{{- range $name, $_ := get (get . $.intent) $resource }}{{ $_ := set $names $name true }}{{ end -}}
{{- end -}}
{{- with keys $names | sortAlpha }}
- apiGroups: [{{ $group | quote }}]
  resources: [{{ $resource }}]
  resourceNames: {{ toJson . }}
  verbs: {{ $verbs }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Rules of the role in a namespace of which sc-extension.rights says this; empty where there is nothing to be done.
*/}}
{{- define "sc-extension.roleRules" -}}
{{- range list "write" "delete" }}{{ include "sc-extension.rules" (dict "rights" (list $) "intent" .) }}{{ end -}}
{{- end -}}

{{/*
Rules of the role in the release's own namespace.
*/}}
{{- define "sc-extension.ownRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [sc-connections]
  verbs: [get, patch]
# The inventory.
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [{{ range until 16 }}{{ if . }}, {{ end }}sc-connections-{{ . }}{{ end }}]
  verbs: [get, create, patch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [sc-job]
  verbs: [get, patch]
# For failures. A created object has no name yet that a rule could pin.
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- with .Declared.references.secrets }}
- apiGroups: [""]
  resources: [secrets]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end }}
{{- with .Declared.references.configMaps }}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end }}
{{- end -}}

{{/*
Rules of the job's ClusterRole: with rbac.clusterRead for what it reads, with rbac.scope cluster for what it writes.
*/}}
{{- define "sc-extension.clusterRules" -}}
{{- if .Values.rbac.clusterRead }}{{ include "sc-extension.readRules" . }}{{ end -}}
{{- if eq (toString .Values.rbac.scope) "cluster" }}{{ include "sc-extension.writeRules" . }}{{ end -}}
{{- end -}}

{{/*
What tells why something cannot be done, or will not work.
*/}}
{{- define "sc-extension.readRules" -}}
{{- with keys .Declared.rights | sortAlpha }}
# Tells a missing and a terminating namespace from a missing right: without, all three answer 403.
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end -}}
{{- $withIdentity := false -}}
{{- range .Declared.objects }}{{ if .serviceAccount }}{{ $withIdentity = true }}{{ end }}{{ end -}}
{{- if $withIdentity }}
# Tells that pods will get no token, since the webhook of workload identity is not installed.
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations]
  resourceNames: [azure-wi-webhook-mutating-webhook-configuration]
  verbs: [get]
{{- end -}}
{{- end -}}

{{/*
The rules of all Roles that rbac.scope objects would have, in one; and what no Role can allow.
*/}}
{{- define "sc-extension.writeRules" -}}
{{- $rights := values .Declared.rights -}}
{{- include "sc-extension.rules" (dict "rights" $rights "intent" "write") -}}
{{- if eq (toString .Values.deletionPolicy) "Delete" }}
# Connections that were left out of the values are deleted too, and the chart does not know their names any more.
- apiGroups: [""]
  resources: [secrets, serviceaccounts]
  verbs: [get, patch, delete]
- apiGroups: [secrets-store.csi.x-k8s.io]
  resources: [secretproviderclasses]
  verbs: [get, patch, delete]
{{- else }}{{ include "sc-extension.rules" (dict "rights" $rights "intent" "delete") }}{{ end -}}
{{- if eq (toString .Values.missingNamespace) "create" -}}
{{- with .Declared.written }}
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: {{ toJson . }}
  verbs: [get, create, patch]
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Rules of the ClusterRole after helm uninstall.
*/}}
{{- define "sc-extension.uninstallRules" -}}
{{ include "sc-extension.rules" (dict "rights" .Declared.uninstall.rights "intent" "delete") | trim }}
# Tells that the release was installed again before this Job came to run.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [sc-job]
  verbs: [get]
{{- end -}}
