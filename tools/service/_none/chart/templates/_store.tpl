{{- /* What the service needs for its store: it has none. */ -}}

{{- define "store.env" -}}
{{- end }}

{{- define "store.mounts" -}}
{{- end }}

{{- define "store.volumes" -}}
{{- end }}

{{- define "store.egress" -}}
{{- end }}
