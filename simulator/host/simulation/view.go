package simulation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	appslisters "k8s.io/client-go/listers/apps/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	storagelisters "k8s.io/client-go/listers/storage/v1"
)

// view is what the fleet and its scaler see of the cluster.
type view struct {
	nodes   corelisters.NodeLister
	pods    corelisters.PodLister
	claims  corelisters.PersistentVolumeClaimLister
	volumes corelisters.PersistentVolumeLister
	classes storagelisters.StorageClassLister
	daemons appslisters.DaemonSetLister
	byNode  map[string][]*corev1.Pod // as of the last look
	// expected are nodes just made, which a watch has yet to show.
	expected map[string]expectedNode
}

type expectedNode struct {
	node  *corev1.Node
	since time.Time
}

// expectFor is when a node that was made and never seen counts as gone again.
const expectFor = 5 * time.Second

func newView(factory informers.SharedInformerFactory) *view {
	core := factory.Core().V1()
	return &view{
		nodes: core.Nodes().Lister(), pods: core.Pods().Lister(), claims: core.PersistentVolumeClaims().Lister(),
		volumes: core.PersistentVolumes().Lister(), classes: factory.Storage().V1().StorageClasses().Lister(),
		daemons: factory.Apps().V1().DaemonSets().Lister(), expected: map[string]expectedNode{},
	}
}

func (v *view) expect(node *corev1.Node) {
	node.CreationTimestamp.Time = time.Now()
	v.expected[node.Name] = expectedNode{node: node, since: time.Now()}
}

// allNodes are those that are there, and those that were just made, by name.
func (v *view) allNodes() ([]*corev1.Node, error) {
	found, err := v.nodes.List(labels.Everything())
	if err != nil {
		return nil, fmt.Errorf("listing nodes: %w", err)
	}
	nodes := slices.Clone(found)
	for _, node := range nodes {
		delete(v.expected, node.Name)
	}
	for name, expected := range v.expected {
		if time.Since(expected.since) > expectFor {
			delete(v.expected, name)
			continue
		}
		nodes = append(nodes, expected.node)
	}
	slices.SortFunc(nodes, func(a, b *corev1.Node) int { return strings.Compare(a.Name, b.Name) })
	return nodes, nil
}

// pooledNodes are the nodes of pools, by pool.
func (v *view) pooledNodes() (map[string][]*corev1.Node, error) {
	nodes, err := v.allNodes()
	if err != nil {
		return nil, err
	}
	byPool := map[string][]*corev1.Node{}
	for _, node := range nodes {
		if pool, pooled := node.Labels[poolLabel]; pooled {
			byPool[pool] = append(byPool[pool], node)
		}
	}
	return byPool, nil
}

// place finds the lowest number that no node of a pool has, and an address that no node has.
func (v *view) place(pool string) (number int, address string, err error) {
	nodes, err := v.allNodes()
	if err != nil {
		return 0, "", err
	}
	names, addresses := map[string]bool{}, map[string]bool{}
	for _, node := range nodes {
		names[node.Name] = true
		for _, each := range node.Status.Addresses {
			addresses[each.Address] = true
		}
	}
	number = 1
	for names[fmt.Sprintf("%s-%d", pool, number)] {
		number++
	}
	index := 0
	for addresses[machineAddress(index)] {
		index++
	}
	return number, machineAddress(index), nil
}

// look takes the pods in as they are now.
func (v *view) look() error {
	pods, err := v.pods.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing pods: %w", err)
	}
	v.byNode = map[string][]*corev1.Pod{}
	for _, pod := range pods {
		v.byNode[pod.Spec.NodeName] = append(v.byNode[pod.Spec.NodeName], pod)
	}
	return nil
}

func (v *view) podsOn(node string) []*corev1.Pod { return v.byNode[node] }

// waiting are the pods for which the scheduler found no place, the oldest first.
func (v *view) waiting() []*corev1.Pod {
	pods := slices.DeleteFunc(slices.Clone(v.byNode[""]), func(pod *corev1.Pod) bool { return !unschedulable(pod) })
	slices.SortFunc(pods, func(a, b *corev1.Pod) int {
		return cmp.Or(a.CreationTimestamp.Compare(b.CreationTimestamp.Time), strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name))
	})
	return pods
}

func unschedulable(pod *corev1.Pod) bool {
	if pod.Spec.NodeName != "" || pod.DeletionTimestamp != nil || pod.Status.NominatedNodeName != "" {
		return false
	}
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse && condition.Reason == corev1.PodReasonUnschedulable
	})
}
