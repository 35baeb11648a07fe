{{- define "labels" -}}
app.kubernetes.io/name: istio-cni
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
{{- define "component" -}}
release: {{ .Release.Name }}
istio.io/rev: default
install.operator.istio.io/owning-resource: unknown
operator.istio.io/component: Cni
{{ include "labels" . }}
{{- end -}}
