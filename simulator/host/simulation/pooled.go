package simulation

import (
	"encoding/json"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"tars-platform/simulator/host/spec"
)

// machineAnnotation keeps what kind of machine a node is: one of another kind is replaced.
const machineAnnotation = "simulator.tars-platform/machine"

func pooledNode(pool *spec.Pool, machine *spec.Node, address string) (*corev1.Node, error) {
	node, err := nodeOf(machine, address)
	if err != nil {
		return nil, err
	}
	node.Labels[poolLabel] = pool.Name
	node.Annotations[machineAnnotation] = kindOf(pool)
	return node, nil
}

// kindOf is everything about a pool's machines that cannot change while they run.
func kindOf(pool *spec.Pool) string {
	kind, err := json.Marshal([]any{pool.MachineType, pool.Region, pool.Capacity, pool.Devices, pool.Allocatable})
	if err != nil {
		panic(err) // texts and numbers only
	}
	return string(kind)
}

func outdated(node *corev1.Node, pool *spec.Pool) bool {
	return node.Annotations[machineAnnotation] != kindOf(pool)
}

func leaving(node *corev1.Node, pool *spec.Pool) int {
	switch {
	case node.Annotations[drainAnnotation] != "":
		return 2
	case pool != nil && outdated(node, pool):
		return 1
	}
	return 0
}

func numberOf(node *corev1.Node) int {
	number, err := strconv.Atoi(node.Name[strings.LastIndex(node.Name, "-")+1:])
	if err != nil {
		return 0
	}
	return number
}
