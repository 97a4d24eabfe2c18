{{/*
Refuses a second release in the namespace of another one. Helm does so too, but not with --take-ownership: it would then take
account, input and inventory of the first, whose objects no release would know as its own any more. Helm reads each of its
objects before it makes them, so this asks for no further right; without a cluster nothing is looked up.
*/}}
{{- define "sc-extension.checkAlone" -}}
{{- $anchor := lookup "v1" "ConfigMap" .Release.Namespace "sc-connections" -}}
{{- with get (($anchor.metadata).annotations | default dict) "meta.helm.sh/release-name" -}}
{{- if ne . $.Release.Name -}}
{{- fail (printf "namespace %s: has the release %q of this chart, and no room for another, also not with --take-ownership: install %q into a namespace of its own, or uninstall %q before; if Helm does not know it any more, helm upgrade --install %s goes on with what it has left" $.Release.Namespace . $.Release.Name . .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Refuses .namespace of what stands at .path in the values when it is Kubernetes' own, or that of the release: whoever may write Secrets
there can do more than most people mean to allow. .root is the root context.
*/}}
{{- define "sc-extension.checkNamespace" -}}
{{- if or (hasPrefix "kube-" .namespace) (eq .namespace .root.Release.Namespace) -}}
{{- if not (has .namespace (.root.Values.allowSystemNamespaces | default list)) -}}
{{- fail (printf "%s.namespace: must not be one of Kubernetes (kube-…), nor the release's own, unless it is named in allowSystemNamespaces: choose another (without one it is default), or name it there" .path) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Those of .namespaces that are missing or terminating, as a JSON list. Helm itself fails on a Role in one of them, before
the job could say why; with rbac.scope cluster there is none. Without a cluster (helm template, Argo CD) the list of the
cluster is empty: nothing is missing. The release's namespace counts as present: with --create-namespace Helm makes it
only after rendering.
*/}}
{{- define "sc-extension.missingNamespaces" -}}
{{- $present := dict .root.Release.Namespace true -}}
{{- $missing := list -}}
{{- $rbac := .root.Values.rbac -}}
{{- if and $rbac.namespaceCheck (ne (toString $rbac.scope) "cluster") -}}
{{- $items := include "sc-extension.namespaces-are-listed-unless-rbac.namespaceCheck-is-false" . | fromJsonArray -}}
{{- range $items -}}
{{- if ne .phase "Terminating" }}{{ $_ := set $present .name true }}{{ end -}}
{{- end -}}
{{- if $items -}}
{{- range .namespaces -}}
{{- if not (hasKey $present .) }}{{ $missing = append $missing . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $missing | toJson -}}
{{- end -}}

{{/*
Name and phase of each namespace, as a JSON list. An installer who may not list namespaces gets a trace that nothing can
catch: it names this template, and so the way out.
*/}}
{{- define "sc-extension.namespaces-are-listed-unless-rbac.namespaceCheck-is-false" -}}
{{- $namespaces := list -}}
{{- range (lookup "v1" "Namespace" "" "").items -}}
{{- $namespaces = append $namespaces (dict "name" .metadata.name "phase" (toString (.status).phase)) -}}
{{- end -}}
{{- $namespaces | toJson -}}
{{- end -}}
