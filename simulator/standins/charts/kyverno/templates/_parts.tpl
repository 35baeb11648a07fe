{{/* Labels of one part's objects. Given: root, and the name of the part. */}}
{{- define "labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.Version }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- if hasSuffix "-controller" .part }}
app.kubernetes.io/name: {{ .root.Release.Name }}-{{ .part }}
{{- end }}
{{ include "selector" . }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/component: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
{{- end }}

{{- define "metadata" -}}
name: {{ .root.Release.Name }}-{{ .part }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "labels" . | nindent 2 }}
{{- end }}

{{- define "image" -}}
{{ .registry }}/{{ .repository }}:{{ .tag }}
{{- end }}

{{/* Everything of a controller but its rights. Given also: values of the part, and what it says of its pods and containers. */}}
{{- define "controller" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "metadata" . | nindent 2 }}
  {{- with .values.rbac.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: {{ .values.rbac.serviceAccount.automountServiceAccountToken }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "metadata" . | nindent 2 }}
spec:
  replicas: {{ .values.replicas }}
  revisionHistoryLimit: 10
  strategy: {{- toYaml .values.updateStrategy | nindent 4 }}
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "labels" . | nindent 8 }}
        {{- with .values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec: {{- include "pod" . | nindent 6 }}
      {{- .containers | nindent 6 }}
      volumes: {{- include "volumes" . | nindent 8 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .metrics }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  type: ClusterIP
  ports:
    - { name: metrics-port, protocol: TCP, port: 8000, targetPort: 8000 }
  selector: {{- include "selector" . | nindent 4 }}
{{- if or .values.podDisruptionBudget.enabled (gt (int .values.replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "metadata" . | nindent 2 }}
spec:
  minAvailable: {{ .values.podDisruptionBudget.minAvailable }}
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
{{- end }}
{{- end }}

{{- define "pod" -}}
securityContext: {{- toYaml .values.podSecurityContext | nindent 2 }}
nodeSelector: {{- toYaml (merge (dict "kubernetes.io/os" "linux") .root.Values.global.nodeSelector) | nindent 2 }}
{{- with .root.Values.global.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints: {{- toYaml .values.topologySpreadConstraints | nindent 2 }}
priorityClassName: {{ .root.Values.global.priorityClassName }}
dnsPolicy: ClusterFirst
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 1
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchExpressions:
              - { key: app.kubernetes.io/component, operator: In, values: [{{ .part }}] }
serviceAccountName: {{ .root.Release.Name }}-{{ .part }}
automountServiceAccountToken: {{ .values.rbac.serviceAccount.automountServiceAccountToken }}
{{- end }}

{{- define "tokenMount" -}}
{ name: serviceaccount-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
{{- end }}

{{- define "mounts" -}}
- { name: sigstore, mountPath: {{ .values.tufRootMountPath }} }
- { name: apicall-token, mountPath: /var/run/secrets/kyverno/apicall, readOnly: true }
- {{ include "tokenMount" . }}
{{- end }}

{{- define "volumes" -}}
- name: sigstore
  {{- toYaml .values.sigstoreVolume | nindent 2 }}
- name: apicall-token
  projected:
    defaultMode: 0444
    sources:
      - serviceAccountToken: { path: token, expirationSeconds: 3600, audience: kyverno-svc.kyverno.io }
- name: serviceaccount-token
  projected:
    defaultMode: 0444
    sources:
      - serviceAccountToken: { path: token, expirationSeconds: 3600 }
      - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
      - downwardAPI:
          items:
            - { path: namespace, fieldRef: { apiVersion: v1, fieldPath: metadata.namespace } }
{{- end }}

{{/* Where a program finds itself and its configuration. */}}
{{- define "environment" -}}
- { name: INIT_CONFIG, value: {{ .root.Release.Name }} }
- { name: METRICS_CONFIG, value: {{ .root.Release.Name }}-metrics }
- { name: KYVERNO_SERVICEACCOUNT_NAME, value: {{ .root.Release.Name }}-{{ .part }} }
- { name: KYVERNO_DEPLOYMENT, value: {{ .root.Release.Name }}-{{ .part }} }
- { name: KYVERNO_NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
- { name: KYVERNO_POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
{{- end }}
