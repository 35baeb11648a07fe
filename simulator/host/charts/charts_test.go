package charts

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  template:
    metadata: { labels: { app: web } }
    spec:
      securityContext: {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
        - name: web
          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
          securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
`

// write makes a chart of these files beside its Chart.yaml and returns its folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	all := map[string]string{
		"Chart.yaml":  "apiVersion: v2\nname: web\nversion: 1.2.3\n",
		"values.yaml": "replicas: 1\nimage: { repository: web, tag: latest }\npodSecurityContext: { fsGroup: 1 }\nsecurityContext: {}\nextra: {}\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		place := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func ask(chart string, values map[string]any) question {
	return question{Chart: chart, Release: "shop", Namespace: "web", Values: values, Wanted: identity{"web", "v1.2.3"}}
}

var hardened = map[string]any{
	"podSecurityContext": map[string]any{"runAsNonRoot": true, "seccompProfile": map[string]any{"type": "RuntimeDefault"}},
	"securityContext": map[string]any{
		"allowPrivilegeEscalation": false, "capabilities": map[string]any{"drop": []any{"ALL"}},
	},
}

func with(values map[string]any, name string, value any) map[string]any {
	copied := copyOf(values)
	copied[name] = value
	return copied
}

func TestAChartIsRendered(t *testing.T) {
	hooks := "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: upgrade\n  annotations: { helm.sh/hook: \"pre-install,pre-upgrade\" }\n"
	list := "apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n" +
		"  - { apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: b } }\n" +
		"  - { apiVersion: example.com/v1, kind: Thing, metadata: { name: c } }\n"
	chart := write(t, map[string]string{
		"templates/web.yaml": deployment, "templates/hook.yaml": hooks, "templates/list.yaml": list,
		"templates/NOTES.txt": "thanks", "templates/_names.tpl": "{{ define \"n\" }}{{ end }}",
	})
	found := look(ask(chart, hardened))
	if found.Unreachable != "" || len(found.Problems) > 0 {
		t.Fatalf("got %+v", found)
	}
	var got []string
	for _, object := range found.Objects {
		metadata, _ := object["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		got = append(got, object["kind"].(string)+" "+namespace)
	}
	slices.Sort(got)
	if want := []string{"ClusterRole ", "ConfigMap web", "Deployment web", "Thing "}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(found.Hooks) != 1 || found.Hooks[0].Name != "upgrade" || len(found.Hooks[0].Events) != 2 {
		t.Errorf("got hooks %+v", found.Hooks)
	}
	if found.PodSecurity != "restricted" {
		t.Errorf("got level %q", found.PodSecurity)
	}
}

func TestLevels(t *testing.T) {
	chart := write(t, map[string]string{"templates/web.yaml": deployment})
	cases := map[string]map[string]any{
		"restricted": hardened,
		"baseline":   {},
		"privileged": with(hardened, "securityContext", map[string]any{"privileged": true}),
	}
	for want, values := range cases {
		if found := look(ask(chart, values)); found.PodSecurity != want || len(found.Problems) > 0 {
			t.Errorf("got %q, %v, want %s", found.PodSecurity, found.Problems, want)
		}
	}
	none := write(t, map[string]string{"templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n"})
	if found := look(ask(none, map[string]any{})); found.PodSecurity != "" {
		t.Errorf("got %q without pods", found.PodSecurity)
	}
	// The widest of several pods counts, wherever it stands.
	several := write(t, map[string]string{
		"templates/a.yaml": strings.ReplaceAll(deployment, ".Values.securityContext", ".Values.other"),
		"templates/b.yaml": strings.ReplaceAll(deployment, "{{ .Release.Name }}", "b"),
		"values.yaml":      "replicas: 1\nimage: { repository: web, tag: a }\npodSecurityContext: {}\nsecurityContext: {}\nother: { privileged: true }\n",
	})
	if found := look(ask(several, hardened)); found.PodSecurity != "privileged" {
		t.Errorf("got %q of several", found.PodSecurity)
	}
}

func TestDefaultsWhereIstioHasThem(t *testing.T) {
	chart := write(t, map[string]string{
		"templates/web.yaml": strings.ReplaceAll(deployment, ".Values.replicas", "(.Values._internal_defaults_do_not_set.replicas)"),
		"values.yaml":        "_internal_defaults_do_not_set: { replicas: 1, hub: a }\nimage: { repository: web, tag: a }\npodSecurityContext: {}\nsecurityContext: {}\n",
	})
	if found := look(ask(chart, map[string]any{"hub": "a"})); len(found.Problems) > 0 {
		t.Errorf("got %v", found.Problems)
	}
	if found := look(ask(chart, map[string]any{"hubs": "a"})); len(found.Problems) != 1 {
		t.Errorf("got %v, want one problem", found.Problems)
	}
}

func TestValuesThatNobodyReads(t *testing.T) {
	schema := `{"$ref":"#/$defs/v","$defs":{"v":{"properties":{"mode":{"type":"string"},"nested":{"anyOf":[{"properties":{"known":{}}},{"type":"string"}]}}}}}`
	sub := map[string]string{
		"charts/cache/Chart.yaml":           "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
		"charts/cache/values.yaml":          "size: 1\n",
		"charts/cache/templates/cache.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cache }\ndata: { size: \"{{ .Values.size }}\" }\n",
		"templates/web.yaml":                deployment,
		"values.schema.json":                schema,
	}
	cases := map[string]struct {
		values map[string]any
		want   []string
	}{
		"all are known":             {with(hardened, "replicas", 2), nil},
		"of a chart within":         {map[string]any{"cache": map[string]any{"size": 2}}, nil},
		"that only the schema has":  {map[string]any{"mode": "quiet", "nested": map[string]any{"known": 1}}, nil},
		"below what is empty":       {map[string]any{"extra": map[string]any{"anything": 1}}, nil},
		"at the top":                {map[string]any{"replicaCount": 2}, []string{"replicaCount"}},
		"further down":              {map[string]any{"image": map[string]any{"registry": "a", "tag": "b"}}, []string{"image.registry"}},
		"of a chart within, wrong":  {map[string]any{"cache": map[string]any{"sise": 2}}, []string{"cache.sise"}},
		"beside those of a schema":  {map[string]any{"nested": map[string]any{"unknown": 1}}, []string{"nested.unknown"}},
		"in parts that are whole":   {map[string]any{"podSecurityContext": map[string]any{"runAsUser": 10}}, nil},
		"several, in order of name": {map[string]any{"b": 1, "a": map[string]any{"c": 1}}, []string{"a", "b"}},
	}
	chart := write(t, sub)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := look(ask(chart, c.values))
			if len(found.Problems) != len(c.want) {
				t.Fatalf("got %v, want %v", found.Problems, c.want)
			}
			for index, key := range c.want {
				if want := "no template reads the value " + key + ","; !strings.HasPrefix(found.Problems[index], want) {
					t.Errorf("got %q, want %q", found.Problems[index], want)
				}
			}
		})
	}
}

func TestWhatIsWrongWithAChart(t *testing.T) {
	random := "apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: {{ randAlphaNum 20 }} }\n"
	needs := "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ required \"no name\" .Values.name }} }\n"
	refused := `{"properties":{"replicas":{"type":"integer"}}}`
	cases := map[string]struct {
		files  map[string]string
		values map[string]any
		want   string
	}{
		"another version":      {map[string]string{"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.4\n"}, nil, "it is web 1.2.4, and web v1.2.3 is pinned"},
		"another name":         {map[string]string{"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n"}, nil, "it is shop 1.2.3"},
		"other keys each time": {map[string]string{"templates/a.yaml": random}, nil, "it renders otherwise each time"},
		"a value is missing":   {map[string]string{"templates/a.yaml": needs}, nil, "no name"},
		"the schema refuses":   {map[string]string{"values.schema.json": refused}, map[string]any{"replicas": "two"}, "replicas"},
		"no YAML":              {map[string]string{"templates/a.yaml": "kind: A\n  b: {{ .Values.replicas }}"}, nil, "templates/a.yaml"},
		"no chart at all":      {map[string]string{"Chart.yaml": "["}, nil, "Chart.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := look(ask(write(t, c.files), c.values))
			if len(found.Problems) != 1 || !strings.Contains(found.Problems[0], c.want) {
				t.Errorf("got %v, want %q", found.Problems, c.want)
			}
		})
	}
}

func TestChartsThatCannotBeHad(t *testing.T) {
	t.Setenv("HELM_CACHE_HOME", t.TempDir())
	for _, asked := range []question{
		ask("./nowhere/web-1.2.3.tgz", nil),
		{Chart: "web", Repo: "http://127.0.0.1:1", Version: "1.2.3"},
		{Chart: "oci://127.0.0.1:1/charts/web", Version: "1.2.3"},
	} {
		if found := look(asked); found.Unreachable == "" || len(found.Problems) > 0 {
			t.Errorf("%s: got %+v", asked.Chart, found)
		}
	}
	_, err := within(time.Millisecond, func() (int, error) { time.Sleep(time.Second); return 1, nil })
	if err == nil || err.Error() != "no answer within 1ms" {
		t.Errorf("got %v", err)
	}
}

func TestLines(t *testing.T) {
	chart := write(t, map[string]string{"templates/web.yaml": deployment})
	text, err := json.Marshal(ask(chart, hardened))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(strings.NewReader(string(text)+"\n"+string(text)), &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || lines[0] != lines[1] {
		t.Errorf("got %v", lines)
	}
	if err := run(strings.NewReader("{"), &out); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("got %v", err)
	}
}
