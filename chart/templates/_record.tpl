{{/*
Refuses what cannot fit into Helm's record of the release, of which Helm itself would only say that a Secret is too long.
.root is the root context, .connections the settings of all connections, .enabled how many of them are enabled, .operation
what sc-extension.operation says.

Nothing that Helm would take is refused: each cost is the least that was measured in a record, and what compresses well
costs nothing. What is just beyond the limit is therefore left to Helm. Whoever only renders (helm template, Argo CD) has
no record, and looks up nothing.
*/}}
{{- define "sc-extension.checkRecord" -}}
{{- $most := 1048576 -}}
{{- $values := include "sc-extension.inlineValues" . | fromJson -}}
{{- $count := add (len $values.texts) (len $values.encoded) -}}
{{- $keys := include "sc-extension.keys" $values.texts | fromJson -}}
{{- $encodedKeys := include "sc-extension.keys" $values.encoded | fromJson -}}
{{- /* Bytes of a record, as tests/api/record.rs in the sources measures them: 71000 of a release without connections, 7 of a connection,
and 4 more of an enabled one for its name in a Role, 5 of a value, and of a key 1.97 a character, or 2.4 in base64: of PEM it is less, so that 1.9 and 2.3 are taken. */ -}}
{{- $named := ternary .enabled 0 .root.Values.rbac.create -}}
{{- $others := sub $count (add $keys.texts $encodedKeys.texts) -}}
{{- $characters := add (mul 190 $keys.characters) (mul 230 $encodedKeys.characters) -}}
{{- $least := add 71000 (mul 7 (len .connections)) (mul 4 $named) (mul 5 $others) (div $characters 100) -}}
{{- if gt $least $most -}}
{{- if include "sc-extension.helm-keeps-1048576-bytes-of-a-release-give-credentials-by-valueFrom" . -}}
{{- $record := printf "at least %d bytes in Helm's record of the release, which has all of it twice and can have %d" $least $most -}}
{{- $bytes := len ((.operation.settings).resources | default "") -}}
{{- if not .connections -}}
{{- fail (printf "resources: %d bytes make %s: declare the connection in connections, with credentials given by reference (valueFrom)" $bytes $record) -}}
{{- end -}}
{{- $beside := ternary (printf ", and resources of %d bytes," $bytes) "" (gt $bytes 0) -}}
{{- fail (printf "connections: %d of them with %d different values inline%s make %s: give credentials by reference (valueFrom)" (len .connections) $count $beside $record) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Whether there is a cluster, and so a record. An installer who may not ask for this namespace gets a trace instead of the
refusal: it names this template, and so the way out.
*/}}
{{- define "sc-extension.helm-keeps-1048576-bytes-of-a-release-give-credentials-by-valueFrom" -}}
{{- if lookup "v1" "Namespace" "" "default" }}true{{ end -}}
{{- end -}}

{{/*
The different values of parameters and data that stand in .connections and .operation themselves, as JSON: texts, and
encoded, those of {base64: …} and of resources, decoded.
*/}}
{{- define "sc-extension.inlineValues" -}}
{{- $texts := dict -}}
{{- $encoded := dict -}}
{{- range .connections -}}
{{- range include "sc-extension.valuesOf" . | fromJsonArray -}}
{{- if kindIs "string" . -}}
{{- $_ := set $texts . true -}}
{{- else if kindIs "map" . -}}
{{- with .base64 }}{{ $_ := set $encoded (toString . | nospace | b64dec) true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .operation.settings -}}
{{- $secret := (.resources | nospace | b64dec | fromJson).secret | default dict -}}
{{- range $secret.data }}{{ $_ := set $encoded . true }}{{ end -}}
{{- end -}}
{{- dict "texts" (keys $texts) "encoded" (keys $encoded) | toJson -}}
{{- end -}}

{{/*
What of these texts looks like a random key, words of letters of both cases and digits, which no compression makes
shorter; as JSON: texts, how many of them have such a word, and the characters of all such words. A word of which a part
stood there before is none: it compresses, as names that are counted up do.
*/}}
{{- define "sc-extension.keys" -}}
{{- $texts := 0 -}}
{{- $characters := 0 -}}
{{- $pieces := dict -}}
{{- range . -}}
{{- $has := 0 -}}
{{- range regexFindAll "[A-Za-z0-9+/=_-]{16,}" . -1 -}}
{{- if and (regexMatch "[A-Z]" .) (regexMatch "[a-z]" .) (regexMatch "[0-9]" .) -}}
{{- $is := true -}}
{{- range regexFindAll ".{4,8}" . -1 -}}
{{- if hasKey $pieces . }}{{ $is = false }}{{ end -}}
{{- $_ := set $pieces . true -}}
{{- end -}}
{{- if $is }}{{ $has = 1 }}{{ $characters = add $characters (len .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $texts = add $texts $has -}}
{{- end -}}
{{- dict "texts" $texts "characters" $characters | toJson -}}
{{- end -}}
