{{/*
Labels of every object of the release. app.kubernetes.io/instance is left to Argo CD, which marks its own objects by it.
*/}}
{{- define "sc-extension.labels" -}}
app.kubernetes.io/name: sc-job
app.kubernetes.io/part-of: {{ .Chart.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/*
Labels of what grants the job its rights, and of what limits them: `kubectl apply -l app.kubernetes.io/component=rights`
takes these out of a rendering for an administrator to apply.
*/}}
{{- define "sc-extension.rightsLabels" -}}
{{- include "sc-extension.labels" . }}
app.kubernetes.io/component: rights
{{- end -}}
