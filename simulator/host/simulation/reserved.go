package simulation

import (
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"tars-platform/simulator/host/spec"
)

// What a node keeps for itself. The documented schedule of one managed service stands for all; those of others reserve a little less:
// https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#resource_reservations
const (
	gibibyte         = int64(1) << 30
	evictionMemory   = int64(100) << 20 // kubelet's default memory.available<100Mi
	evictionStorage  = 10               // per cent, kubelet's default nodefs.available<10%
	smallNodeMemory  = gibibyte         // below it a flat amount is kept
	smallNodeReserve = int64(255) << 20
)

// band keeps a share of the capacity up to a limit, counted from the end of the band before it.
type band struct{ upTo, perTenThousand int64 }

const unlimited = int64(1) << 62

var (
	// millicores: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest.
	cpuBands = []band{{1000, 600}, {2000, 100}, {4000, 50}, {unlimited, 25}}
	// bytes: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % up to 128 GiB, 2 % of the rest.
	memoryBands = []band{{4 * gibibyte, 2500}, {8 * gibibyte, 2000}, {16 * gibibyte, 1000}, {128 * gibibyte, 600}, {unlimited, 200}}
)

func reserved(capacity int64, bands []band) int64 {
	kept, from := int64(0), int64(0)
	for _, b := range bands {
		if capacity <= from {
			break
		}
		width := min(capacity, b.upTo) - from
		kept += width/10000*b.perTenThousand + width%10000*b.perTenThousand/10000 // no overflow for any real memory
		from = b.upTo
	}
	return kept
}

func reservedMemory(capacity int64) int64 {
	if capacity < smallNodeMemory {
		return smallNodeReserve
	}
	return reserved(capacity, memoryBands)
}

// Capacity is what the machine has.
func Capacity(node *spec.Node) (corev1.ResourceList, error) {
	list, err := quantities(node.Name, spec.Amounts{CPU: node.CPU, Memory: node.Memory, Storage: node.Storage})
	if err != nil {
		return nil, err
	}
	list[corev1.ResourcePods] = *resource.NewQuantity(node.Pods, resource.DecimalSI)
	for device, count := range node.Devices {
		list[corev1.ResourceName(device)] = *resource.NewQuantity(count, resource.DecimalSI)
	}
	return list, nil
}

func quantities(node string, amounts spec.Amounts) (corev1.ResourceList, error) {
	list := corev1.ResourceList{}
	for name, amount := range map[corev1.ResourceName]string{
		corev1.ResourceCPU: amounts.CPU, corev1.ResourceMemory: amounts.Memory, corev1.ResourceEphemeralStorage: amounts.Storage,
	} {
		quantity, err := resource.ParseQuantity(amount)
		if err != nil {
			return nil, fmt.Errorf("node %s: %s %q: %w", node, name, amount, err)
		}
		list[name] = quantity
	}
	return list, nil
}

// allocatableOf is what pods may use of a machine: what its description says, else what a machine of its capacity leaves. Pods and devices are
// theirs whole.
func allocatableOf(node *spec.Node, capacity corev1.ResourceList) (corev1.ResourceList, error) {
	list := Allocatable(capacity)
	if node.Allocatable != nil {
		given, err := quantities(node.Name, *node.Allocatable)
		if err != nil {
			return nil, err
		}
		maps.Copy(list, given)
	}
	for device := range node.Devices {
		list[corev1.ResourceName(device)] = capacity[corev1.ResourceName(device)]
	}
	return list, nil
}

// Allocatable is what pods may use of a capacity: all of it less what system services, the kubelet and its eviction thresholds keep.
func Allocatable(capacity corev1.ResourceList) corev1.ResourceList {
	cpu := capacity.Cpu().MilliValue()
	memory := capacity.Memory().Value()
	storage := capacity.StorageEphemeral().Value()
	return corev1.ResourceList{
		corev1.ResourcePods:             *capacity.Pods(),
		corev1.ResourceCPU:              *resource.NewMilliQuantity(cpu-reserved(cpu, cpuBands), resource.DecimalSI),
		corev1.ResourceMemory:           *resource.NewQuantity(max(0, memory-reservedMemory(memory)-evictionMemory), resource.BinarySI),
		corev1.ResourceEphemeralStorage: *resource.NewQuantity(storage-storage/100*evictionStorage, resource.BinarySI),
	}
}
