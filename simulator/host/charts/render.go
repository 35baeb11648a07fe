package charts

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/cli"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/registry"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"
)

// locate brings the chart to this machine.
func locate(asked question) (string, error) {
	install := action.NewInstall(action.NewConfiguration())
	install.Version, install.RepoURL = asked.Version, asked.Repo
	client, err := registry.NewClient(registry.ClientOptEnableCache(true))
	if err != nil {
		return "", err
	}
	install.SetRegistryClient(client)
	return install.LocateChart(asked.Chart, cli.New())
}

// examine renders the chart at a place and says what it found; what Helm refuses is the only problem then.
func examine(place string, asked question) answer {
	found := answer{Problems: []string{}, Objects: []map[string]any{}, Hooks: []hook{}}
	loaded, err := loader.Load(place)
	if err != nil {
		found.Problems = append(found.Problems, err.Error())
		return found
	}
	if problem := mistaken(loaded, asked.Wanted); problem != "" {
		found.Problems = append(found.Problems, problem)
	}
	files, err := render(place, asked)
	if err != nil {
		found.Problems = append(found.Problems, err.Error())
		return found
	}
	problems, err := judgeValues(place, asked, files)
	if err != nil {
		found.Problems = append(found.Problems, err.Error())
		return found
	}
	found.Problems = append(found.Problems, problems...)
	if found.Objects, found.Hooks, err = objectsOf(files, asked.Namespace); err != nil {
		found.Problems = append(found.Problems, err.Error())
		return found
	}
	if found.PodSecurity, err = podSecurity(found.Objects); err != nil {
		found.Problems = append(found.Problems, err.Error())
	}
	return found
}

// mistaken says where a chart is not the one that is pinned. Some makers write a "v" before the version in one place and not in the other.
func mistaken(loaded *chart.Chart, wanted identity) string {
	version := strings.TrimPrefix(loaded.Metadata.Version, "v")
	if loaded.Name() == wanted.Name && version == strings.TrimPrefix(wanted.Version, "v") {
		return ""
	}
	return fmt.Sprintf("it is %s %s, and %s %s is pinned", loaded.Name(), loaded.Metadata.Version, wanted.Name, wanted.Version)
}

// render gives the text of each template. The chart is loaded anew each time, because its conditions take parts of it away.
func render(place string, asked question) (map[string]string, error) {
	loaded, err := loader.Load(place)
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependencies(loaded, asked.Values); err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: asked.Release, Namespace: asked.Namespace, Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(loaded, copyOf(asked.Values), options, common.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(loaded, values)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(files, func(name, _ string) bool {
		return path.Base(name) == "NOTES.txt" || strings.HasPrefix(path.Base(name), "_")
	})
	return files, nil
}

// objectsOf splits what a chart renders into the objects that an update makes and the hooks that it leaves out.
func objectsOf(files map[string]string, namespace string) ([]map[string]any, []hook, error) {
	leftOut, manifests, err := releaseutil.SortManifests(maps.Clone(files), nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, nil, err
	}
	hooks := []hook{}
	for _, each := range leftOut {
		events := make([]string, 0, len(each.Events))
		for _, event := range each.Events {
			events = append(events, string(event))
		}
		hooks = append(hooks, hook{Kind: each.Kind, Name: each.Name, Events: events})
	}
	objects := []map[string]any{}
	for _, manifest := range manifests {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(manifest.Content), &object); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", manifest.Name, err)
		}
		objects = append(objects, itemsOf(object)...)
	}
	for _, object := range objects {
		settle(object, namespace)
	}
	return objects, hooks, nil
}

// itemsOf is what a List holds, or the object itself.
func itemsOf(object map[string]any) []map[string]any {
	if len(object) == 0 {
		return nil
	}
	items, isList := object["items"].([]any)
	if kind, _ := object["kind"].(string); !isList || kind != "List" {
		return []map[string]any{object}
	}
	var all []map[string]any
	for _, item := range items {
		if inner, isObject := item.(map[string]any); isObject {
			all = append(all, itemsOf(inner)...)
		}
	}
	return all
}

// ofTheCluster are the kinds of Kubernetes itself that no namespace holds.
var ofTheCluster = []string{
	"APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CSINode", "CustomResourceDefinition",
	"DeviceClass", "FlowSchema", "IngressClass", "IPAddress", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
	"MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass",
	"ServiceCIDR", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
	"VolumeAttachment", "VolumeAttributesClass",
}

// settle gives an object of Kubernetes itself the namespace of its release where it names none. Of other kinds only a cluster knows.
func settle(object map[string]any, namespace string) {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	group, _, grouped := strings.Cut(apiVersion, "/")
	isOwn := !grouped || !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
	metadata, isObject := object["metadata"].(map[string]any)
	if !isOwn || !isObject || slices.Contains(ofTheCluster, kind) || metadata["namespace"] != nil {
		return
	}
	metadata["namespace"] = namespace
}
