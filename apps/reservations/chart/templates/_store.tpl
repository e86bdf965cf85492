{{- /* What the service needs for Redis or Valkey. */ -}}

{{- /* env are the variables of every container. */ -}}
{{- define "store.env" -}}
{{- $redis := .Values.platform.redis -}}
- name: REDIS_HOST
  value: {{ $redis.host | quote }}
- name: REDIS_PORT
  value: {{ $redis.port | quote }}
- name: REDIS_TLS
  value: {{ ternary "on" "off" .Values.store.tls | quote }}
- name: REDIS_AUTH
  value: {{ $redis.auth }}
{{- with $redis.user }}
- name: REDIS_USER
  value: {{ . | quote }}
{{- end }}
{{- if eq $redis.auth "iam" }}
- name: REDIS_CACHE_NAME
  value: {{ $redis.cacheName | quote }}
- name: AWS_REGION
  value: {{ .Values.platform.region | quote }}
{{- else if .Values.store.passwordSecret }}
- name: REDIS_PWD_FILE
  value: /var/run/secrets/redis/password
{{- end }}
{{- end }}

{{- /* mounts and volumes provide the password as a file. The service reads it for each connection, so it may rotate. */ -}}
{{- define "store.mounts" -}}
{{- if and (eq .Values.platform.redis.auth "password") .Values.store.passwordSecret -}}
- name: redis
  mountPath: /var/run/secrets/redis
  readOnly: true
{{- end }}
{{- end }}

{{- define "store.volumes" -}}
{{- if and (eq .Values.platform.redis.auth "password") .Values.store.passwordSecret -}}
- name: redis
  secret:
    secretName: {{ .Values.store.passwordSecret }}
    defaultMode: 0440
    items:
      - key: password
        path: password
{{- end }}
{{- end }}

{{- /* egress is what a network policy must allow. */ -}}
{{- define "store.egress" -}}
{{- $redis := .Values.platform.redis -}}
- ports:
    - port: {{ $redis.port }}
      protocol: TCP
  {{- with $redis.cidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- if eq $redis.auth "iam" }}
{{ include "service.podIdentity" . }}
{{- end }}
{{- end }}
