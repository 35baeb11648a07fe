package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"tars-platform/simulator/host/spec"
)

// diskDriver is the provisioner of the storage classes that a spec lists.
const diskDriver = "disk.simulator.tars-platform"

// diskDrivers are all provisioners that are answered: the simulator's own, and those of the clouds' disks
// (https://github.com/kubernetes-sigs/aws-ebs-csi-driver, https://github.com/kubernetes-sigs/azuredisk-csi-driver).
var diskDrivers = map[string]bool{diskDriver: true, "ebs.csi.aws.com": true, "disk.csi.azure.com": true}

// zoneRedundant tells whether a class makes disks that outlive a zone. Azure's kinds are those whose names end in ZRS; the key is written in any
// case (https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md).
func zoneRedundant(class *storagev1.StorageClass) bool {
	for key, value := range class.Parameters {
		key = strings.ToLower(key)
		if (key == "skuname" || key == "storageaccounttype") && strings.HasSuffix(strings.ToUpper(value), "_ZRS") {
			return true
		}
	}
	return false
}

// defaultClassAnnotation marks the class of claims that name none.
const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class"

var owned = metav1.ListOptions{LabelSelector: ownerLabel + "=" + owner}

// ensureStorageClasses makes the driver and the classes of the spec. A class cannot be changed, so one that differs is made anew, which leaves
// its disks alone.
func ensureStorageClasses(ctx context.Context, client kubernetes.Interface, classes []spec.StorageClass) error {
	if err := ensureDriver(ctx, client, diskDriver); err != nil {
		return err
	}
	existing, err := client.StorageV1().StorageClasses().List(ctx, owned)
	if err != nil {
		return fmt.Errorf("listing storage classes: %w", err)
	}
	kept := map[string]bool{}
	for i := range existing.Items {
		found := &existing.Items[i]
		if kept[found.Name] = slices.ContainsFunc(classes, func(class spec.StorageClass) bool { return sameClass(found, class) }); kept[found.Name] {
			continue
		}
		if err := client.StorageV1().StorageClasses().Delete(ctx, found.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("removing storage class %s: %w", found.Name, err)
		}
	}
	for _, class := range classes {
		if kept[class.Name] {
			continue
		}
		if _, err := client.StorageV1().StorageClasses().Create(ctx, classObject(class), metav1.CreateOptions{FieldManager: owner}); err != nil {
			return fmt.Errorf("storage class %s: %w", class.Name, err)
		}
	}
	return nil
}

// ensureDriver says of a driver that its disks need no attaching: no machine is there that could do it.
func ensureDriver(ctx context.Context, client kubernetes.Interface, name string) error {
	attach, fsGroup := false, storagev1.FileFSGroupPolicy
	driver := &storagev1.CSIDriver{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{ownerLabel: owner}},
		Spec:       storagev1.CSIDriverSpec{AttachRequired: &attach, FSGroupPolicy: &fsGroup},
	}
	_, err := client.StorageV1().CSIDrivers().Create(ctx, driver, metav1.CreateOptions{FieldManager: owner})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("disk driver: %w", err)
	}
	return nil
}

func classObject(class spec.StorageClass) *storagev1.StorageClass {
	policy, binding, expansion := corev1.PersistentVolumeReclaimPolicy(class.ReclaimPolicy), storagev1.VolumeBindingWaitForFirstConsumer, true
	object := &storagev1.StorageClass{
		ObjectMeta:           metav1.ObjectMeta{Name: class.Name, Labels: map[string]string{ownerLabel: owner}},
		Provisioner:          diskDriver,
		ReclaimPolicy:        &policy,
		VolumeBindingMode:    &binding,
		AllowVolumeExpansion: &expansion,
	}
	if class.Default {
		object.Annotations = map[string]string{defaultClassAnnotation: "true"}
	}
	return object
}

func sameClass(found *storagev1.StorageClass, class spec.StorageClass) bool {
	isDefault := found.Annotations[defaultClassAnnotation] == "true"
	return found.Name == class.Name && found.Provisioner == diskDriver && isDefault == class.Default &&
		found.ReclaimPolicy != nil && string(*found.ReclaimPolicy) == class.ReclaimPolicy
}

// ensureIngressClasses makes the classes of the spec and removes those it no longer lists.
func ensureIngressClasses(ctx context.Context, client kubernetes.Interface, classes []string) error {
	for _, class := range classes {
		object := &networkingv1.IngressClass{
			ObjectMeta: metav1.ObjectMeta{Name: class, Labels: map[string]string{ownerLabel: owner}},
			Spec:       networkingv1.IngressClassSpec{Controller: ingressController},
		}
		_, err := client.NetworkingV1().IngressClasses().Create(ctx, object, metav1.CreateOptions{FieldManager: owner})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("ingress class %s: %w", class, err)
		}
	}
	existing, err := client.NetworkingV1().IngressClasses().List(ctx, owned)
	if err != nil {
		return fmt.Errorf("listing ingress classes: %w", err)
	}
	for _, found := range existing.Items {
		if slices.Contains(classes, found.Name) {
			continue
		}
		err := client.NetworkingV1().IngressClasses().Delete(ctx, found.Name, metav1.DeleteOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("removing ingress class %s: %w", found.Name, err)
		}
	}
	return nil
}
