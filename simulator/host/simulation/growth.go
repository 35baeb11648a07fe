package simulation

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
)

// grow makes a bound disk as large as its claim asks, first the disk, then what the claim shows. Shrinking is refused by the API server.
func (d *disks) grow(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	wanted, has := requested(claim), claim.Status.Capacity[corev1.ResourceStorage]
	if claim.Status.Phase != corev1.ClaimBound || wanted.Cmp(has) <= 0 {
		return nil
	}
	volume, err := d.volumes.Get(claim.Spec.VolumeName)
	if err != nil {
		return fmt.Errorf("volume of the claim: %w", err)
	}
	if !diskDrivers[volume.Annotations[madeBy]] {
		return nil
	}
	capacity := map[string]any{"capacity": map[string]any{string(corev1.ResourceStorage): wanted.String()}}
	if size := volume.Spec.Capacity[corev1.ResourceStorage]; wanted.Cmp(size) > 0 {
		patch, err := json.Marshal(map[string]any{"spec": capacity})
		if err != nil {
			return fmt.Errorf("size of volume %s: %w", volume.Name, err)
		}
		options := metav1.PatchOptions{FieldManager: owner}
		if _, err := d.client.CoreV1().PersistentVolumes().Patch(ctx, volume.Name, types.MergePatchType, patch, options); err != nil {
			return fmt.Errorf("size of volume %s: %w", volume.Name, err)
		}
	}
	capacity["conditions"] = nil // nothing is left to wait for
	patch, err := json.Marshal(map[string]any{"status": capacity})
	if err != nil {
		return fmt.Errorf("size of claim %s: %w", claim.Name, err)
	}
	claims := d.client.CoreV1().PersistentVolumeClaims(claim.Namespace)
	_, err = claims.Patch(ctx, claim.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: owner}, "status")
	if err != nil {
		return fmt.Errorf("size of claim %s: %w", claim.Name, err)
	}
	d.events.Eventf(claim, corev1.EventTypeNormal, "FileSystemResizeSuccessful", "grew from %s to %s", has.String(), wanted.String())
	return nil
}

// reclaim removes a disk whose claim is gone when its policy says so.
type reclaim struct {
	client  kubernetes.Interface
	volumes corelisters.PersistentVolumeLister
}

func newReclaim(client kubernetes.Interface, factory informers.SharedInformerFactory) (*controller, error) {
	volumes := factory.Core().V1().PersistentVolumes()
	made := &reclaim{client: client, volumes: volumes.Lister()}
	return newController("reclaim", made.sync, volumes.Informer())
}

func (r *reclaim) sync(ctx context.Context, name string) error {
	volume, err := r.volumes.Get(name)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("volume %s: %w", name, err)
	}
	ours := diskDrivers[volume.Annotations[madeBy]] && volume.DeletionTimestamp == nil
	if !ours || volume.Status.Phase != corev1.VolumeReleased || volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete {
		return nil
	}
	err = r.client.CoreV1().PersistentVolumes().Delete(ctx, name, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("removing volume %s: %w", name, err)
	}
	return nil
}
