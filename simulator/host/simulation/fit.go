package simulation

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	helpers "k8s.io/component-helpers/resource"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	volumes "k8s.io/component-helpers/storage/volume"
	"k8s.io/klog/v2"
)

// room is a node, there or to come, with what is left on it: thousandths by resource.
type room struct {
	node *corev1.Node
	free map[corev1.ResourceName]int64
	pods []*corev1.Pod
}

func newRoom(node *corev1.Node, pods []*corev1.Pod) *room {
	made := &room{node: node, free: map[corev1.ResourceName]int64{}}
	for name, quantity := range node.Status.Allocatable {
		made.free[name] = quantity.MilliValue()
	}
	for _, pod := range pods {
		if pod.Status.Phase != corev1.PodSucceeded && pod.Status.Phase != corev1.PodFailed {
			made.take(pod)
		}
	}
	return made
}

func (r *room) take(pod *corev1.Pod) {
	for name, amount := range requestsOf(pod) {
		r.free[name] -= amount
	}
	r.pods = append(r.pods, pod)
}

func requestsOf(pod *corev1.Pod) map[corev1.ResourceName]int64 {
	requests := map[corev1.ResourceName]int64{corev1.ResourcePods: 1000}
	for name, quantity := range helpers.PodRequests(pod, helpers.PodResourcesOptions{}) {
		requests[name] = quantity.MilliValue()
	}
	return requests
}

// fits tells whether the scheduler could put a pod there, as far as the node itself decides it.
func (v *view) fits(pod *corev1.Pod, r *room) bool {
	for name, amount := range requestsOf(pod) {
		if amount > r.free[name] && amount > 0 {
			return false
		}
	}
	return chosen(pod, r.node) && v.reachesDisks(pod, r.node) && !slices.ContainsFunc(r.pods, func(other *corev1.Pod) bool {
		return repels(pod, other, corev1.LabelHostname)
	})
}

// chosen tells whether a pod's node selector, affinity and tolerations allow a node. How a node is for the moment does not count.
func chosen(pod *corev1.Pod, node *corev1.Node) bool {
	matches, err := nodeaffinity.GetRequiredNodeAffinity(pod).Match(node)
	if err != nil || !matches {
		return false // a term that cannot be read matches nothing
	}
	_, repelled := scheduling.FindMatchingUntoleratedTaint(klog.Background(), node.Spec.Taints, pod.Spec.Tolerations, lasting, true)
	return !repelled
}

func lasting(taint *corev1.Taint) bool {
	passing := taint.Key == corev1.TaintNodeNotReady || taint.Key == corev1.TaintNodeUnreachable
	return !passing && taint.Effect != corev1.TaintEffectPreferNoSchedule
}

// reachesDisks tells whether the disks that a pod already has are where the node is. A disk to come is made where the pod lands, within what its
// class allows.
func (v *view) reachesDisks(pod *corev1.Pod, node *corev1.Node) bool {
	for _, volume := range pod.Spec.Volumes {
		name := claimName(pod, volume)
		if name == "" {
			continue
		}
		claim, err := v.claims.PersistentVolumeClaims(pod.Namespace).Get(name)
		if err != nil || claim.Spec.VolumeName == "" && !v.mayMakeDisk(claim, node) {
			return false
		}
		if claim.Spec.VolumeName == "" {
			continue
		}
		disk, err := v.volumes.Get(claim.Spec.VolumeName)
		if err != nil || volumes.CheckNodeAffinity(disk, node.Labels) != nil {
			return false
		}
	}
	return true
}

func claimName(pod *corev1.Pod, volume corev1.Volume) string {
	switch {
	case volume.PersistentVolumeClaim != nil:
		return volume.PersistentVolumeClaim.ClaimName
	case volume.Ephemeral != nil:
		return pod.Name + "-" + volume.Name
	}
	return ""
}

func (v *view) mayMakeDisk(claim *corev1.PersistentVolumeClaim, node *corev1.Node) bool {
	if claim.Spec.StorageClassName == nil {
		return false
	}
	class, err := v.classes.Get(*claim.Spec.StorageClassName)
	return err == nil && allowedBy(class.AllowedTopologies, node.Labels)
}

func allowedBy(terms []corev1.TopologySelectorTerm, node map[string]string) bool {
	return len(terms) == 0 || slices.ContainsFunc(terms, func(term corev1.TopologySelectorTerm) bool {
		return !slices.ContainsFunc(term.MatchLabelExpressions, func(wanted corev1.TopologySelectorLabelRequirement) bool {
			return !slices.Contains(wanted.Values, node[wanted.Key])
		})
	})
}

// repels tells whether a pod refuses to share a domain (a host, a zone) with another.
func repels(pod, other *corev1.Pod, domain string) bool {
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.PodAntiAffinity == nil {
		return false
	}
	terms := pod.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	return slices.ContainsFunc(terms, func(term corev1.PodAffinityTerm) bool {
		return term.TopologyKey == domain && matches(term.LabelSelector, other) && inScope(term, pod, other)
	})
}

func inScope(term corev1.PodAffinityTerm, pod, other *corev1.Pod) bool {
	return pod.Namespace == other.Namespace || slices.Contains(term.Namespaces, other.Namespace)
}

func matches(selector *metav1.LabelSelector, other *corev1.Pod) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(other.Labels))
}

// spreadsBy tells whether a pod must spread evenly over zones together with another.
func spreadsBy(pod, other *corev1.Pod) bool {
	return pod.Namespace == other.Namespace && slices.ContainsFunc(pod.Spec.TopologySpreadConstraints, func(constraint corev1.TopologySpreadConstraint) bool {
		return constraint.TopologyKey == corev1.LabelTopologyZone && constraint.WhenUnsatisfiable == corev1.DoNotSchedule &&
			matches(constraint.LabelSelector, other)
	})
}

// wish is how much a pod would like a node.
func wish(pod *corev1.Pod, node *corev1.Node) int64 {
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.NodeAffinity == nil {
		return 0
	}
	terms, err := nodeaffinity.NewPreferredSchedulingTerms(pod.Spec.Affinity.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution)
	if err != nil {
		return 0
	}
	return terms.Score(node)
}
