package simulation

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// storageClass makes a claim and its disk, as a class with parameters gives them.
type storageClass struct {
	zone       string
	parameters map[string]string
}

func (c *storageClass) claim() *corev1.PersistentVolumeClaim {
	class := "fast"
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: "data", Namespace: "n", UID: "1"},
		Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: &class, VolumeName: "pvc-1", Resources: corev1.VolumeResourceRequirements{
			Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}}},
	}
}

func (c *storageClass) volume() *corev1.PersistentVolume {
	class := &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "fast"}, Provisioner: "disk.csi.azure.com", Parameters: c.parameters}
	return volumeOf(c.claim(), class, c.zone, "r")
}

func daemon(cpu string) *appsv1.DaemonSet {
	return &appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Name: "agent", Namespace: "n"}, Spec: appsv1.DaemonSetSpec{
		Template: corev1.PodTemplateSpec{Spec: homeless("agent", cpu).Spec}}}
}

func TestDisksStandInOneZoneUnlessTheyAreKeptInSeveral(t *testing.T) {
	for does, c := range map[string]struct {
		parameters map[string]string
		elsewhere  bool
	}{
		"locally redundant":          {map[string]string{"skuName": "Premium_LRS"}, false},
		"no parameters":              {nil, false},
		"zone-redundant":             {map[string]string{"skuName": "Premium_ZRS"}, true},
		"zone-redundant, other case": {map[string]string{"storageAccountType": "StandardSSD_zrs"}, true},
		"of AWS":                     {map[string]string{"type": "gp3"}, false},
	} {
		t.Run(does, func(t *testing.T) {
			class := &storageClass{zone: "a", parameters: c.parameters}
			volume := class.volume()
			if volume.Spec.CSI.Driver != "disk.csi.azure.com" || volume.Annotations[madeBy] != "disk.csi.azure.com" {
				t.Errorf("made by %s, %s", volume.Spec.CSI.Driver, volume.Annotations[madeBy])
			}
			v, _ := scene(t, class.claim(), volume)
			pod := homeless("p", "1", withClaim)
			for zone, reaches := range map[string]bool{"a": true, "b": c.elsewhere} {
				node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{
					corev1.LabelTopologyZone: zone, corev1.LabelTopologyRegion: "r"}}}
				if got := v.reachesDisks(pod, node); got != reaches {
					t.Errorf("from zone %s: reached %v, want %v", zone, got, reaches)
				}
			}
		})
	}
}
