{{/*
Annotations of what the Job sc-job-uninstall needs. By then the release's own objects are gone: these are hooks too, of a
lower weight, and go when the Job has succeeded.
*/}}
{{- define "sc-extension.uninstallHook" -}}
helm.sh/hook: post-delete
helm.sh/hook-weight: "-5"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
