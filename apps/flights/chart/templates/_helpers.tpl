{{- /* Every service's templates are these, but for _store.tpl: what differs between services is in values. */ -}}

{{- /* selector finds the pods that answer. It can never change: a Deployment's is immutable. */ -}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* labels are those of every object. */ -}}
{{- define "service.labels" -}}
{{ include "service.selector" . }}
{{ include "service.origin" . }}
{{- end }}

{{- /* check finds the pod of `helm test`. */ -}}
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

{{- /* first makes Argo CD apply an object, and wait for it, before anything else: pods need it as they start. */ -}}
{{- define "service.first" -}}
argocd.argoproj.io/sync-wave: "-2"
{{- end }}

{{- /* podSecurity and containerSecurity are Pod Security's "restricted", and a file system that nobody writes to. The
group lets the process read the files of a Secret. */ -}}
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

{{- /* resources limit no CPU: what nobody else uses is for whoever can, and a limit would stop a process for the rest
of each tenth of a second just as it is busy. Nothing but the log is written, and that is at most 50Mi (kubelet's
containerLogMaxSize and containerLogMaxFiles). */ -}}
{{- define "service.resources" -}}
requests:
  cpu: {{ .Values.resources.cpu }}
  memory: {{ .Values.resources.memory }}
  ephemeral-storage: 64Mi
limits:
  memory: {{ .Values.resources.memoryLimit }}
  ephemeral-storage: 128Mi
{{- end }}

{{- /* memory tells Go's runtime the limit, less a tenth for what it does not count. */ -}}
{{- define "service.memory" -}}
- name: GOMEMLIMIT
  value: {{ div (.Values.resources.memoryLimit | trimSuffix "Mi" | int | mul 9) 10 }}MiB
{{- end }}

{{- /* podIdentity lets a pod ask EKS's agent on its node for the credentials of its role (Amazon EKS User Guide, "Learn
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
