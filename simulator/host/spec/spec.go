// Package spec reads the description of a simulated cluster: its machines, disks, entrances and networks.
package spec

import (
	"fmt"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	kjson "sigs.k8s.io/json"
)

// Spec describes a cluster. Networks and start-up delays may be left out; see Defaults.
type Spec struct {
	// Nodes that are there from the beginning; those of pools come and go (see Pool).
	Nodes          []Node         `json:"nodes"`
	StorageClasses []StorageClass `json:"storageClasses"`
	// IngressClasses are names; each class gets one address that all its ingresses share, as behind one ingress controller.
	IngressClasses []string   `json:"ingressClasses"`
	PodStartup     PodStartup `json:"podStartup"`
	// ServiceCIDR holds the addresses of services, PodCIDR those of pods; each node gets a /24 of the latter.
	ServiceCIDR string `json:"serviceCidr"`
	PodCIDR     string `json:"podCidr"`
}

// Node is one machine. CPU, memory and storage are the machine's whole capacity as Kubernetes quantities; what pods may use is less (see
// simulation.Allocatable).
type Node struct {
	Name         string            `json:"name"`
	Region       string            `json:"region"`
	Zone         string            `json:"zone"`
	InstanceType string            `json:"instanceType,omitempty"`
	Architecture string            `json:"architecture,omitempty"` // default amd64
	CPU          string            `json:"cpu"`
	Memory       string            `json:"memory"`
	Storage      string            `json:"storage"`
	Pods         int64             `json:"pods,omitempty"` // default 110, the kubelet's own
	Devices      map[string]int64  `json:"devices,omitempty"`
	Allocatable  *Amounts          `json:"allocatable,omitempty"` // default: computed from the capacity
	Labels       map[string]string `json:"labels,omitempty"`
	Taints       []corev1.Taint    `json:"taints,omitempty"`
}

// StorageClass is a kind of simulated disk. ReclaimPolicy is Delete (default) or Retain.
type StorageClass struct {
	Name          string `json:"name"`
	Default       bool   `json:"default,omitempty"`
	ReclaimPolicy string `json:"reclaimPolicy,omitempty"`
}

// PodStartup is the range, in milliseconds, in which the time from scheduled to ready of a pod without init containers falls.
type PodStartup struct {
	MinMs int64 `json:"minMs"`
	MaxMs int64 `json:"maxMs"`
}

// Problem is one thing wrong with a spec: where, what is there, and what to write instead.
type Problem struct{ Place, Value, Fix string }

// Problems is every problem of one spec, as an error.
type Problems struct {
	File string
	List []Problem
}

func (p *Problems) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "the cluster spec %s has %d problem(s):", p.File, len(p.List))
	for _, problem := range p.List {
		fmt.Fprintf(&text, "\n  %s: %s: %s", problem.Place, problem.Value, problem.Fix)
	}
	return text.String()
}

// Read reads, completes and checks the spec in a file. All problems come at once as *Problems.
func Read(file string) (*Spec, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cluster spec: %w; give the path of a JSON file with --spec", err)
	}
	spec := &Spec{}
	strict, err := kjson.UnmarshalStrict(data, spec)
	if err != nil {
		return nil, fmt.Errorf("cluster spec %s is not JSON of the expected shape: %w", file, err)
	}
	problems := &Problems{File: file}
	for _, unknown := range strict {
		problems.List = append(problems.List, Problem{"key", unknown.Error(), "remove it or correct its name"})
	}
	spec.complete()
	problems.List = append(problems.List, spec.Check()...)
	if len(problems.List) > 0 {
		return nil, problems
	}
	return spec, nil
}

// Defaults of what a spec may leave out. The networks are those of the platform's requirements; the delay is what an image already on the node
// takes to start and pass its first readiness probe.
const (
	defaultServiceCIDR  = "10.4.0.0/14"
	defaultPodCIDR      = "10.0.0.0/14"
	defaultArchitecture = "amd64"
	defaultPods         = 110 // https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ maxPods
	defaultMinMs        = 800
	defaultMaxMs        = 3000
)

func (s *Spec) complete() {
	setDefault(&s.ServiceCIDR, defaultServiceCIDR)
	setDefault(&s.PodCIDR, defaultPodCIDR)
	if s.PodStartup == (PodStartup{}) {
		s.PodStartup = PodStartup{MinMs: defaultMinMs, MaxMs: defaultMaxMs}
	}
	for i := range s.Nodes {
		setDefault(&s.Nodes[i].Architecture, defaultArchitecture)
		if s.Nodes[i].Pods == 0 {
			s.Nodes[i].Pods = defaultPods
		}
	}
	for i := range s.StorageClasses {
		setDefault(&s.StorageClasses[i].ReclaimPolicy, string(corev1.PersistentVolumeReclaimDelete))
	}
}

func setDefault(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
