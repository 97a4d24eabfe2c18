{{/*
The hook Job .name for the events .hook, removed as .deletePolicy says; with .exitZero its faults do not fail the hook.
.root is the root context.
*/}}
{{- define "sc-extension.job" -}}
{{- $root := .root -}}
{{- $job := $root.Values.job -}}
{{- include "sc-extension.declare" $root -}}
{{- if ge (int $job.requestTimeoutSeconds) (int $job.deadlineSeconds) -}}
{{- fail (printf "job: requestTimeoutSeconds (%d) must be less than deadlineSeconds (%d): a request that hangs would take up the whole run" (int $job.requestTimeoutSeconds) (int $job.deadlineSeconds)) -}}
{{- end -}}
{{- /* Recording the outcome takes up to 5 s after the deadline; the other 5 are for the start of the pod. */ -}}
{{- $least := add $job.deadlineSeconds 10 | int -}}
{{- if lt (int $job.activeDeadlineSeconds) $least -}}
{{- fail (printf "job: activeDeadlineSeconds (%d) must be at least deadlineSeconds + 10 (%d): the outcome is recorded after the deadline of the run, and Kubernetes deletes the pod and its log at activeDeadlineSeconds" (int $job.activeDeadlineSeconds) $least) -}}
{{- end -}}
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
        {{- include "sc-extension.podLabels" $root | nindent 8 }}
      annotations:
        {{- include "sc-extension.podAnnotations" $root | nindent 8 }}
    spec:
      restartPolicy: Never
      serviceAccountName: sc-job
      automountServiceAccountToken: true
      # Service links of a Service named sc-job would be variables SC_JOB_*, which the binary reads as its settings.
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile:
          type: RuntimeDefault
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $job.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      nodeSelector:
        {{- merge (dict) (default dict $job.nodeSelector) (dict "kubernetes.io/os" "linux") | toYaml | nindent 8 }}
      {{- with $job.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $job.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: sc-job
          image: {{ include "sc-extension.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            {{- include "sc-extension.environment" . | trim | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          {{- with $job.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          # The job writes its reasons there, most useful first; the log is cut at 2 KiB.
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: FallbackToLogsOnError
          volumeMounts:
            - name: input
              mountPath: /etc/sc-job/input
              readOnly: true
      volumes:
        - name: input
          projected:
            defaultMode: 0444
            sources:
              {{- range $index, $_ := $root.Declared.shards }}
              - secret:
                  name: sc-job-input-{{ $index }}
                  items:
                    - key: connections.json
                      path: {{ printf "%03d.json" $index }}
              {{- end }}
{{- end -}}

{{/*
Settings of the binary. A variable without a value is left out: the binary then takes its own default.
*/}}
{{- define "sc-extension.environment" -}}
{{- $values := .root.Values -}}
{{- $variables := list
      (list "SC_JOB_INPUT" "/etc/sc-job/input")
      (list "SC_JOB_INPUT_SHA256" .root.Declared.sha256)
      (list "SC_JOB_RELEASE" .root.Release.Name)
      (list "SC_JOB_NAMESPACE" .root.Release.Namespace)
      (list "SC_JOB_LOG_LEVEL" $values.log.level)
      (list "SC_JOB_LOG_FORMAT" $values.log.format)
      (list "SC_JOB_DEADLINE_SECONDS" (int $values.job.deadlineSeconds))
      (list "SC_JOB_REQUEST_TIMEOUT_SECONDS" (int $values.job.requestTimeoutSeconds))
      (list "SC_JOB_CONCURRENCY" (int $values.job.concurrency))
      (list "SC_JOB_RBAC_CREATE" (toString $values.rbac.create))
      (list "SC_JOB_TERMINATION_LOG" "/dev/termination-log")
      (list "SC_JOB_EXIT_ZERO" .exitZero) -}}
{{- range $variables }}
{{- $name := first . }}
{{- with last . }}
- name: {{ $name }}
  value: {{ . | toString | quote }}
{{- end }}
{{- end }}
{{- /* Which Job it is, so that a failure is told in its description too. */}}
- name: SC_JOB_JOB_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['batch.kubernetes.io/job-name']
- name: SC_JOB_JOB_UID
  valueFrom:
    fieldRef:
      fieldPath: metadata.labels['batch.kubernetes.io/controller-uid']
{{- end -}}

{{/*
Labels of the pod. Meshes opt out by label or by annotation, depending on the mesh and its version; a proxy beside the
job would hold its first requests back and keep the pod running after it has ended.
*/}}
{{- define "sc-extension.podLabels" -}}
{{- $own := dict "sidecar.istio.io/inject" "false" "kuma.io/sidecar-injection" "disabled" -}}
{{- merge (dict) (default dict .Values.job.podLabels) $own (include "sc-extension.labels" . | fromYaml) | toYaml -}}
{{- end -}}

{{/*
Annotations of the pod: the other half of the opt-out.
*/}}
{{- define "sc-extension.podAnnotations" -}}
{{- $own := dict "sidecar.istio.io/inject" "false" "linkerd.io/inject" "disabled" -}}
{{- merge (dict) (default dict .Values.job.podAnnotations) $own | toYaml -}}
{{- end -}}
