package standins

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const address = "https://example.com/v1.0.0/crds.yaml"

// described writes a run's table with one chart, one manifest and two kinds.
func described(t *testing.T) (path, folder string) {
	t.Helper()
	folder = t.TempDir()
	write(t, filepath.Join(folder, "charts", "web", "Chart.yaml"), "name: web\nversion: v1.2.3\n")
	write(t, filepath.Join(folder, "charts", "README.md"), "not a chart")
	write(t, filepath.Join(folder, "kinds.json"), `{"example.com":{"Widget":"widgets","Gadget":"passive"}}`)
	content, err := json.Marshal(file{
		Charts: filepath.Join(folder, "charts"), Kinds: filepath.Join(folder, "kinds.json"),
		Definitions: map[string]string{address: "/cache/crds.yaml"}, Mirrors: []string{"oci://mirror.example.com/charts"},
	})
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, "standins.json")
	write(t, path, string(content))
	return path, folder
}

func table(t *testing.T) (*Table, string) {
	t.Helper()
	path, folder := described(t)
	made, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return made, folder
}

// placed is what becomes of the inputs of a component.
func placed(t *testing.T, table *Table, kind string, inputs resource.PropertyMap) (resource.PropertyMap, []Use, error) {
	t.Helper()
	sent, err := plugin.MarshalProperties(inputs, keep)
	if err != nil {
		t.Fatal(err)
	}
	request := &pulumirpc.ConstructRequest{Type: kind, Name: "it", Inputs: sent}
	uses, placeErr := table.Place(request)
	got, err := plugin.UnmarshalProperties(request.GetInputs(), keep)
	if err != nil {
		t.Fatal(err)
	}
	return got, uses, placeErr
}

const chartType = "kubernetes:helm.sh/v4:Chart"

func TestChartsThatAStandInReplaces(t *testing.T) {
	table, folder := table(t)
	values := resource.NewObjectProperty(resource.PropertyMap{
		"password": resource.MakeSecret(resource.NewStringProperty("s")), "later": resource.MakeComputed(resource.NewStringProperty("")),
	})
	options := resource.NewObjectProperty(resource.NewPropertyMapFromMap(map[string]any{"repo": "https://charts.example.com/"}))
	cases := map[string]struct {
		inputs resource.PropertyMap
		from   string
	}{
		"of a registry":   {resource.PropertyMap{"chart": resource.NewStringProperty("oci://charts.example.com/web")}, "oci://charts.example.com/web"},
		"of a repository": {resource.PropertyMap{"chart": resource.NewStringProperty("web"), "repositoryOpts": options}, "https://charts.example.com/web"},
		"by its name":     {resource.PropertyMap{"chart": resource.NewStringProperty("web")}, "web"},
		"from an output": {resource.PropertyMap{"chart": resource.NewOutputProperty(
			resource.Output{Element: resource.NewStringProperty("oci://x/web"), Known: true})}, "oci://x/web"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.inputs["version"], c.inputs["values"] = resource.NewStringProperty("1.2.3"), values
			got, uses, err := placed(t, table, chartType, c.inputs)
			if err != nil {
				t.Fatal(err)
			}
			want := resource.PropertyMap{"chart": resource.NewStringProperty(filepath.Join(folder, "charts", "web")), "values": values}
			if !got.DeepEquals(want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if told := "stand-in: chart web 1.2.3 in place of " + c.from; len(uses) != 1 || uses[0].String() != told {
				t.Errorf("told %v, want %s", uses, told)
			}
		})
	}
}

func TestChartsThatStayWhatTheyAre(t *testing.T) {
	table, folder := table(t)
	for name, reference := range map[string]resource.PropertyValue{
		"folder":                resource.NewStringProperty(folder),
		"missing folder":        resource.NewStringProperty("./charts/none"),
		"of a mirror":           resource.NewStringProperty("oci://mirror.example.com/charts/other"),
		"that nobody knows":     resource.MakeComputed(resource.NewStringProperty("")),
		"that is not known yet": resource.NewOutputProperty(resource.Output{}),
	} {
		t.Run(name, func(t *testing.T) {
			inputs := resource.PropertyMap{"chart": reference, "version": resource.NewStringProperty("9.9.9")}
			if got, uses, err := placed(t, table, chartType, inputs); err != nil || len(uses) > 0 || !got["chart"].DeepEquals(reference) {
				t.Errorf("got %v, %v, %v", got, uses, err)
			}
		})
	}
}

func TestChartsThatAreRefused(t *testing.T) {
	table, _ := table(t)
	cases := map[string]struct {
		chart, version string
		want           []string
	}{
		"another chart":    {"oci://x/other", "1.0.0", []string{"chart other 1.0.0 of oci://x/other\n", "fix: add a chart of this name and version to simulator/standins/charts"}},
		"another version":  {"oci://x/web", "1.2.4", []string{"chart web 1.2.4", "it has version 1.2.3 of it"}},
		"no version":       {"oci://x/web", "", []string{"chart web (no version given)"}},
		"beside a mirror":  {"oci://mirror.example.com/charts-else/other", "1.0.0", []string{"chart other 1.0.0"}},
		"of a web address": {"https://charts.example.com/other-1.0.0.tgz", "1.0.0", []string{"https://charts.example.com/other-1.0.0.tgz"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			inputs := resource.PropertyMap{"chart": resource.NewStringProperty(c.chart), "version": resource.NewStringProperty(c.version)}
			_, _, err := placed(t, table, chartType, inputs)
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestManifests(t *testing.T) {
	table, _ := table(t)
	local, here := resource.NewStringProperty("/cache/crds.yaml"), resource.NewStringProperty("./here/*.yaml")
	remote := resource.NewStringProperty(address)
	list := func(values ...resource.PropertyValue) resource.PropertyValue {
		return resource.NewArrayProperty(values)
	}
	cases := map[string]struct {
		kind, key   string
		given, want resource.PropertyValue
		uses        int
	}{
		"file":             {"kubernetes:yaml/v2:ConfigFile", "file", remote, local, 1},
		"file on disk":     {"kubernetes:yaml/v2:ConfigFile", "file", here, here, 0},
		"files":            {"kubernetes:yaml/v2:ConfigGroup", "files", list(here, remote), list(here, local), 1},
		"one of files":     {"kubernetes:yaml/v2:ConfigGroup", "files", remote, local, 1},
		"another resource": {"kubernetes:kustomize/v2:Directory", "files", list(remote), list(remote), 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, uses, err := placed(t, table, c.kind, resource.PropertyMap{resource.PropertyKey(c.key): c.given})
			if err != nil || len(uses) != c.uses || !got[resource.PropertyKey(c.key)].DeepEquals(c.want) {
				t.Errorf("got %v, %v, %v", got, uses, err)
			}
		})
	}
	unknown := resource.PropertyMap{"files": list(remote, resource.NewStringProperty("https://example.com/v1.0.1/crds.yaml"))}
	if _, _, err := placed(t, table, "kubernetes:yaml/v2:ConfigGroup", unknown); err == nil || !strings.Contains(err.Error(), "nothing in place of https://example.com/v1.0.1/crds.yaml") {
		t.Errorf("got %v", err)
	}
}

func TestKinds(t *testing.T) {
	table, _ := table(t)
	for kind, want := range map[string]string{"Widget": "widgets", "Gadget": Passive} {
		if got, err := table.Operator(schema.GroupKind{Group: "example.com", Kind: kind}); err != nil || got != want {
			t.Errorf("%s: got %q, %v", kind, got, err)
		}
	}
	_, err := table.Operator(schema.GroupKind{Group: "other.example.com", Kind: "Widget"})
	if err == nil || !strings.Contains(err.Error(), "Widget of other.example.com") || !strings.Contains(err.Error(), "fix: add it to simulator/standins/kinds.json") {
		t.Errorf("got %v", err)
	}
}

func TestTablesThatCannotBeUsed(t *testing.T) {
	cases := map[string]func(path, folder string){
		"no such file":  func(path, _ string) { os.Remove(path) },
		"no JSON":       func(path, _ string) { write(t, path, "{") },
		"no kinds":      func(_, folder string) { os.Remove(filepath.Join(folder, "kinds.json")) },
		"no Chart.yaml": func(_, folder string) { os.Remove(filepath.Join(folder, "charts", "web", "Chart.yaml")) },
		"no version":    func(_, folder string) { write(t, filepath.Join(folder, "charts", "web", "Chart.yaml"), "name: web\n") },
		"twice a chart": func(_, folder string) {
			write(t, filepath.Join(folder, "charts", "web2", "Chart.yaml"), "name: web\nversion: 1.2.3\n")
		},
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			path, folder := described(t)
			spoil(path, folder)
			t.Setenv(Variable, path)
			if made, err := FromEnvironment(); err == nil {
				t.Errorf("got %v", made)
			}
		})
	}
}

func TestARunWithoutATable(t *testing.T) {
	t.Setenv(Variable, "")
	if made, err := FromEnvironment(); made != nil || err != nil {
		t.Errorf("got %v, %v", made, err)
	}
	path, folder := described(t)
	if err := os.RemoveAll(filepath.Join(folder, "charts")); err != nil {
		t.Fatal(err)
	}
	made, err := Load(path)
	if err != nil || len(made.kinds) == 0 || len(made.charts) != 0 {
		t.Errorf("got %v, %v", made, err)
	}
}
