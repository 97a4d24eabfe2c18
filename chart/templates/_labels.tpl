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
