package await

import (
	"fmt"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// volume is ready when it is available or bound.
func volume(view View) Verdict {
	phase := phaseOf(view.Object)
	return Verdict{
		Ready:    phase == string(corev1.VolumeAvailable) || phase == string(corev1.VolumeBound),
		Progress: fmt.Sprintf("Waiting for PersistentVolume %q, which is %q", view.Object.GetName(), phase),
	}
}

// claim is ready when it is bound or, if its class binds on first use, when it is pending.
func claim(view View) Verdict {
	phase := phaseOf(view.Object)
	ready := phase == string(corev1.ClaimBound)
	if view.bindsOnUse() && view.Before == nil {
		ready = phase == string(corev1.ClaimPending) || ready
	}
	return Verdict{Ready: ready, Progress: fmt.Sprintf("Waiting for PersistentVolumeClaim %q, which is %q", view.Object.GetName(), phase)}
}

func (v View) bindsOnUse() bool {
	name, _, _ := unstructured.NestedString(v.Object.Object, "spec", "storageClassName")
	for _, class := range v.related[storageClasses] {
		if mode, _, _ := unstructured.NestedString(class.Object, "volumeBindingMode"); class.GetName() == name {
			return mode == string(storagev1.VolumeBindingWaitForFirstConsumer)
		}
	}
	return false
}

func phaseOf(object *unstructured.Unstructured) string {
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	return phase
}

// replicationController is ready when all replicas are available.
func replicationController(view View) Verdict {
	wanted, available := integer(view.Object, 1, "spec", "replicas"), integer(view.Object, 0, "status", "availableReplicas")
	return Verdict{Ready: wanted == available, Progress: fmt.Sprintf("Waiting for %d of %d replicas", available, wanted)}
}

// quota is ready when its status repeats its limits.
func quota(view View) Verdict {
	wanted, _, _ := unstructured.NestedMap(view.Object.Object, "spec", "hard")
	counted, _, _ := unstructured.NestedMap(view.Object.Object, "status", "hard")
	return Verdict{Ready: reflect.DeepEqual(wanted, counted), Progress: "Waiting for the ResourceQuota controller"}
}

// secret is ready at once, except a service account's token, which a controller fills in.
func secret(view View) Verdict {
	kind, _, _ := unstructured.NestedString(view.Object.Object, "type")
	data, _, _ := unstructured.NestedMap(view.Object.Object, "data")
	return Verdict{Ready: kind != string(corev1.SecretTypeServiceAccountToken) || len(data) > 0, Progress: "Waiting for the token controller"}
}
