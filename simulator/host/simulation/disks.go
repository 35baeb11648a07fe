package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	corelisters "k8s.io/client-go/listers/core/v1"
	storagelisters "k8s.io/client-go/listers/storage/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

// Annotations between the volume controller, the scheduler and a provisioner:
// https://kubernetes.io/docs/reference/labels-annotations-taints/#volume-kubernetes-io-storage-provisioner
const (
	askedProvisioner = "volume.kubernetes.io/storage-provisioner"
	selectedNode     = "volume.kubernetes.io/selected-node"
	madeBy           = "pv.kubernetes.io/provisioned-by"
)

// disks does what a driver's provisioner and resizer would do: it makes a disk in the zone of the node that the scheduler chose, and grows it when
// the claim asks for more. Binding stays with the volume controller.
type disks struct {
	client  kubernetes.Interface
	claims  corelisters.PersistentVolumeClaimLister
	volumes corelisters.PersistentVolumeLister
	nodes   corelisters.NodeLister
	classes storagelisters.StorageClassLister
	events  record.EventRecorder
}

func newDisks(client kubernetes.Interface, factory informers.SharedInformerFactory) (*controller, error) {
	core := factory.Core().V1()
	broadcaster := record.NewBroadcaster()
	broadcaster.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: client.CoreV1().Events("")})
	made := &disks{
		client: client, claims: core.PersistentVolumeClaims().Lister(), volumes: core.PersistentVolumes().Lister(), nodes: core.Nodes().Lister(),
		classes: factory.Storage().V1().StorageClasses().Lister(),
		events:  broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: diskDriver}),
	}
	controller, err := newController("disks", made.sync, core.PersistentVolumeClaims().Informer())
	if err != nil {
		return nil, err
	}
	controller.finish = broadcaster.Shutdown
	return controller, nil
}

func (d *disks) sync(ctx context.Context, key string) error {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return fmt.Errorf("key %q: %w", key, err)
	}
	claim, err := d.claims.PersistentVolumeClaims(namespace).Get(name)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claim %s: %w", key, err)
	}
	switch {
	case claim.DeletionTimestamp != nil:
		return nil
	case claim.Spec.VolumeName != "":
		return d.grow(ctx, claim)
	case diskDrivers[claim.Annotations[askedProvisioner]] && claim.Spec.StorageClassName != nil:
		return d.provision(ctx, claim)
	default:
		return nil
	}
}

func (d *disks) provision(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	class, err := d.classes.Get(*claim.Spec.StorageClassName)
	if err != nil {
		return fmt.Errorf("storage class of the claim: %w", err)
	}
	zone, region, err := d.topology(ctx, claim, class)
	if err != nil || zone == "" {
		return err
	}
	if err := ensureDriver(ctx, d.client, class.Provisioner); err != nil {
		return err
	}
	for _, mode := range claim.Spec.AccessModes {
		if mode != corev1.ReadWriteOnce && mode != corev1.ReadWriteOncePod {
			d.events.Eventf(claim, corev1.EventTypeWarning, "ProvisioningFailed",
				"a disk belongs to one node: access mode %s is not possible, use %s", mode, corev1.ReadWriteOnce)
			return nil
		}
	}
	volume := volumeOf(claim, class, zone, region)
	_, err = d.client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{FieldManager: owner})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("volume %s: %w", volume.Name, err)
	}
	d.events.Eventf(claim, corev1.EventTypeNormal, "ProvisioningSucceeded", "made disk %s in zone %s", volume.Name, zone)
	return nil
}

// topology says where the disk must be: with the node that the scheduler selected or, when the class does not wait for a pod, with any. An empty
// zone means that it is too early.
func (d *disks) topology(ctx context.Context, claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) (zone, region string, err error) {
	name := claim.Annotations[selectedNode]
	waits := class.VolumeBindingMode != nil && *class.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer
	if name == "" && waits {
		return "", "", nil
	}
	node, err := d.node(name, class)
	if apierrors.IsNotFound(err) { // gone since: the scheduler must choose again
		return "", "", d.annotate(ctx, claim, selectedNode, nil)
	}
	if err != nil {
		return "", "", fmt.Errorf("node %q: %w", name, err)
	}
	return node.Labels[corev1.LabelTopologyZone], node.Labels[corev1.LabelTopologyRegion], nil
}

func (d *disks) node(name string, class *storagev1.StorageClass) (*corev1.Node, error) {
	if name != "" {
		return d.nodes.Get(name)
	}
	all, err := d.nodes.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(node *corev1.Node) bool { return !allowedBy(class.AllowedTopologies, node.Labels) })
	if len(all) == 0 {
		return nil, fmt.Errorf("the cluster has no node where class %s allows disks", class.Name)
	}
	return slices.MinFunc(all, func(a, b *corev1.Node) int { return strings.Compare(a.Name, b.Name) }), nil
}

func (d *disks) annotate(ctx context.Context, claim *corev1.PersistentVolumeClaim, key string, value any) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]any{key: value}}})
	if err != nil {
		return fmt.Errorf("annotation %s: %w", key, err)
	}
	claims := d.client.CoreV1().PersistentVolumeClaims(claim.Namespace)
	_, err = claims.Patch(ctx, claim.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: owner})
	return err
}

func volumeOf(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, zone, region string) *corev1.PersistentVolume {
	in := func(key, value string) corev1.NodeSelectorRequirement {
		return corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{value}}
	}
	place, labels := []corev1.NodeSelectorRequirement{in(corev1.LabelTopologyRegion, region)}, map[string]string{corev1.LabelTopologyRegion: region}
	if !zoneRedundant(class) {
		place, labels[corev1.LabelTopologyZone] = append(place, in(corev1.LabelTopologyZone, zone)), zone
	}
	policy := corev1.PersistentVolumeReclaimDelete
	if class.ReclaimPolicy != nil {
		policy = *class.ReclaimPolicy
	}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        "pvc-" + string(claim.UID),
			Labels:      labels,
			Annotations: map[string]string{madeBy: class.Provisioner},
		},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: requested(claim)},
			AccessModes:                   claim.Spec.AccessModes,
			PersistentVolumeReclaimPolicy: policy,
			StorageClassName:              class.Name,
			MountOptions:                  class.MountOptions,
			VolumeMode:                    claim.Spec.VolumeMode,
			ClaimRef: &corev1.ObjectReference{
				Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			NodeAffinity: &corev1.VolumeNodeAffinity{
				Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: place}}},
			},
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				CSI: &corev1.CSIPersistentVolumeSource{Driver: class.Provisioner, VolumeHandle: string(claim.UID), FSType: "ext4"},
			},
		},
	}
}

func requested(claim *corev1.PersistentVolumeClaim) resource.Quantity {
	return claim.Spec.Resources.Requests[corev1.ResourceStorage]
}
