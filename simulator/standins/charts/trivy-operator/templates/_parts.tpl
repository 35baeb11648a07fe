{{- define "labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "operator" . }}
{{- end }}

{{- define "operator" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "server" -}}
app.kubernetes.io/name: trivy-server
app.kubernetes.io/instance: trivy-server
{{- end }}

{{- define "place" -}}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "probe" -}}
initialDelaySeconds: 5
periodSeconds: 10
successThreshold: 1
failureThreshold: {{ . }}
{{- end }}
