{{- /* Every service has the same templates, except _store.tpl and migration.yaml. The values hold the differences. */ -}}

{{- /* selector selects the pods of the Deployment, whose selector is immutable: it can never change. */ -}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* labels are the labels of every object. */ -}}
{{- define "service.labels" -}}
{{ include "service.selector" . }}
{{ include "service.origin" . }}
{{- end }}

{{- /* check selects the pod of `helm test`. */ -}}
{{- define "service.check" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-check
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "service.origin" -}}
app.kubernetes.io/part-of: platform
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
environment: {{ .Values.platform.environment }}
{{- end }}

{{- /* first makes Argo CD apply an object before all others, because pods need it when they start. */ -}}
{{- define "service.first" -}}
argocd.argoproj.io/sync-wave: "-2"
{{- end }}

{{- /* podSecurity and containerSecurity are Pod Security's "restricted", with a read-only file system. The group lets the
process read the files of a Secret. */ -}}
{{- define "service.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "service.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "service.image" -}}
{{ .Values.platform.imageRepository }}@{{ .Values.image.digest }}
{{- end }}

{{- define "service.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* resources set no CPU limit: a pod may use CPU that is idle, and a limit would throttle it when it is busiest. Only
the log is written, at most 50Mi (kubelet's containerLogMaxSize and containerLogMaxFiles). */ -}}
{{- define "service.resources" -}}
requests:
  cpu: {{ .Values.resources.cpu }}
  memory: {{ .Values.resources.memory }}
  ephemeral-storage: 64Mi
limits:
  memory: {{ .Values.resources.memoryLimit }}
  ephemeral-storage: 128Mi
{{- end }}

{{- /* memory gives Go's runtime nine tenths of the limit: the runtime does not count all memory. */ -}}
{{- define "service.memory" -}}
- name: GOMEMLIMIT
  value: {{ div (.Values.resources.memoryLimit | trimSuffix "Mi" | int | mul 9) 10 }}MiB
{{- end }}

{{- /* podIdentity lets a pod get the credentials of its role from EKS's agent on its node (Amazon EKS User Guide, "Learn
how EKS Pod Identity works"). */ -}}
{{- define "service.podIdentity" -}}
- to:
    - ipBlock:
        cidr: 169.254.170.23/32
  ports:
    - port: 80
      protocol: TCP
{{- end }}

{{- define "service.dns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{- /* traces is where the service sends spans. Without an endpoint, it records none. */ -}}
{{- define "service.traces" -}}
{{- if .Values.traces.endpoint -}}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .Values.traces.endpoint }}
- name: OTEL_TRACES_SAMPLER
  value: parentbased_traceidratio
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ .Values.traces.share | quote }}
{{- end -}}
{{- end }}
