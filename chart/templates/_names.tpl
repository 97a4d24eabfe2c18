{{/*
Name of the roles in other namespaces and of the cluster's: two releases share those, so the name carries whose it is.
*/}}
{{- define "sc-extension.roleName" -}}
sc-job.{{ .Release.Namespace }}.{{ .Release.Name }}
{{- end -}}

{{/*
The same of what the Job after helm uninstall has.
*/}}
{{- define "sc-extension.uninstallRoleName" -}}
sc-job-uninstall.{{ .Release.Namespace }}.{{ .Release.Name }}
{{- end -}}

{{/*
The place of a connection in the values, as the job writes it.
*/}}
{{- define "sc-extension.path" -}}
connections{{ ternary (printf ".%s" .) (printf "[%q]" .) (regexMatch "^[A-Za-z0-9_-]+$" .) }}
{{- end -}}

{{/*
Refuses a key of .mapping that Helm has made of one that was not in quotes: the name that was meant is lost. The mapping is
connections, or .field of connection .name.
*/}}
{{- define "sc-extension.checkKeys" -}}
{{- $mapping := ternary .mapping dict (kindIs "map" .mapping) -}}
{{- range $key, $unquoted := dict "true" "y, yes or on" "false" "n, no or off" "null" "~" -}}
{{- if hasKey $mapping $key -}}
{{- $place := "connections" -}}
{{- if hasKey $ "name" }}{{ $place = printf "%s.%s" (include "sc-extension.path" $.name) $.field }}{{ end -}}
{{- fail (printf "%s.%s: Helm reads an unquoted %s as this: put the key in quotes, or choose another name" $place $key $unquoted) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Field .field of connection .name, whose value .value makes an object's name or place: a string or {base64: …}. Rights
are pinned to names when the chart is rendered, and a reference is only read later, by the job. Like the job, it drops
the blanks and line breaks of base64 before it decodes.
*/}}
{{- define "sc-extension.known" -}}
{{- if not (kindIs "map" .value) -}}
{{- .value | toString | trim -}}
{{- else if hasKey .value "base64" -}}
{{- .value.base64 | toString | nospace | b64dec | trim -}}
{{- else -}}
{{- fail (printf "%s.%s: must not be a reference: it makes the name or place of an object that the job gets rights for before it can read references; write the value itself" (include "sc-extension.path" .name) .field) -}}
{{- end -}}
{{- end -}}

{{/*
The objects of connection .name with settings .connection, as JSON: namespace, and the names secrets, serviceAccount,
secretProviderClass, syncedSecret, empty where there is no such object. .linkers is files/linkers.json.
*/}}
{{- define "sc-extension.objects" -}}
{{- $namespace := "default" -}}
{{- with .connection.namespace -}}
{{- $namespace = include "sc-extension.known" (dict "value" . "name" $.name "field" "namespace") -}}
{{- end -}}
{{- $secret := include "sc-extension.secretName" . -}}
{{- $secrets := list $secret -}}
{{- with get .linkers (toString .connection.target) -}}
{{- $further := include "sc-extension.linkerSecrets" (dict "linkers" . "name" $.name "connection" $.connection "secret" $secret) -}}
{{- $secrets = concat $secrets (fromJsonArray $further) -}}
{{- end -}}
{{- dict "namespace" $namespace
         "secrets" $secrets
         "serviceAccount" (include "sc-extension.serviceAccountName" .)
         "secretProviderClass" (include "sc-extension.secretProviderClassName" .)
         "syncedSecret" (include "sc-extension.syncedSecretName" .) | toJson -}}
{{- end -}}

{{/*
A connection's name as it stands in the names of its objects: letters and digits only, in lower case.
*/}}
{{- define "sc-extension.reduced" -}}
{{- regexReplaceAllLiteral "[^A-Za-z0-9]+" . "" | lower -}}
{{- end -}}

{{/*
Name of the Secret of connection .name with settings .connection, empty if none can be made of it.
*/}}
{{- define "sc-extension.secretName" -}}
{{- with .connection.secretName -}}
{{- include "sc-extension.known" (dict "value" . "name" $.name "field" "secretName") -}}
{{- else -}}
{{- with include "sc-extension.reduced" .name }}sc-{{ . }}-secret{{ end -}}
{{- end -}}
{{- end -}}

{{/*
Names of the further Secrets of connection .name with settings .connection, as a JSON list: some services split a
connection in linkers. .secret is the name of the first, .linkers what files/linkers.json says of the target.
*/}}
{{- define "sc-extension.linkerSecrets" -}}
{{- $names := list -}}
{{- range get .linkers (.connection.clientType | default "none" | toString) | default list -}}
{{- if $.connection.secretName -}}
{{- $names = append $names (printf "%s-%s" $.secret .) -}}
{{- else -}}
{{- $names = append $names (include "sc-extension.secretName" (dict "name" (printf "%s_%s" $.name .) "connection" dict)) -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{/*
Name of the SecretProviderClass of connection .name with settings .connection, empty if it has none.
*/}}
{{- define "sc-extension.secretProviderClassName" -}}
{{- if eq (toString .connection.auth) "csi" -}}
{{- with include "sc-extension.reduced" .name }}sc-{{ . }}-secretprovider{{ end -}}
{{- end -}}
{{- end -}}

{{/*
Refuses what connection .name with settings .connection says of the CSI driver with another auth.
*/}}
{{- define "sc-extension.checkCsi" -}}
{{- if and .connection.csi (ne (toString .connection.auth) "csi") -}}
{{- fail (printf "%s.csi: the CSI driver mounts values with auth csi only: remove csi, or change auth" (include "sc-extension.path" .name)) -}}
{{- end -}}
{{- end -}}

{{/*
Name of the Secret that the CSI driver makes for connection .name with settings .connection, empty if it makes none.
*/}}
{{- define "sc-extension.syncedSecretName" -}}
{{- $synced := false -}}
{{- if eq (toString .connection.auth) "csi" -}}
{{- range (.connection.csi).secrets -}}
{{- if .key }}{{ $synced = true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if $synced }}sc-{{ include "sc-extension.reduced" .name }}-csi-secret{{ end -}}
{{- end -}}

{{/*
Name of the ServiceAccount of connection .name with settings .connection, empty if it has none.
*/}}
{{- define "sc-extension.serviceAccountName" -}}
{{- $mounted := and (eq (toString .connection.auth) "csi") (eq (toString (.connection.csi).workloadIdentity) "true") -}}
{{- if or (eq (toString .connection.auth) "workload-identity") $mounted -}}
{{- $clientId := (.connection.parameters).clientId | default "" -}}
{{- $clientId = include "sc-extension.known" (dict "value" $clientId "name" .name "field" "parameters.clientId") | lower -}}
{{- $generated := ternary (printf "sc-account-%s" $clientId) "" (ne $clientId "") -}}
{{- $own := (.connection.serviceAccount).name | default $generated -}}
{{- include "sc-extension.known" (dict "value" $own "name" .name "field" "serviceAccount.name") -}}
{{- end -}}
{{- end -}}
