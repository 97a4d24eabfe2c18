{{/*
What a Job mounts of .connections and, beside the first of them, .settings, as JSON:

  volume, name   what holds it, secret or configMap: .name-0, .name-1 …, each with 1000 connections
  shards         texts, one for each of these
  sha256         checksum of the texts, one after the other
*/}}
{{- define "sc-extension.input" -}}
{{- $shards := list -}}
{{- range $index, $names := default (list list) (keys .connections | sortAlpha | chunk 1000) -}}
{{- $shard := dict "connections" dict -}}
{{- range $names }}{{ $_ := set $shard.connections . (get $.connections .) }}{{ end -}}
{{- if eq $index 0 -}}
{{- range $key, $value := $.settings }}{{ $_ := set $shard $key $value }}{{ end -}}
{{- end -}}
{{- $json := toJson $shard -}}
{{- if gt (len $json) 1048576 -}}
{{- fail (printf "connections: %d of them (%s to %s) make %d bytes, and one Secret holds 1048576: give large values by reference (valueFrom) instead" (len $names) (first $names) (last $names) (len $json)) -}}
{{- end -}}
{{- $shards = append $shards $json -}}
{{- end -}}
{{- dict "volume" .volume "name" .name "shards" $shards "sha256" (join "" $shards | sha256sum) | toJson -}}
{{- end -}}

{{/*
The values of the parameters and the data of the connection that is the context, as JSON. What is no connection, or none
of these, is the job's to refuse: a template would quote it.
*/}}
{{- define "sc-extension.valuesOf" -}}
{{- $values := list -}}
{{- if kindIs "map" . -}}
{{- range list .parameters .data -}}
{{- if kindIs "map" . }}{{ $values = concat $values (values .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toJson $values -}}
{{- end -}}

{{/*
Names of the Secrets and ConfigMaps that values of the connections .names, which are enabled, refer to, as JSON: secrets,
configMaps. .connections has their settings.
*/}}
{{- define "sc-extension.references" -}}
{{- $secrets := dict -}}
{{- $configMaps := dict -}}
{{- range .names -}}
{{- range include "sc-extension.valuesOf" (get $.connections .) | fromJsonArray -}}
{{- if kindIs "map" . -}}
{{- with ((.valueFrom).secretKeyRef).name }}{{ $_ := set $secrets (toString .) true }}{{ end -}}
{{- with ((.valueFrom).configMapKeyRef).name }}{{ $_ := set $configMaps (toString .) true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "secrets" (keys $secrets | sortAlpha) "configMaps" (keys $configMaps | sortAlpha) | toJson -}}
{{- end -}}
