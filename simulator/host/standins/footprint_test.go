package standins_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"
)

// folder has the stand-in charts, and for some of them what the true chart makes of the platform's values.
const folder = "../../standins"

// expected is one file of the folder `expected`: what was read from renderings of the true chart, which the file names.
type expected struct {
	Source string `json:"source"`
	Cases  []struct {
		Name      string         `json:"name"`
		Release   string         `json:"release"`
		Namespace string         `json:"namespace"`
		Values    map[string]any `json:"values"`
		Objects   []footprint    `json:"objects"`
	} `json:"cases"`
}

// footprint is what of an object the simulator shows something by: room, rights on the node, names, how many.
type footprint struct {
	Kind            string             `json:"kind"`
	Name            string             `json:"name"`
	Namespace       string             `json:"namespace,omitempty"`
	Replicas        any                `json:"replicas,omitempty"`
	MinAvailable    any                `json:"minAvailable,omitempty"`
	Ports           any                `json:"ports,omitempty"`
	ServiceAccount  string             `json:"serviceAccount,omitempty"`
	Priority        string             `json:"priority,omitempty"`
	SecurityContext map[string]any     `json:"securityContext,omitempty"`
	NodeSelector    map[string]string  `json:"nodeSelector,omitempty"`
	Tolerations     []map[string]any   `json:"tolerations,omitempty"`
	Containers      []containerSummary `json:"containers,omitempty"`
	HostPaths       []string           `json:"hostPaths,omitempty"`
}

type containerSummary struct {
	Name            string                    `json:"name"`
	Image           string                    `json:"image"`
	Ports           []int                     `json:"ports"`
	Resources       map[string]map[string]any `json:"resources"`
	SecurityContext map[string]any            `json:"securityContext"`
}

func TestStandInChartsHaveTheFootprintOfTheTrueOnes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "expected", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		var table expected
		content, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(content, &table)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, each := range table.Cases {
			t.Run(name+", "+each.Name, func(t *testing.T) {
				objects := render(t, filepath.Join(folder, "charts", name), each.Release, each.Namespace, each.Values)
				got, want := summary(t, objects), each.Objects
				if len(got) != len(want) {
					t.Fatalf("%d objects where the true chart has %d", len(got), len(want))
				}
				for i := range want {
					if a, b := text(t, got[i]), text(t, want[i]); a != b {
						t.Errorf("stands in with\n%s\nfor\n%s", a, b)
					}
				}
			})
		}
	}
}

func render(t *testing.T, chart, release, namespace string, values map[string]any) []map[string]any {
	t.Helper()
	loaded, err := loader.Load(chart)
	if err != nil {
		t.Fatal(err)
	}
	options := common.ReleaseOptions{Name: release, Namespace: namespace, Revision: 1, IsInstall: true}
	rendered, err := util.ToRenderValues(loaded, values, options, common.DefaultCapabilities.Copy())
	if err != nil {
		t.Fatal(err)
	}
	files, err := engine.Engine{Strict: true}.Render(loaded, rendered)
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if strings.HasPrefix(filepath.Base(name), "_") {
			delete(files, name)
		}
	}
	_, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	for _, manifest := range manifests {
		var object map[string]any
		if err := yaml.UnmarshalStrict([]byte(manifest.Content), &object); err != nil {
			t.Fatalf("%s: %v", manifest.Name, err)
		}
		objects = append(objects, object)
	}
	return objects
}

// object is what the summary reads of any kind.
type object struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		Replicas     any `json:"replicas"`
		MinReplicas  any `json:"minReplicas"`
		MaxReplicas  any `json:"maxReplicas"`
		MinAvailable any `json:"minAvailable"`
		Ports        []struct {
			Port       int `json:"port"`
			TargetPort any `json:"targetPort"`
		} `json:"ports"`
		Template struct {
			Spec pod `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
}

type pod struct {
	ServiceAccountName string            `json:"serviceAccountName"`
	PriorityClassName  string            `json:"priorityClassName"`
	SecurityContext    map[string]any    `json:"securityContext"`
	NodeSelector       map[string]string `json:"nodeSelector"`
	Tolerations        []map[string]any  `json:"tolerations"`
	Containers         []struct {
		Name  string `json:"name"`
		Image string `json:"image"`
		Ports []struct {
			ContainerPort int `json:"containerPort"`
		} `json:"ports"`
		Resources       map[string]map[string]any `json:"resources"`
		SecurityContext map[string]any            `json:"securityContext"`
	} `json:"containers"`
	Volumes []struct {
		HostPath struct {
			Path string `json:"path"`
		} `json:"hostPath"`
	} `json:"volumes"`
}

func summary(t *testing.T, rendered []map[string]any) []footprint {
	t.Helper()
	var all []footprint
	for _, each := range rendered {
		content, err := json.Marshal(each)
		var read object
		if err == nil {
			err = json.Unmarshal(content, &read)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, footprintOf(read))
	}
	slices.SortFunc(all, func(a, b footprint) int {
		return strings.Compare(a.Kind+"\x00"+a.Name, b.Kind+"\x00"+b.Name)
	})
	return all
}

func footprintOf(read object) footprint {
	found := footprint{Kind: read.Kind, Name: read.Metadata.Name, Namespace: read.Metadata.Namespace}
	switch read.Kind {
	case "HorizontalPodAutoscaler":
		found.Replicas = map[string]any{"min": read.Spec.MinReplicas, "max": read.Spec.MaxReplicas}
	case "PodDisruptionBudget":
		found.MinAvailable = read.Spec.MinAvailable
	case "Service":
		var ports [][]any
		for _, each := range read.Spec.Ports {
			target := each.TargetPort
			if target == nil {
				target = each.Port
			}
			ports = append(ports, []any{each.Port, target})
		}
		found.Ports = ports
	case "Deployment", "DaemonSet", "StatefulSet":
		found.Replicas = read.Spec.Replicas
		describe(&found, read.Spec.Template.Spec)
	}
	return found
}

func describe(found *footprint, spec pod) {
	found.ServiceAccount, found.Priority = spec.ServiceAccountName, spec.PriorityClassName
	found.SecurityContext, found.NodeSelector, found.Tolerations = spec.SecurityContext, spec.NodeSelector, spec.Tolerations
	for _, each := range spec.Containers {
		container := containerSummary{Name: each.Name, Image: each.Image, SecurityContext: each.SecurityContext}
		container.Resources = each.Resources
		for _, port := range each.Ports {
			container.Ports = append(container.Ports, port.ContainerPort)
		}
		slices.Sort(container.Ports)
		found.Containers = append(found.Containers, container)
	}
	for _, volume := range spec.Volumes {
		if volume.HostPath.Path != "" {
			found.HostPaths = append(found.HostPaths, volume.HostPath.Path)
		}
	}
	slices.Sort(found.HostPaths)
}

// text has numbers and texts of one value alike: a chart writes a limit of "2" as 2, and the API server takes both for the same.
func text(t *testing.T, value footprint) string {
	t.Helper()
	for _, container := range value.Containers {
		for _, amounts := range container.Resources {
			for name, amount := range amounts {
				if number, isNumber := amount.(float64); isNumber {
					amounts[name] = strconv.FormatFloat(number, 'f', -1, 64)
				}
			}
		}
	}
	return jsonText(t, value)
}

func jsonText(t *testing.T, value any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}
