{{/*
What the values declare, worked out once and kept in the root context as .Declared, which all templates share: the
cluster is asked for its namespaces only once, and the Job's checksum is the one of the very Secrets beside it.

  shards             JSON texts of the input
  sha256             checksum of those texts, one after the other
  objects            of each enabled connection: namespace, secrets, serviceAccount, secretProviderClass, syncedSecret
  writable           namespace -> secrets, serviceAccounts, secretProviderClasses: the names that the job may write
  namespaces         those of enabled connections, as far as their names are Kubernetes'
  references         secrets, configMaps: the names that values refer to

A name that is none of Kubernetes' gets no rights and is otherwise left alone: the job says what is wrong with it.
*/}}
{{- define "sc-extension.declare" -}}
{{- if not (hasKey . "Declared") -}}
{{- include "sc-extension.checkValues" . -}}
{{- $linkers := .Files.Get "files/linkers.json" | fromJson -}}
{{- $label := "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" -}}
{{- $subdomain := "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" -}}
{{- $connections := dict -}}
{{- $objects := dict -}}
{{- $writable := dict -}}
{{- $secretReferences := dict -}}
{{- $configMapReferences := dict -}}
{{- range $name, $connection := .Values.connections -}}
{{- if not (kindIs "invalid" $connection) -}}
{{- $_ := set $connections $name $connection -}}
{{- end -}}
{{- if kindIs "map" $connection -}}
{{- include "sc-extension.checkCsi" (dict "name" $name "connection" $connection) -}}
{{- end -}}
{{- if and (kindIs "map" $connection) (ne (toString $connection.enabled) "false") -}}
{{- $scope := dict "name" $name "connection" $connection -}}
{{- $namespace := "default" -}}
{{- with $connection.namespace -}}
{{- $namespace = include "sc-extension.known" (dict "value" . "name" $name "field" "namespace") -}}
{{- end -}}
{{- $secret := include "sc-extension.secretName" $scope -}}
{{- $secrets := list $secret -}}
{{- with get $linkers (toString $connection.target) -}}
{{- $further := include "sc-extension.linkerSecrets" (dict "linkers" . "name" $name "connection" $connection "secret" $secret) -}}
{{- $secrets = concat $secrets (fromJsonArray $further) -}}
{{- end -}}
{{- $serviceAccount := include "sc-extension.serviceAccountName" $scope -}}
{{- $class := include "sc-extension.secretProviderClassName" $scope -}}
{{- $_ := set $objects $name (dict "namespace" $namespace "secrets" $secrets "serviceAccount" $serviceAccount "secretProviderClass" $class "syncedSecret" (include "sc-extension.syncedSecretName" $scope)) -}}
{{- if and (not (hasKey $writable $namespace)) (regexMatch $label $namespace) -}}
{{- $_ := set $writable $namespace (dict "secrets" dict "serviceAccounts" dict "secretProviderClasses" dict) -}}
{{- end -}}
{{- with get $writable $namespace -}}
{{- range $kind, $names := dict "secrets" $secrets "serviceAccounts" (list $serviceAccount) "secretProviderClasses" (list $class) -}}
{{- $known := get (get $writable $namespace) $kind -}}
{{- range $names -}}
{{- if and (le (len .) 253) (regexMatch $subdomain .) }}{{ $_ := set $known . true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $values := list $connection.parameters $connection.data -}}
{{- range $values -}}
{{- if kindIs "map" . -}}
{{- with ((.valueFrom).secretKeyRef).name }}{{ $_ := set $secretReferences (toString .) true }}{{ end -}}
{{- with ((.valueFrom).configMapKeyRef).name }}{{ $_ := set $configMapReferences (toString .) true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $namespaces := keys $writable | sortAlpha -}}
{{- $missing := include "sc-extension.missingNamespaces" (dict "root" . "namespaces" $namespaces) | fromJsonArray -}}
{{- range $missing }}{{ $_ := unset $writable . }}{{ end -}}
{{- $shards := list -}}
{{- range $index, $names := default (list list) (keys $connections | sortAlpha | chunk 1000) -}}
{{- $shard := dict "connections" dict -}}
{{- range $names }}{{ $_ := set $shard.connections . (get $connections .) }}{{ end -}}
{{- if eq $index 0 -}}
{{- $_ := set $shard "cloud" $.Values.cloud -}}
{{- $_ := set $shard "missingNamespaces" $missing -}}
{{- end -}}
{{- $json := toJson $shard -}}
{{- if gt (len $json) 1048576 -}}
{{- fail (printf "connections: %d of them (%s to %s) make %d bytes, and one Secret holds 1048576: give large values by reference (valueFrom) instead" (len $names) (first $names) (last $names) (len $json)) -}}
{{- end -}}
{{- $shards = append $shards $json -}}
{{- end -}}
{{- $_ := set . "Declared" (dict
      "shards" $shards
      "sha256" (join "" $shards | sha256sum)
      "objects" $objects
      "writable" $writable
      "namespaces" $namespaces
      "references" (dict "secrets" (keys $secretReferences | sortAlpha) "configMaps" (keys $configMapReferences | sortAlpha))) -}}
{{- end -}}
{{- end -}}

{{/*
Those of .namespaces that are missing or terminating, as a JSON list. Helm itself fails on a Role in one of them, before
the job could say why. Without a cluster (helm template, Argo CD) the list of the cluster is empty: nothing is missing.
The release's namespace counts as present: with --create-namespace Helm makes it only after rendering.
*/}}
{{- define "sc-extension.missingNamespaces" -}}
{{- $present := dict .root.Release.Namespace true -}}
{{- $missing := list -}}
{{- if .root.Values.rbac.namespaceCheck -}}
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
