{{/*
What the values declare, worked out once and kept in the root context as .Declared, which all templates share: the
cluster is asked for its namespaces only once, and the Job's checksum is the one of the very Secrets beside it.

  input        what the Jobs mount: see sc-extension.input
  uninstall    what the Job after helm uninstall deletes: see sc-extension.uninstall
  objects      of each enabled connection: see sc-extension.objects
  rights       namespace -> what the job may do there: see sc-extension.rights
  roles        the same of the namespaces that get a Role
  written      the namespaces of enabled connections
  references   secrets, configMaps: the names that values refer to

A namespace whose name is none of Kubernetes' gets no rights and is otherwise left alone: the job says what is wrong
with it.
*/}}
{{- define "sc-extension.declare" -}}
{{- if not (hasKey . "Declared") -}}
{{- include "sc-extension.checkAlone" . -}}
{{- include "sc-extension.checkValues" . -}}
{{- $linkers := .Files.Get "files/linkers.json" | fromJson -}}
{{- $connections := dict -}}
{{- $enabled := dict -}}
{{- $placed := dict -}}
{{- $written := dict -}}
{{- include "sc-extension.checkKeys" (dict "mapping" .Values.connections) -}}
{{- range $name, $connection := .Values.connections -}}
{{- if not (kindIs "invalid" $connection) -}}
{{- $_ := set $connections $name $connection -}}
{{- end -}}
{{- if kindIs "map" $connection -}}
{{- range list "data" "labels" "annotations" -}}
{{- include "sc-extension.checkKeys" (dict "name" $name "field" . "mapping" (get $connection .)) -}}
{{- end -}}
{{- $scope := dict "name" $name "connection" $connection "linkers" $linkers -}}
{{- include "sc-extension.checkCsi" $scope -}}
{{- $objects := include "sc-extension.objects" $scope | fromJson -}}
{{- $isPlaced := regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" $objects.namespace -}}
{{- $policy := $connection.deletionPolicy | default $.Values.deletionPolicy | toString -}}
{{- $_ := set $objects "intent" (ternary "delete" "keep" (eq $policy "Delete")) -}}
{{- if ne (toString $connection.enabled) "false" -}}
{{- $_ := set $objects "intent" "write" -}}
{{- $_ := set $enabled $name $objects -}}
{{- if $isPlaced }}{{ $_ := set $written $objects.namespace true }}{{ end -}}
{{- end -}}
{{- if $isPlaced -}}
{{- include "sc-extension.checkNamespace" (dict "root" $ "path" (include "sc-extension.path" $name) "namespace" $objects.namespace) -}}
{{- $_ := set $placed $name $objects -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $references := include "sc-extension.references" (dict "connections" $connections "names" (keys $enabled)) | fromJson -}}
{{- $operation := include "sc-extension.operation" . | fromJson -}}
{{- include "sc-extension.checkRecord" (dict "root" . "connections" $connections "enabled" (len $enabled) "operation" $operation) -}}
{{- $intended := $placed -}}
{{- with $operation -}}
{{- $intended = merge (dict .name .objects) $placed -}}
{{- if .enabled -}}
{{- $_ := set $enabled .name .objects -}}
{{- $_ := set $written .objects.namespace true -}}
{{- end -}}
{{- end -}}
{{- $rights := include "sc-extension.rights" $intended | fromJson -}}
{{- $missing := include "sc-extension.missingNamespaces" (dict "root" . "namespaces" (keys $rights | sortAlpha)) | fromJsonArray -}}
{{- $roles := dict -}}
{{- if ne (toString .Values.rbac.scope) "cluster" -}}
{{- range $namespace, $right := $rights -}}
{{- if not (has $namespace $missing) }}{{ $_ := set $roles $namespace $right }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $settings := pick .Values "cloud" "deletionPolicy" "prune" "missingNamespace" "allowSystemNamespaces" -}}
{{- $_ := set $settings "rbac" (pick .Values.rbac "scope") -}}
{{- $_ := set $settings "missingNamespaces" $missing -}}
{{- $settings = merge $settings ($operation.settings | default dict) -}}
{{- $_ := set . "Declared" (dict
      "input" (include "sc-extension.input" (dict "volume" "secret" "name" "sc-job-input" "connections" $connections "settings" $settings) | fromJson)
      "uninstall" (include "sc-extension.uninstall" (dict "values" .Values "objects" $placed "operation" $operation) | fromJson)
      "objects" $enabled
      "rights" $rights
      "roles" $roles
      "written" (keys $written | sortAlpha)
      "references" $references) -}}
{{- end -}}
{{- end -}}
