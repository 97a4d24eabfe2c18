{{/*
Whether requests of the job's accounts are guarded; empty if not. Both flags are read by sc-extension.readFlags.
*/}}
{{- define "sc-extension.guarded" -}}
{{- if and .Values.rbac.create .Values.rbac.guard }}true{{ end -}}
{{- end -}}

{{/*
Policy and binding .name, which refuse to ServiceAccount .account of the release's namespace what its rules allow and the
job never does: each of these would reach beyond the objects that the rules name. .annotations is optional, .root the root
context.

A dry run is refused like a request. Other people's requests are none of the policy's business: matchConditions come first.
*/}}
{{- define "sc-extension.guard" -}}
{{- $release := printf "%s/%s" .root.Release.Namespace .root.Release.Name -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "sc-extension.rightsLabels" .root | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE, DELETE]
        resources: [secrets]
      - apiGroups: [secrets-store.csi.x-k8s.io]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [secretproviderclasses]
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [serviceaccounts]
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [UPDATE]
        resources: [namespaces]
  matchConditions:
    - name: the-job
      expression: request.userInfo.username == "system:serviceaccount:{{ .root.Release.Namespace }}:{{ .account }}"
  variables:
    # dyn: the kinds differ in their fields, and the type check of each would warn of those of the others.
    - name: subject
      expression: "request.operation == 'DELETE' ? dyn(oldObject) : dyn(object)"
    - name: before
      expression: "request.operation == 'UPDATE' ? dyn(oldObject) : dyn({})"
    - name: synced
      expression: variables.subject.?spec.?secretObjects.orValue([])
  validations:
    # One of type kubernetes.io/service-account-token is filled with a token of whatever ServiceAccount it names.
    - expression: request.resource.resource != 'secrets' || variables.subject.type == 'Opaque'
      message: the job of release {{ $release }} writes and deletes Secrets of type Opaque only (rbac.guard)
      reason: Forbidden
    # The CSI driver writes these Secrets with rights of its own, in any type and under any name.
    - expression: >-
        request.resource.resource != 'secretproviderclasses'
        || variables.synced == variables.before.?spec.?secretObjects.orValue([])
        || variables.synced.all(secret, secret.all(field, field in ['secretName', 'type', 'data'])
        && secret.type == 'Opaque'
        && ['-csi-secret', '-secret'].exists(end,
        secret.secretName == variables.subject.metadata.name.replace('-secretprovider', end)))
      message: the job of release {{ $release }} has the CSI driver make Opaque Secrets under the name of the class only (rbac.guard)
      reason: Forbidden
    # A finalizer keeps a namespace from being deleted, an owner reference may keep its owner.
    - expression: >-
        request.operation == 'DELETE' || ['finalizers', 'ownerReferences'].all(field,
        variables.subject.metadata[?field] == variables.before.?metadata[?field])
      message: the job of release {{ $release }} sets no finalizers and no owners (rbac.guard)
      reason: Forbidden
    # Its labels say which pods Pod Security lets into a namespace.
    - expression: request.resource.resource != 'namespaces'
      message: the job of release {{ $release }} makes namespaces and changes none (rbac.guard)
      reason: Forbidden
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name }}
  labels:
    {{- include "sc-extension.rightsLabels" .root | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  policyName: {{ .name }}
  validationActions: [Deny]
{{- end -}}
