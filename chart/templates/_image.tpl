{{/*
Reference of the image. A digest stands alone: not every container runtime pulls by digest with a tag beside it.
*/}}
{{- define "sc-extension.image" -}}
{{- $image := .Values.image -}}
{{- $injected := .Values.global -}}
{{- range list "azure" "images" "scJob" }}{{ if kindIs "map" $injected }}{{ $injected = get $injected . }}{{ end }}{{ end -}}
{{- with $injected -}}
{{- if and (kindIs "map" .) .registry -}}
{{- $image = dict "registry" .registry "repository" (.image | default $.Values.image.repository) "digest" .digest -}}
{{- end -}}
{{- end -}}
{{- if not (or $image.registry (contains "/" $image.repository)) -}}
{{- fail "no public registry carries the image yet: build and push it with scripts/image --push REGISTRY in the sources, then set image.registry (and image.digest)" -}}
{{- end -}}
{{- $name := printf "%s/%s" (trimSuffix "/" (default "" $image.registry)) $image.repository | trimPrefix "/" -}}
{{- if contains "://" $name -}}
{{- fail (printf "an image has no scheme: write %s in place of %s (image.registry, image.repository)" (regexReplaceAllLiteral "^.*://" $name "") $name) -}}
{{- end -}}
{{- $name -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}
