{{/*
Refuses settings that do not go together, and null for what has a default and cannot do without: Helm drops the default
itself, and what is missing then would end in a trace, or in rights that are silently not granted. With --reuse-values Helm
takes the defaults of the older chart, which miss what has been added since.
*/}}
{{- define "sc-extension.checkValues" -}}
{{- $needed := dict
      "image" (list "repository")
      "job" (list "requestTimeoutSeconds" "deadlineSeconds" "activeDeadlineSeconds")
      "log" (list)
      "rbac" (list "create" "clusterRead" "namespaceCheck") -}}
{{- $remedy := "leave it out for the default; an upgrade from a chart that did not have it takes --reset-then-reuse-values in place of --reuse-values" -}}
{{- range $group, $names := $needed -}}
{{- $values := get $.Values $group -}}
{{- if not (kindIs "map" $values) -}}
{{- fail (printf "%s: must not be null: %s" $group $remedy) -}}
{{- end -}}
{{- range $names -}}
{{- if not (and (hasKey $values .) (ne (get $values . | kindOf) "invalid")) -}}
{{- fail (printf "%s.%s: must not be null: %s" $group . $remedy) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "sc-extension.readFlags" .Values.rbac -}}
{{- include "sc-extension.checkTimes" .Values.job -}}
{{- if and (eq (toString .Values.missingNamespace) "create") (ne (toString .Values.rbac.scope) "cluster") -}}
{{- fail "missingNamespace: create needs rbac.scope cluster: a right to make namespaces is one in the whole cluster" -}}
{{- end -}}
{{- end -}}

{{/*
Makes booleans of the flags of rbac. Installers that have nothing but texts give false as one, which is true to a template;
and a release with the values of an older chart (--reuse-values) may have no guard.
*/}}
{{- define "sc-extension.readFlags" -}}
{{- range list "create" "clusterRead" "namespaceCheck" "guard" -}}
{{- $_ := set $ . (ne (get $ . | toString) "false") -}}
{{- end -}}
{{- end -}}

{{/*
Refuses times of the job that do not nest.
*/}}
{{- define "sc-extension.checkTimes" -}}
{{- if ge (int .requestTimeoutSeconds) (int .deadlineSeconds) -}}
{{- fail (printf "job: requestTimeoutSeconds (%d) must be less than deadlineSeconds (%d): a request that hangs would take up the whole run" (int .requestTimeoutSeconds) (int .deadlineSeconds)) -}}
{{- end -}}
{{- /* Recording the outcome takes up to 5 s after the deadline; the other 5 are for the start of the pod. */ -}}
{{- $least := add .deadlineSeconds 10 | int -}}
{{- if lt (int .activeDeadlineSeconds) $least -}}
{{- fail (printf "job: activeDeadlineSeconds (%d) must be at least deadlineSeconds + 10 (%d): the outcome is recorded after the deadline of the run, and Kubernetes deletes the pod and its log at activeDeadlineSeconds" (int .activeDeadlineSeconds) $least) -}}
{{- end -}}
{{- end -}}
