import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "./temporary";

/** A small chart with what charts are made of: values, built-in objects, lookup, a secret, a condition, a hook and notes. */
const files: Readonly<Record<string, string>> = {
    "Chart.yaml": `
apiVersion: v2
name: web
version: 1.0.0
type: application
`,
    "values.yaml": `
greeting: hello
extra: true
`,
    "templates/web.yaml": `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  greeting: {{ .Values.greeting | quote }}
  policies: {{ .Capabilities.APIVersions.Has "policy/v1" | quote }}
  existing: {{ (lookup "v1" "Namespace" "" "kube-system").metadata.name | quote }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-password
stringData:
  word: canary-chart
---
{{- if .Values.extra }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}-extra
{{- end }}
`,
    "templates/hook.yaml": `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    helm.sh/hook: pre-install
`,
    "templates/NOTES.txt": "Nothing to note.\n",
};

let written: string | undefined;

/** The folder of the chart, written when it is first asked for: its templates are no YAML, which would trip the linter. */
export function webChart(): string {
    written ??= write();
    return written;
}

function write(): string {
    const folder = temporaryFolder("chart");
    for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, content.trimStart());
    }
    return folder;
}
