{{- define "labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
{{- define "app" -}}
app: istiod
release: {{ .Release.Name }}
app.kubernetes.io/name: istiod
{{ include "labels" . }}
{{- end -}}
{{- define "component" -}}
{{ include "app" . }}
istio.io/rev: default
install.operator.istio.io/owning-resource: unknown
operator.istio.io/component: Pilot
{{- end -}}
