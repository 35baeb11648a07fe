package simulation

import (
	"maps"
	"testing"

	"tars-platform/simulator/host/spec"
)

func sized(minimum, desired, maximum int, zones ...string) *spec.Pool {
	return &spec.Pool{Name: "general", MachineType: "m", Region: "r", Zones: zones, Nodes: spec.PoolSize{Min: minimum, Desired: desired, Max: maximum},
		Capacity: spec.PoolCapacity{Amounts: spec.Amounts{CPU: "4", Memory: "16Gi", Storage: "100Gi"}, Pods: 58}, Labels: map[string]string{"node-type": "general"}}
}

func TestPlanFollowsWhatIsWanted(t *testing.T) {
	all, lostA := map[string]bool{}, map[string]bool{"a": true}
	var plan *poolPlan
	for _, step := range []struct {
		does string
		pool *spec.Pool
		lost map[string]bool
		adds map[string]int // by the scaler, before
		want map[string]int
	}{
		{"a new pool is spread evenly", sized(1, 5, 9, "a", "b", "c"), all, nil, map[string]int{"a": 2, "b": 2, "c": 1}},
		{"what the scaler added stays", sized(1, 5, 9, "a", "b", "c"), all, map[string]int{"c": 2}, map[string]int{"a": 2, "b": 2, "c": 3}},
		{"a changed size counts", sized(1, 4, 9, "a", "b", "c"), all, nil, map[string]int{"a": 2, "b": 1, "c": 1}},
		{"the minimum holds", sized(6, 6, 9, "a", "b", "c"), all, nil, map[string]int{"a": 2, "b": 2, "c": 2}},
		{"a lost zone's nodes are kept in mind, others may take their place", sized(6, 6, 6, "a", "b", "c"), lostA, map[string]int{"b": 1, "c": 1},
			map[string]int{"a": 2, "b": 3, "c": 3}},
		{"when it is back the maximum holds", sized(6, 6, 6, "a", "b", "c"), all, nil, map[string]int{"a": 2, "b": 2, "c": 2}},
		{"nodes of a zone that is given up move", sized(6, 6, 6, "a", "b"), all, nil, map[string]int{"a": 3, "b": 3}},
		{"a pool may be empty", sized(0, 0, 6, "a", "b"), all, nil, map[string]int{"a": 0, "b": 0}},
	} {
		for zone, count := range step.adds {
			plan.Zones[zone] += count
		}
		plan = plan.follow(step.pool, step.lost)
		if !maps.Equal(plan.Zones, step.want) {
			t.Fatalf("%s: got %v, want %v", step.does, plan.Zones, step.want)
		}
	}
}
