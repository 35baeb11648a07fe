{{/* Labels of one program's objects. Given: root, and the suffix of the program's name. */}}
{{- define "labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "selector" . }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}{{ .suffix }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "metadata" -}}
name: {{ .root.Release.Name }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "labels" . | nindent 2 }}
{{- end }}

{{/* Given also: mark, by which the true chart's own program finds what belongs to the webhook. */}}
{{- define "mark" -}}
{{- with .mark }}
external-secrets.io/component: {{ . }}
{{- end }}
{{- end }}

{{/* What the pods of both programs have in common. Given also: values, the part of the values that is the program's. */}}
{{- define "pod" -}}
automountServiceAccountToken: {{ .values.serviceAccount.automount }}
serviceAccountName: {{ .values.serviceAccount.name }}
hostNetwork: {{ .values.hostNetwork }}
priorityClassName: {{ .values.priorityClassName }}
securityContext: {{- omit .values.podSecurityContext "enabled" | toYaml | nindent 2 }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.topologySpreadConstraints }}
topologySpreadConstraints:
{{- range . }}
  - {{ toYaml . | nindent 4 | trim }}
    labelSelector:
      matchLabels: {{- include "selector" $ | nindent 8 }}
{{- end }}
{{- end }}
{{- end }}

{{- define "container" -}}
image: {{ .values.image.repository }}:{{ .values.image.tag }}
imagePullPolicy: {{ .values.image.pullPolicy }}
resources: {{- toYaml .values.resources | nindent 2 }}
securityContext: {{- omit .values.securityContext "enabled" | toYaml | nindent 2 }}
{{- end }}

{{- define "deployment" -}}
replicas: {{ .values.replicaCount }}
revisionHistoryLimit: {{ .values.revisionHistoryLimit }}
strategy: {{- toYaml .values.strategy | nindent 2 }}
selector:
  matchLabels: {{- include "selector" . | nindent 4 }}
{{- end }}

{{- define "budget" -}}
{{- if .values.podDisruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .root.Release.Name }}{{ .suffix }}-pdb
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
    {{- include "mark" . | nindent 4 }}
spec:
  minAvailable: {{ .values.podDisruptionBudget.minAvailable }}
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
{{- end }}
{{- end }}
