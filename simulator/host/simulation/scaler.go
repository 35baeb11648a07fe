package simulation

import (
	"context"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"

	"tars-platform/simulator/host/spec"
)

const (
	// freshFor is how long a new node counts as on its way: the scheduler may take 10 s to look again at a pod that it found no place for
	// (podMaxBackoffSeconds, https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/).
	freshFor = 20 * time.Second
	// mostTries bounds how often a node is added for one pod, beside once a zone: what keeps it waiting then is nothing that a node cures.
	mostTries = 1
	// idleFor is the cluster autoscaler's default scale-down-unneeded-time:
	// https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md
	idleFor = 10 * time.Minute
)

// scaler does what a cluster autoscaler does, in small: it adds nodes of fitting pools for pods that found no place, and takes away what stays empty.
type scaler struct {
	view *view
	// tries counts the nodes added for a pod; idle says since when a node is empty.
	tries map[types.UID]int
	idle  map[string]time.Time
	now   func() time.Time
}

func newScaler(view *view) *scaler {
	return &scaler{view: view, tries: map[types.UID]int{}, idle: map[string]time.Time{}, now: time.Now}
}

// grow adds to the plans what the batch of pods without a place needs. Those that fit on nodes already on their way need nothing.
func (s *scaler) grow(wanted *wanted, plans map[string]*poolPlan) error {
	pods := s.view.waiting()
	s.forget(pods)
	if len(pods) == 0 {
		return nil
	}
	coming, err := s.coming(wanted, plans)
	if err != nil {
		return err
	}
	for _, pod := range pods {
		if at := slices.IndexFunc(coming, func(r *room) bool { return s.view.fits(pod, r) }); at >= 0 {
			coming[at].take(pod)
			continue
		}
		best, err := s.choose(pod, wanted, plans)
		if err != nil || best == nil {
			continue
		}
		klog.InfoS("adding a node for a pod", "pod", klog.KObj(pod), "pool", best.pool.Name, "zone", best.zone)
		plans[best.pool.Name].Zones[best.zone]++
		s.tries[pod.UID]++
		best.room.take(pod)
		coming = append(coming, best.room)
	}
	return nil
}

// forget drops what is known about pods that no longer wait.
func (s *scaler) forget(waiting []*corev1.Pod) {
	maps.DeleteFunc(s.tries, func(uid types.UID, _ int) bool {
		return !slices.ContainsFunc(waiting, func(pod *corev1.Pod) bool { return pod.UID == uid })
	})
}

// coming is the room on nodes that are new or planned and not there.
func (s *scaler) coming(wanted *wanted, plans map[string]*poolPlan) ([]*room, error) {
	byPool, err := s.view.pooledNodes()
	if err != nil {
		return nil, err
	}
	var rooms []*room
	for _, name := range slices.Sorted(maps.Keys(wanted.pools)) {
		pool, present := wanted.pools[name], map[string]int{}
		for _, node := range byPool[name] {
			present[node.Labels[corev1.LabelTopologyZone]]++
			if s.now().Sub(node.CreationTimestamp.Time) > freshFor || node.Spec.Unschedulable {
				continue
			}
			rooms = append(rooms, newRoom(node, s.view.podsOn(node.Name)))
		}
		for _, zone := range without(pool.Zones, wanted.lost) {
			for range plans[name].Zones[zone] - present[zone] {
				room, err := s.empty(pool, zone)
				if err != nil {
					return nil, err
				}
				rooms = append(rooms, room)
			}
		}
	}
	return rooms, nil
}

// empty is a new node of a pool, with only what runs on every such node.
func (s *scaler) empty(pool *spec.Pool, zone string) (*room, error) {
	node, err := pooledNode(pool, pool.Machine(0, zone), "")
	if err != nil {
		return nil, err
	}
	daemons, err := s.view.daemons.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	var pods []*corev1.Pod
	for _, daemon := range daemons {
		pod := &corev1.Pod{ObjectMeta: *daemon.Spec.Template.ObjectMeta.DeepCopy(), Spec: daemon.Spec.Template.Spec}
		pod.Namespace = daemon.Namespace
		if chosen(pod, node) {
			pods = append(pods, pod)
		}
	}
	return newRoom(node, pods), nil
}

// shrink removes nodes above a pool's minimum that stayed empty.
func (s *scaler) shrink(ctx context.Context, f *fleet, wanted *wanted) error {
	byPool, err := s.view.pooledNodes()
	if err != nil {
		return err
	}
	for name, pool := range wanted.pools {
		for _, node := range byPool[name] {
			if slices.ContainsFunc(s.view.podsOn(node.Name), keepsBusy) || f.plans[name].total() <= pool.Nodes.Min {
				delete(s.idle, node.Name)
				continue
			}
			since, known := s.idle[node.Name]
			if !known {
				s.idle[node.Name] = s.now()
			} else if s.now().Sub(since) > idleFor {
				klog.InfoS("removing an empty node", "node", node.Name)
				f.plans[name].Zones[node.Labels[corev1.LabelTopologyZone]]--
				delete(s.idle, node.Name)
				if err := f.terminate(ctx, node.Name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
