{{- /* What the service needs for MySQL. */ -}}

{{- /* env are the variables of every container. */ -}}
{{- define "store.env" -}}
{{- $mysql := .Values.platform.mysql -}}
- name: MYSQL_HOST
  value: {{ $mysql.host | quote }}
- name: MYSQL_PORT
  value: {{ $mysql.port | quote }}
- name: MYSQL_DATABASE
  value: {{ $mysql.database | quote }}
- name: MYSQL_USER
  value: {{ $mysql.user | quote }}
- name: MYSQL_TLS
  value: {{ ternary "on" "off" .Values.store.tls | quote }}
- name: MYSQL_MAX_CONNECTIONS
  value: {{ .Values.store.maxConnections | quote }}
- name: MYSQL_AUTH
  value: {{ $mysql.auth }}
{{- if eq $mysql.auth "iam" }}
- name: AWS_REGION
  value: {{ .Values.platform.region | quote }}
{{- else }}
- name: MYSQL_PASSWORD_FILE
  value: /var/run/secrets/mysql/password
{{- end }}
{{- end }}

{{- /* mounts and volumes provide the password as a file. The service reads it for each connection, so it may rotate. */ -}}
{{- define "store.mounts" -}}
{{- if eq .Values.platform.mysql.auth "password" -}}
- name: mysql
  mountPath: /var/run/secrets/mysql
  readOnly: true
{{- end }}
{{- end }}

{{- define "store.volumes" -}}
{{- if eq .Values.platform.mysql.auth "password" -}}
- name: mysql
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
{{- $mysql := .Values.platform.mysql -}}
- ports:
    - port: {{ $mysql.port }}
      protocol: TCP
  {{- with $mysql.cidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- if eq $mysql.auth "iam" }}
{{ include "service.podIdentity" . }}
{{- end }}
{{- end }}
