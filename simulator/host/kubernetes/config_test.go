package kubernetes

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func providerInputs(server, identifier string) resource.PropertyMap {
	inputs := map[string]any{"kubeconfig": `{"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c"}}],` +
		`"clusters":[{"name":"c","cluster":{"server":"` + server + `"}}]}`}
	if identifier != "" {
		inputs["clusterIdentifier"] = identifier
	}
	return resource.NewPropertyMapFromMap(inputs)
}

func TestDiffConfig(t *testing.T) {
	unknown := providerInputs("https://b", "")
	unknown["kubeconfig"] = resource.MakeComputed(resource.NewStringProperty(""))
	cases := map[string]struct {
		olds, news resource.PropertyMap
		want       []string
	}{
		"same":                            {providerInputs("https://a", ""), providerInputs("https://a", ""), nil},
		"another server":                  {providerInputs("https://a", ""), providerInputs("https://b", ""), []string{"kubeconfig"}},
		"another server, same identifier": {providerInputs("https://a", "i"), providerInputs("https://b", "i"), nil},
		"another identifier":              {providerInputs("https://a", "i"), providerInputs("https://a", "j"), []string{"clusterIdentifier"}},
		"identifier added":                {providerInputs("https://a", ""), providerInputs("https://a", "i"), nil},
		"kubeconfig not known":            {providerInputs("https://a", ""), unknown, []string{"kubeconfig"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			response, err := diffConfig(c.olds, c.news)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(response.GetReplaces(), c.want) {
				t.Errorf("replaces %v, want %v", response.GetReplaces(), c.want)
			}
		})
	}
}

func TestStrictFailures(t *testing.T) {
	urn := resource.NewURN("s", "p", "", "pulumi:providers:kubernetes", "mine")
	if failures := strictFailures(urn, providerInputs("https://a", "")); len(failures) != 1 || failures[0].GetProperty() != "context" {
		t.Errorf("want a failure for context only, got %v", failures)
	}
}

func TestReadSettings(t *testing.T) {
	settings, err := readSettings(map[string]string{configPrefix + "enableSecretMutable": "true"})
	if err != nil {
		t.Fatal(err)
	}
	if !settings.serverSideApply || !settings.secretMutable || settings.configMapMutable || *settings.client.QPS != 50 {
		t.Errorf("unexpected defaults: %+v", settings)
	}
	if _, err := readSettings(map[string]string{configPrefix + "renderYamlToDirectory": "out"}); err == nil {
		t.Error("renderYamlToDirectory was accepted")
	}
}
