package simulation

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"tars-platform/simulator/host/spec"
)

// choice is one pool in one zone that a node could be added to.
type choice struct {
	pool *spec.Pool
	zone string
	room *room
}

// choose finds the best node to add for a pod, nil when none would help.
func (s *scaler) choose(pod *corev1.Pod, wanted *wanted, plans map[string]*poolPlan) (*choice, error) {
	var choices []*choice
	for _, name := range slices.Sorted(maps.Keys(wanted.pools)) {
		pool := wanted.pools[name]
		if plans[name].standing(wanted.lost) >= pool.Nodes.Max || s.tries[pod.UID] >= mostTries+len(pool.Zones) {
			continue
		}
		for _, zone := range without(pool.Zones, wanted.lost) {
			room, err := s.empty(pool, zone)
			if err != nil {
				return nil, err
			}
			if s.view.fits(pod, room) {
				choices = append(choices, &choice{pool: pool, zone: zone, room: room})
			}
		}
	}
	load, err := s.loads(pod)
	if err != nil {
		return nil, err
	}
	choices = slices.DeleteFunc(choices, func(c *choice) bool { return load.repelled[c.zone] })
	if len(choices) == 0 {
		return nil, nil
	}
	return slices.MinFunc(choices, func(a, b *choice) int {
		return cmp.Or(
			cmp.Compare(wish(pod, b.room.node), wish(pod, a.room.node)),
			len(a.pool.Devices)-len(b.pool.Devices),
			load.spread[a.zone]-load.spread[b.zone],
			cmp.Compare(waste(pod, a.room), waste(pod, b.room)),
			plans[a.pool.Name].Zones[a.zone]-plans[b.pool.Name].Zones[b.zone],
			strings.Compare(a.pool.Name+a.zone, b.pool.Name+b.zone),
		)
	}), nil
}

// zoneLoads say which zones a pod must not share with others of its kind, and how many of those it spreads with each has.
type zoneLoads struct {
	repelled map[string]bool
	spread   map[string]int
}

func (s *scaler) loads(pod *corev1.Pod) (*zoneLoads, error) {
	nodes, err := s.view.allNodes()
	if err != nil {
		return nil, err
	}
	loads := &zoneLoads{repelled: map[string]bool{}, spread: map[string]int{}}
	for _, node := range nodes {
		zone := node.Labels[corev1.LabelTopologyZone]
		for _, other := range s.view.podsOn(node.Name) {
			if repels(pod, other, corev1.LabelTopologyZone) {
				loads.repelled[zone] = true
			}
			if spreadsBy(pod, other) {
				loads.spread[zone]++
			}
		}
	}
	return loads, nil
}

// waste is the share of cores and memory that would be left unused, in per cent.
func waste(pod *corev1.Pod, r *room) int64 {
	requests, left := requestsOf(pod), int64(0)
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		left += 100 - requests[name]*100/max(1, r.free[name])
	}
	return left / 2
}
