package kubernetes

import (
	"fmt"
	"path"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	chartinterface "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/cli"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/registry"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// chartObjects are the objects of helm v4 Chart: its definitions, then its manifests in Helm's order. Hooks are left out, as
// the official plugin leaves them out.
func chartObjects(p *provider, args componentArgs) ([]*unstructured.Unstructured, error) {
	if err := supportedChart(args); err != nil {
		return nil, err
	}
	loaded, err := loadChart(args)
	if err != nil {
		return nil, err
	}
	if loaded.Metadata.Deprecated {
		args.warn(fmt.Sprintf("Using a deprecated Helm chart (%s)", loaded.Name()))
	}
	if args.flag("includeHooks") {
		args.warn("includeHooks is only supported when the provider is configured with renderYamlToDirectory; " +
			"Helm hooks will be ignored.")
	}
	values, err := chartValues(args)
	if err != nil {
		return nil, err
	}
	files, err := p.render(loaded, values, args)
	if err != nil {
		return nil, err
	}
	return manifestObjects(loaded, files, !args.flag("skipCrds"))
}

// supportedChart refuses what cannot be honoured here; ignoring it would give other objects than the official plugin.
func supportedChart(args componentArgs) error {
	for _, key := range []string{"postRenderer", "keyring"} {
		if args.values[key] != nil {
			return fmt.Errorf("the simulator's kubernetes plugin does not support %s of helm v4 Chart (chart %q); "+
				"remove it or use Pulumi's own plugin", key, args.name)
		}
	}
	for _, key := range []string{"verify", "dependencyUpdate"} {
		if args.flag(key) {
			return fmt.Errorf("the simulator's kubernetes plugin does not support %s of helm v4 Chart (chart %q); "+
				"remove it or use Pulumi's own plugin", key, args.name)
		}
	}
	return nil
}

func loadChart(args componentArgs) (*chart.Chart, error) {
	repository, _ := args.values["repositoryOpts"].(map[string]any)
	option := func(key string) string { value, _ := repository[key].(string); return value }
	install := action.NewInstall(action.NewConfiguration())
	install.Version = args.text("version")
	if install.Version == "" && args.flag("devel") {
		install.Version = ">0.0.0-0"
	}
	install.RepoURL, install.Username, install.Password = option("repo"), option("username"), option("password")
	install.CaFile, install.CertFile, install.KeyFile = option("caFile"), option("certFile"), option("keyFile")
	install.PlainHTTP = args.flag("plainHttp")
	client, err := registry.NewClient(registry.ClientOptEnableCache(true))
	if err != nil {
		return nil, fmt.Errorf("missing registry client: %w", err)
	}
	install.SetRegistryClient(client)
	location, err := install.LocateChart(args.text("chart"), cli.New())
	if err != nil {
		return nil, fmt.Errorf("unable to locate the chart: %w", err)
	}
	loaded, err := loader.Load(location)
	if err != nil {
		return nil, fmt.Errorf("unable to load the chart: %w", err)
	}
	return loaded, checkChart(loaded)
}

func checkChart(loaded *chart.Chart) error {
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return fmt.Errorf("%s charts are not installable", kind)
	}
	var required []chartinterface.Dependency
	for _, dependency := range loaded.Metadata.Dependencies {
		required = append(required, dependency)
	}
	if err := action.CheckDependencies(loaded, required); err != nil {
		return fmt.Errorf("An error occurred while checking for chart dependencies. "+ //nolint:staticcheck // official text
			"You may need to run `helm dependency build` to fetch missing dependencies: %w", err)
	}
	return nil
}

// render runs the templates against the capabilities of the real API server, with lookup enabled.
func (p *provider) render(loaded *chart.Chart, values map[string]any, args componentArgs) (map[string]string, error) {
	name := args.text("name")
	if name == "" {
		name = args.name
	}
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	capabilities, err := p.cluster.capabilities()
	if err != nil {
		return nil, err
	}
	if wanted := loaded.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s",
			wanted, capabilities.KubeVersion.Version)
	}
	options := common.ReleaseOptions{Name: name, Namespace: namespaceOrDefault(args.text("namespace")), Revision: 1, IsInstall: true}
	if args.text("namespace") == "" {
		options.Namespace = p.settings.namespace
	}
	rendered, err := util.ToRenderValues(loaded, values, options, capabilities)
	if err != nil {
		return nil, err
	}
	return engine.New(p.cluster.config).Render(loaded, rendered)
}

func (c *cluster) capabilities() (*common.Capabilities, error) {
	versions, err := action.GetVersionSet(c.discovery)
	if err != nil {
		return nil, fmt.Errorf("could not get apiVersions from Kubernetes: %w", err)
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion = common.KubeVersion{Version: c.version.GitVersion, Major: c.version.Major, Minor: c.version.Minor}
	capabilities.APIVersions = append(capabilities.APIVersions, versions...)
	return capabilities, nil
}

func manifestObjects(loaded *chart.Chart, files map[string]string, definitions bool) ([]*unstructured.Unstructured, error) {
	var texts []string
	if definitions {
		for _, definition := range loaded.CRDObjects() {
			texts = append(texts, string(definition.File.Data))
		}
	}
	for name := range files {
		if path.Base(name) == "NOTES.txt" || strings.HasPrefix(path.Base(name), "_") {
			delete(files, name)
		}
	}
	_, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	for _, manifest := range manifests {
		texts = append(texts, manifest.Content)
	}
	var objects []*unstructured.Unstructured
	for _, text := range texts {
		decoded, err := decode(text)
		if err != nil {
			return nil, err
		}
		objects = append(objects, decoded...)
	}
	return objects, nil
}
