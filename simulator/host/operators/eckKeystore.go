package operators

import (
	"context"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// eckKeystore is the volume of what goes into a node's keystore: pkg/controller/common/keystore/volumes.go.
const eckKeystore = "elastic-internal-secure-settings"

// secureSettings are what the Secrets that the object names hold together; one that is not there is told in an event, and waited for by nobody.
func (e *elasticsearch) secureSettings() map[string][]byte {
	made := map[string][]byte{}
	for _, each := range e.spec.SecureSettings {
		maps.Copy(made, e.held(each.SecretName))
	}
	return made
}

func (e *elasticsearch) hasKeystore() bool { return len(e.secureSettings()) > 0 }

// makeKeystore puts them into one Secret (reconcileSecureSettings of keystore/user_secret.go).
func (e *elasticsearch) makeKeystore(ctx context.Context) (bool, error) {
	if !e.hasKeystore() {
		return false, nil
	}
	return false, e.keepSecret(ctx, e.named("secure-settings"), e.secureSettings())
}

// keystoreHash has nodes replaced when they change (buildAnnotations of nodespec/podspec.go).
func (e *elasticsearch) keystoreHash() string {
	if !e.hasKeystore() {
		return ""
	}
	settings, text := e.secureSettings(), ""
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		text += key + "=" + string(settings[key]) + "\n"
	}
	return text
}

// keystoreContainer makes the keystore before a node starts: initcontainer/keystore.go. It asks for as much as that says, which may be more than a node does.
func (e *elasticsearch) keystoreContainer() corev1.Container {
	own := corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("196Mi"), corev1.ResourceCPU: resource.MustParse("500m")}
	return corev1.Container{
		Name: "elastic-internal-init-keystore", Command: []string{"/usr/bin/env", "bash", "-c", "/usr/share/elasticsearch/bin/elasticsearch-keystore create"},
		Resources:    corev1.ResourceRequirements{Requests: own, Limits: own},
		VolumeMounts: []corev1.VolumeMount{{Name: eckKeystore, MountPath: "/mnt/elastic-internal/secure-settings", ReadOnly: true}},
	}
}
