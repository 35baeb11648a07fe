package operators

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// annotatePods tells each pod in which zone its node is (annotatePodsWithNodeLabels): the true one's does not start before.
func (e *elasticsearch) annotatePods(ctx context.Context) (bool, error) {
	key := e.zoneKey()
	if key == "" {
		return false, nil
	}
	for _, pod := range e.there {
		node := e.w.get(nodes, "", pod.Spec.NodeName)
		if _, isSaid := pod.Annotations[key]; isSaid || node == nil {
			continue
		}
		zone, isThere := node.GetLabels()[key]
		if !isThere {
			return false, fmt.Errorf("following annotations are expected to be set on Pod %s/%s but do not exist as node labels: %s", pod.Namespace, pod.Name, key)
		}
		if err := e.w.relabel(ctx, pods, &pod.ObjectMeta, nil, map[string]string{key: zone}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// makeSets makes the StatefulSets (HandleUpscaleAndSpecChanges), and fewer nodes of those that are to have fewer (HandleDownscale): of nodes that vote one at
// a time, since the others have to know that one does no longer. Data is elsewhere at once.
func (e *elasticsearch) makeSets(ctx context.Context) (bool, error) {
	waits := false
	for _, set := range e.spec.NodeSets {
		config, err := e.configOf(set)
		if err != nil {
			return false, err
		}
		made := e.setOf(set, config)
		there := e.w.get(statefulSets, e.namespace(), made.Name)
		if there != nil {
			if err := keepTemplates(there, made); err != nil {
				return false, err
			}
			has, _, _ := unstructured.NestedInt64(there.Object, "spec", "replicas")
			if least := int32(has) - 1; set.has("master") && set.Count < least {
				made.Spec.Replicas, waits = &least, true
			}
		}
		if err := e.own(ctx, statefulSets, "StatefulSet", made); err != nil {
			return false, err
		}
		if err := e.dropClaims(ctx, made.Name, *made.Spec.Replicas); err != nil {
			return false, err
		}
	}
	return waits, nil
}

// keepTemplates leaves a StatefulSet its claims as they were made, which nobody can change. The true operator makes the StatefulSet anew once its claims
// have grown (driver/stateful/pvc_expansion.go); the pods stay, as they do here.
func keepTemplates(there *unstructured.Unstructured, made *appsv1.StatefulSet) error {
	var stored []corev1.PersistentVolumeClaim
	if err := read(there, &stored, "spec", "volumeClaimTemplates"); err != nil {
		return err
	}
	for index := range stored {
		stored[index].Status = corev1.PersistentVolumeClaimStatus{}
	}
	made.Spec.VolumeClaimTemplates = stored
	return nil
}

// dropClaims removes volumes of nodes that are no more, which either policy has go (GarbageCollectPVCs).
func (e *elasticsearch) dropClaims(ctx context.Context, set string, count int32) error {
	for _, claim := range e.claimsOf(set, eckData) {
		number, err := strconv.Atoi(claim.GetName()[strings.LastIndex(claim.GetName(), "-")+1:])
		pod := e.w.get(pods, e.namespace(), fmt.Sprintf("%s-%d", set, number))
		if err != nil || int32(number) < count || pod != nil || claim.GetDeletionTimestamp() != nil {
			continue
		}
		if err := ignoreGone(e.w.write(claims, e.namespace()).Delete(ctx, claim.GetName(), deleteNow)); err != nil {
			return err
		}
	}
	return nil
}

// removeSets removes groups that are no more, once their nodes are gone.
func (e *elasticsearch) removeSets(ctx context.Context) (bool, error) {
	waits := false
	for _, each := range e.w.list(statefulSets, labels.Set{eckCluster: e.name()}) {
		isWanted := slices.ContainsFunc(e.spec.NodeSets, func(set eckNodeSet) bool { return e.named(set.Name) == each.GetName() })
		if each.GetNamespace() != e.namespace() || isWanted {
			continue
		}
		replicas, _, _ := unstructured.NestedInt64(each.Object, "spec", "replicas")
		if replicas > 0 {
			meta := e.meta(each.GetName(), nil)
			if err := e.w.merge(ctx, statefulSets, &meta, fields{"spec": fields{"replicas": int64(0)}}); err != nil {
				return false, err
			}
		}
		if replicas > 0 || len(e.podsOf(each.GetName())) > 0 {
			waits = true
			continue
		}
		if err := e.dropClaims(ctx, each.GetName(), 0); err != nil {
			return false, err
		}
		if err := e.w.drop(ctx, services, e.object, each.GetName()); err != nil {
			return false, err
		}
		if err := e.w.drop(ctx, statefulSets, e.object, each.GetName()); err != nil {
			return false, err
		}
	}
	return waits, nil
}

// growClaims makes volumes as large as they are asked for; a smaller one is an error of each look (nodespec/volume_expansion.go).
func (e *elasticsearch) growClaims(ctx context.Context) (bool, error) {
	for _, set := range e.spec.NodeSets {
		for _, template := range set.VolumeClaimTemplates {
			wanted := template.Spec.Resources.Requests[corev1.ResourceStorage]
			for _, claim := range e.claimsOf(e.named(set.Name), template.Name) {
				text, _, _ := unstructured.NestedString(claim.Object, "spec", "resources", "requests", "storage")
				has, err := resource.ParseQuantity(text)
				if err != nil || has.Cmp(wanted) == 0 {
					continue
				}
				if has.Cmp(wanted) > 0 {
					return false, fmt.Errorf("decreasing storage size is not supported: an attempt was made to decrease storage size for claim %s", template.Name)
				}
				meta := e.meta(claim.GetName(), nil)
				patch := fields{"spec": fields{"resources": fields{"requests": fields{"storage": wanted.String()}}}}
				if err := e.w.merge(ctx, claims, &meta, patch); err != nil {
					return false, err
				}
			}
		}
	}
	return false, nil
}

// rollOut has one pod at a time replaced that is not as it should be, while all others are ready (HandleUpgrades of driver/stateful/upgrade.go): those that
// keep what is older first, those that vote last.
func (e *elasticsearch) rollOut(ctx context.Context) (bool, error) {
	var old []*corev1.Pod
	waits := false
	for _, set := range e.inOrder() {
		there := e.w.get(statefulSets, e.namespace(), e.named(set.Name))
		if there == nil {
			return true, nil
		}
		var status appsv1.StatefulSetStatus
		if err := read(there, &status, "status"); err != nil {
			return false, err
		}
		if status.ObservedGeneration < there.GetGeneration() {
			return true, nil
		}
		for _, pod := range e.podsOf(there.GetName()) {
			isOld := status.UpdateRevision != "" && pod.Labels[appsv1.ControllerRevisionHashLabelKey] != status.UpdateRevision
			if isOld && pod.DeletionTimestamp == nil {
				old = append(old, pod)
			}
			// One that is old and not ready holds nobody up: it is what has to go first.
			if pod.DeletionTimestamp != nil || (!isReady(pod) && !isOld) {
				waits = true
			}
		}
	}
	if len(old) == 0 || waits || int32(len(e.there)) < e.wanted() {
		return len(old) > 0, nil
	}
	return true, ignoreGone(e.w.write(pods, e.namespace()).Delete(ctx, old[0].Name, deleteNow))
}

// inOrder are the groups as they are replaced: Node.DependsOn, and podsByMastersFirstThenNameThenNamespace turned round.
func (e *elasticsearch) inOrder() []eckNodeSet {
	rank := func(set eckNodeSet) int {
		for place, role := range []string{"data_frozen", "data_cold", "data_warm"} {
			if set.has(role) && !set.has("master") {
				return place
			}
		}
		if set.has("master") {
			return 4
		}
		return 3
	}
	sorted := slices.Clone(e.spec.NodeSets)
	slices.SortStableFunc(sorted, func(a, b eckNodeSet) int { return cmp.Compare(rank(a), rank(b)) })
	return sorted
}
