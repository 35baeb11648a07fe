package spec

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	kjson "sigs.k8s.io/json"
)

// Amounts of what every machine has, as Kubernetes quantities.
type Amounts struct {
	CPU     string `json:"cpu"`
	Memory  string `json:"memory"`
	Storage string `json:"storage"`
}

// PoolCapacity is what one machine of a pool has.
type PoolCapacity struct {
	Amounts
	Pods int64 `json:"pods"`
}

// PoolSize says how many nodes a pool has: Desired to begin with, and as many from Min to Max as its pods need afterwards.
type PoolSize struct {
	Min     int `json:"min"`
	Max     int `json:"max"`
	Desired int `json:"desired"`
}

// Pool is a set of equal machines that a cloud adds and removes as pods need them.
type Pool struct {
	Name        string       `json:"name"`
	MachineType string       `json:"machineType"`
	Region      string       `json:"region"`
	Zones       []string     `json:"zones"`
	Capacity    PoolCapacity `json:"capacity"`
	// Devices are extended resources such as nvidia.com/gpu.
	Devices map[string]int64 `json:"devices"`
	// Allocatable is what pods may use; nil means that it is computed from the capacity.
	Allocatable *Amounts          `json:"allocatable,omitempty"`
	Nodes       PoolSize          `json:"nodes"`
	Labels      map[string]string `json:"labels"`
	Taints      []corev1.Taint    `json:"taints"`
}

// ParsePool reads one pool. All problems come at once as *Problems.
func ParsePool(file string, content []byte) (*Pool, error) {
	pool := &Pool{}
	strict, err := kjson.UnmarshalStrict(content, pool)
	if err != nil {
		return nil, fmt.Errorf("pool %s is not JSON of the expected shape: %w", file, err)
	}
	problems := &Problems{File: file}
	for _, unknown := range strict {
		problems.List = append(problems.List, Problem{"key", unknown.Error(), "remove it or correct its name"})
	}
	problems.List = append(problems.List, pool.Check()...)
	if len(problems.List) > 0 {
		return nil, problems
	}
	return pool, nil
}

// Check lists everything wrong with a pool.
func (p *Pool) Check() []Problem {
	c := &checker{}
	if len(p.Zones) == 0 {
		c.add("zones", "none", "name at least one zone")
	}
	size := p.Nodes
	if size.Min < 0 || size.Desired < size.Min || size.Max < size.Desired {
		c.add("nodes", fmt.Sprintf("min %d, desired %d, max %d", size.Min, size.Desired, size.Max), "must be 0 <= min <= desired <= max")
	}
	seen := map[string]bool{}
	for i, zone := range p.Zones {
		c.unique(seen, fmt.Sprintf("zones[%d]", i), zone)
		c.node("nodes in "+zone, p.Machine(1, zone))
	}
	return c.problems
}

// Machine is the pool's machine with a number, in a zone.
func (p *Pool) Machine(number int, zone string) *Node {
	return &Node{
		Name: fmt.Sprintf("%s-%d", p.Name, number), Region: p.Region, Zone: zone, InstanceType: p.MachineType, Architecture: defaultArchitecture,
		CPU: p.Capacity.CPU, Memory: p.Capacity.Memory, Storage: p.Capacity.Storage, Pods: p.Capacity.Pods,
		Devices: p.Devices, Allocatable: p.Allocatable, Labels: p.Labels, Taints: p.Taints,
	}
}
