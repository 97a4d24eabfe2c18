{{/*
The pod of all Jobs: it runs sc-job with .args over .input (see sc-extension.input; by default that of the release) as
.serviceAccount (by default sc-job), and has .variables beside the settings of the values. .root is the root context.
*/}}
{{- define "sc-extension.pod" -}}
{{- $root := .root -}}
{{- $job := $root.Values.job -}}
{{- include "sc-extension.declare" $root -}}
{{- $input := .input | default $root.Declared.input -}}
restartPolicy: Never
serviceAccountName: {{ .serviceAccount | default "sc-job" }}
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
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $job.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
nodeSelector:
  {{- merge (dict) (default dict $job.nodeSelector) (dict "kubernetes.io/os" "linux") | toYaml | nindent 2 }}
{{- with $job.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $job.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: sc-job
    image: {{ include "sc-extension.image" $root | quote }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    {{- with .args }}
    args:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
      {{- include "sc-extension.environment" (dict "root" $root "sha256" $input.sha256 "variables" .variables) | trim | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    {{- with $job.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
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
      # 0444, for everyone to read; these digits are another number in YAML 1.2.
      defaultMode: 292
      sources:
        {{- range $index, $_ := $input.shards }}
        - {{ $input.volume }}:
            name: {{ $input.name }}-{{ $index }}
            items:
              - key: connections.json
                path: {{ printf "%03d.json" $index }}
        {{- end }}
{{- end -}}

{{/*
Settings of the binary: .sha256 is that of the input, .variables are further ones. A variable without a value is left
out: the binary then takes its own default.
*/}}
{{- define "sc-extension.environment" -}}
{{- $values := .root.Values -}}
{{- $variables := list
      (list "SC_JOB_INPUT" "/etc/sc-job/input")
      (list "SC_JOB_INPUT_SHA256" .sha256)
      (list "SC_JOB_RELEASE" .root.Release.Name)
      (list "SC_JOB_NAMESPACE" .root.Release.Namespace)
      (list "SC_JOB_LOG_LEVEL" $values.log.level)
      (list "SC_JOB_LOG_FORMAT" $values.log.format)
      (list "SC_JOB_DEADLINE_SECONDS" (int $values.job.deadlineSeconds))
      (list "SC_JOB_REQUEST_TIMEOUT_SECONDS" (int $values.job.requestTimeoutSeconds))
      (list "SC_JOB_CONCURRENCY" (int $values.job.concurrency))
      (list "SC_JOB_RBAC_CREATE" (toString $values.rbac.create))
      (list "SC_JOB_TERMINATION_LOG" "/dev/termination-log") -}}
{{- range $name, $value := .variables }}{{ $variables = append $variables (list $name $value) }}{{ end -}}
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
Labels of the pod, .component among them where there is one. Meshes opt out by label or by annotation, depending on the mesh and its version; a proxy beside the
job would hold its first requests back and keep the pod running after it has ended.
*/}}
{{- define "sc-extension.podLabels" -}}
{{- $own := dict "sidecar.istio.io/inject" "false" "kuma.io/sidecar-injection" "disabled" -}}
{{- with .component }}{{ $_ := set $own "app.kubernetes.io/component" . }}{{ end -}}
{{- merge (dict) (default dict .root.Values.job.podLabels) $own (include "sc-extension.labels" .root | fromYaml) | toYaml -}}
{{- end -}}

{{/*
Annotations of the pod: the other half of the opt-out.
*/}}
{{- define "sc-extension.podAnnotations" -}}
{{- $own := dict "sidecar.istio.io/inject" "false" "linkerd.io/inject" "disabled" -}}
{{- merge (dict) (default dict .Values.job.podAnnotations) $own | toYaml -}}
{{- end -}}
