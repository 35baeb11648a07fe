package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"tars-platform/simulator/host/spec"
)

// kwokAnnotation is how kwok marks a node that no kubelet stands behind.
const kwokAnnotation = "kwok.x-k8s.io/node"

// ensureMachines adds the nodes of the spec, brings those of an earlier run to its present shape and removes those it no longer lists. Nodes of
// pools are the fleet's.
func ensureMachines(ctx context.Context, client kubernetes.Interface, nodes []spec.Node) error {
	wanted := map[string]bool{}
	for i := range nodes {
		wanted[nodes[i].Name] = true
		if err := ensureMachine(ctx, client, &nodes[i], i); err != nil {
			return fmt.Errorf("node %s: %w", nodes[i].Name, err)
		}
	}
	existing, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: ownerLabel + "=" + owner})
	if err != nil {
		return fmt.Errorf("listing nodes: %w", err)
	}
	for _, node := range existing.Items {
		if _, pooled := node.Labels[poolLabel]; pooled || wanted[node.Name] {
			continue
		}
		if err := client.CoreV1().Nodes().Delete(ctx, node.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("removing node %s, which the spec no longer lists: %w", node.Name, err)
		}
	}
	return nil
}

func ensureMachine(ctx context.Context, client kubernetes.Interface, machine *spec.Node, index int) error {
	wanted, err := nodeOf(machine, machineAddress(index))
	if err != nil {
		return err
	}
	return putNode(ctx, client, wanted)
}

// putNode makes a node, or gives one that is there the wanted shape.
func putNode(ctx context.Context, client kubernetes.Interface, wanted *corev1.Node) error {
	_, err := client.CoreV1().Nodes().Create(ctx, wanted, metav1.CreateOptions{FieldManager: owner})
	if apierrors.IsAlreadyExists(err) {
		err = reshape(ctx, client, wanted)
	}
	if err != nil {
		return err
	}
	return patchStatus(ctx, client, wanted)
}

// reshape gives an existing node the labels of the spec, leaving those of others, and its taints: a node of an earlier run may carry one that
// says it was unreachable, which the controllers put back if it is still true.
func reshape(ctx context.Context, client kubernetes.Interface, wanted *corev1.Node) error {
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"labels": wanted.Labels, "annotations": wanted.Annotations},
		"spec":     map[string]any{"taints": wanted.Spec.Taints},
	})
	if err != nil {
		return fmt.Errorf("its shape: %w", err)
	}
	_, err = client.CoreV1().Nodes().Patch(ctx, wanted.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: owner})
	return err
}

func patchStatus(ctx context.Context, client kubernetes.Interface, wanted *corev1.Node) error {
	status := map[string]any{
		"capacity": wanted.Status.Capacity, "allocatable": wanted.Status.Allocatable,
		"addresses": wanted.Status.Addresses, "nodeInfo": wanted.Status.NodeInfo,
	}
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return fmt.Errorf("its status: %w", err)
	}
	_, err = client.CoreV1().Nodes().Patch(ctx, wanted.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: owner}, "status")
	return err
}

func nodeOf(machine *spec.Node, address string) (*corev1.Node, error) {
	capacity, err := Capacity(machine)
	if err != nil {
		return nil, err
	}
	allocatable, err := allocatableOf(machine, capacity)
	if err != nil {
		return nil, err
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: machine.Name, Labels: labelsOf(machine), Annotations: map[string]string{kwokAnnotation: "fake"}},
		Spec:       corev1.NodeSpec{Taints: machine.Taints},
		Status: corev1.NodeStatus{
			Capacity:    capacity,
			Allocatable: allocatable,
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: address},
				{Type: corev1.NodeHostName, Address: machine.Name},
			},
			NodeInfo: corev1.NodeSystemInfo{
				Architecture: machine.Architecture, OperatingSystem: "linux", OSImage: "simulated", KernelVersion: "simulated",
				ContainerRuntimeVersion: "simulated://kwok", KubeletVersion: kubernetesVersion(),
			},
		},
	}, nil
}

// labelsOf gives the well-known labels (https://kubernetes.io/docs/reference/labels-annotations-taints/); those of the spec win.
func labelsOf(machine *spec.Node) map[string]string {
	labels := map[string]string{
		ownerLabel:                 owner,
		corev1.LabelHostname:       machine.Name,
		corev1.LabelArchStable:     machine.Architecture,
		corev1.LabelOSStable:       "linux",
		corev1.LabelTopologyRegion: machine.Region,
		corev1.LabelTopologyZone:   machine.Zone,
	}
	if machine.InstanceType != "" {
		labels[corev1.LabelInstanceTypeStable] = machine.InstanceType
	}
	maps.Copy(labels, machine.Labels)
	return labels
}

// kubernetesVersion is the linked release, which the kubelets of a fresh cluster would have too.
func kubernetesVersion() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "k8s.io/kubernetes" {
				return module.Version
			}
		}
	}
	return "unknown"
}
