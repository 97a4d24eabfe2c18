{{/*
The hook Job .name for the events .hook, removed as .deletePolicy says. The rest of the context is for its pod: see
sc-extension.pod.
*/}}
{{- define "sc-extension.job" -}}
{{- $root := .root -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace | quote }}
  labels:
    {{- include "sc-extension.labels" $root | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-weight: "0"
    # Not hook-failed: a failed Job stays with its log. Nor ttlSecondsAfterFinished: Helm 4 and Argo CD wait in vain for a
    # Job that vanishes before they have seen it complete.
    helm.sh/hook-delete-policy: {{ .deletePolicy }}
    helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
spec:
  {{- include "sc-extension.jobSpec" . | nindent 2 }}
{{- end -}}

{{/*
What all Jobs have in common: when one is over, and its pod. The context is that of sc-extension.pod, with the
.component that the pod is labelled as, if any.
*/}}
{{- define "sc-extension.jobSpec" -}}
{{- $root := .root -}}
{{- $job := $root.Values.job -}}
backoffLimit: {{ int $job.backoffLimit }}
activeDeadlineSeconds: {{ int $job.activeDeadlineSeconds }}
podFailurePolicy:
  rules:
    # An evicted pod says nothing about the connections: it is replaced and not counted.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    # Wrong usage, not permitted, bad input, some connections failed: another attempt ends the same way.
    - action: FailJob
      onExitCodes:
        containerName: sc-job
        operator: In
        values: [64, 77, 78, 79]
template:
  metadata:
    labels:
      {{- include "sc-extension.podLabels" . | nindent 6 }}
    annotations:
      {{- include "sc-extension.podAnnotations" $root | nindent 6 }}
  spec:
    {{- include "sc-extension.pod" . | nindent 4 }}
{{- end -}}
