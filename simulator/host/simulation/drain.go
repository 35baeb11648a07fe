package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"

	"tars-platform/simulator/host/spec"
)

const (
	// drainAnnotation says since when a node is being emptied.
	drainAnnotation = "simulator.tars-platform/draining-since"
	// drainLimit is when a machine goes whatever still runs on it. Clouds give some 15 minutes; nothing here takes so long to move.
	drainLimit = time.Minute
	// evictEvery is the pause between two tries at what a disruption budget refused.
	evictEvery = time.Second
)

// drain brings a node one step closer to its end: no new pods, then those it has evicted as their budgets allow, then the node itself.
func (f *fleet) drain(ctx context.Context, node *corev1.Node) error {
	since, err := time.Parse(time.RFC3339, node.Annotations[drainAnnotation])
	if err != nil {
		klog.InfoS("draining a node", "node", node.Name)
		return f.patchNode(ctx, node.Name, map[string]any{
			"metadata": map[string]any{"annotations": map[string]any{drainAnnotation: time.Now().Format(time.RFC3339)}},
			"spec":     map[string]any{"unschedulable": true},
		})
	}
	busy := slices.ContainsFunc(f.view.podsOn(node.Name), keepsBusy)
	if !busy || time.Since(since) > drainLimit {
		klog.InfoS("removing a node", "node", node.Name, "busy", busy)
		delete(f.evicted, node.Name)
		return f.terminate(ctx, node.Name)
	}
	if time.Since(f.evicted[node.Name]) < evictEvery {
		return nil
	}
	f.evicted[node.Name] = time.Now()
	for _, pod := range f.view.podsOn(node.Name) {
		if !keepsBusy(pod) || pod.DeletionTimestamp != nil {
			continue
		}
		if err := f.evict(ctx, pod); err != nil {
			return err
		}
	}
	return nil
}

func (f *fleet) evict(ctx context.Context, pod *corev1.Pod) error {
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace}}
	err := f.client.PolicyV1().Evictions(pod.Namespace).Evict(ctx, eviction)
	// Too many requests is how a disruption budget says no: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
	if err == nil || apierrors.IsNotFound(err) || apierrors.IsTooManyRequests(err) {
		return nil
	}
	return fmt.Errorf("evicting %s/%s: %w", pod.Namespace, pod.Name, err)
}

// keepsBusy tells of a pod that must move before its node goes: it neither belongs to the node nor is it done.
func keepsBusy(pod *corev1.Pod) bool {
	owner := metav1.GetControllerOf(pod)
	ofNode := owner != nil && owner.Kind == "DaemonSet"
	return !ofNode && pod.Status.Phase != corev1.PodSucceeded && pod.Status.Phase != corev1.PodFailed
}

// keepNode gives a node that stays the pool's labels and taints, leaving those of others, and opens one again that was to go.
func (f *fleet) keepNode(ctx context.Context, pool *spec.Pool, node *corev1.Node) error {
	patch := map[string]any{}
	metadata, inner := map[string]any{}, map[string]any{}
	if lacksAny(node.Labels, pool.Labels) {
		metadata["labels"] = pool.Labels
	}
	if node.Annotations[drainAnnotation] != "" {
		metadata["annotations"] = map[string]any{drainAnnotation: nil}
		inner["unschedulable"] = nil
	}
	if taints := taintsFor(node, pool); !sameTaints(node.Spec.Taints, taints) {
		inner["taints"] = taints
	}
	if len(metadata) > 0 {
		patch["metadata"] = metadata
	}
	if len(inner) > 0 {
		patch["spec"] = inner
	}
	if len(patch) == 0 {
		return nil
	}
	return f.patchNode(ctx, node.Name, patch)
}

func lacksAny(has, wanted map[string]string) bool {
	for key, value := range wanted {
		if has[key] != value {
			return true
		}
	}
	return false
}

// taintsFor are the pool's, and those with which Kubernetes itself says how a node is.
func taintsFor(node *corev1.Node, pool *spec.Pool) []corev1.Taint {
	taints := slices.Clone(pool.Taints)
	for _, taint := range node.Spec.Taints {
		if strings.HasPrefix(taint.Key, "node.kubernetes.io/") {
			taints = append(taints, taint)
		}
	}
	return taints
}

func sameTaints(a, b []corev1.Taint) bool {
	set := func(taints []corev1.Taint) map[string]bool {
		keys := map[string]bool{}
		for _, taint := range taints {
			keys[taint.Key+"="+taint.Value+":"+string(taint.Effect)] = true
		}
		return keys
	}
	return maps.Equal(set(a), set(b))
}

func (f *fleet) patchNode(ctx context.Context, name string, change map[string]any) error {
	patch, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("node %s: %w", name, err)
	}
	_, err = f.client.CoreV1().Nodes().Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: owner})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("node %s: %w", name, err)
	}
	return nil
}
