{{- define "labels" -}}
app: strimzi
chart: {{ .Chart.Name }}-{{ .Chart.Version }}
release: {{ .Release.Name }}
heritage: {{ .Release.Service }}
{{- end }}

{{- define "image" -}}
{{- $given := .given | default dict -}}
{{- $name := ternary $given.name .name (hasKey $given "name") -}}
{{- $path := compact (list (default .values.defaultImageRegistry $given.registry) (default .values.defaultImageRepository $given.repository) $name) -}}
{{ join "/" $path }}:{{ default .values.defaultImageTag $given.tag }}
{{- end }}
