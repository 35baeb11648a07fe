{{/* One of the three programs: what it is called, the part it plays, and its values. */}}
{{- define "programs" -}}
controller: { suffix: "", name: {{ .Chart.Name }} }
cainjector: { suffix: "-cainjector", name: cainjector }
webhook: { suffix: "-webhook", name: webhook }
{{- end }}

{{- define "values" -}}
{{- $values := .root.Values -}}
{{- if ne .part "controller" }}{{ $values = index .root.Values .part }}{{ end -}}
{{- toYaml $values -}}
{{- end }}

{{/* Given: root, name (of the program), part. */}}
{{- define "selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "labels" -}}
app: {{ .name }}
{{ include "selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- with .root.Values.global.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "image" -}}
{{- $values := .root.Values -}}
{{ $values.imageRegistry }}/{{ $values.imageNamespace }}/{{ .image.name }}:{{ .image.tag }}{{ with .image.digest }}@{{ . }}{{ end }}
{{- end }}
