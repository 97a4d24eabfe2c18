{{/*
Refuses null for what has a default and cannot do without: Helm drops the default itself, and what is missing then would
end in a trace, or in rights that are silently not granted.
*/}}
{{- define "sc-extension.checkValues" -}}
{{- $needed := dict
      "image" (list "repository")
      "job" (list "requestTimeoutSeconds" "deadlineSeconds" "activeDeadlineSeconds")
      "log" (list)
      "rbac" (list "create" "clusterRead" "namespaceCheck") -}}
{{- range $group, $names := $needed -}}
{{- $values := get $.Values $group -}}
{{- if not (kindIs "map" $values) -}}
{{- fail (printf "%s: must not be null: leave it out for the defaults" $group) -}}
{{- end -}}
{{- range $names -}}
{{- if not (and (hasKey $values .) (ne (get $values . | kindOf) "invalid")) -}}
{{- fail (printf "%s.%s: must not be null: leave it out for the default" $group .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
