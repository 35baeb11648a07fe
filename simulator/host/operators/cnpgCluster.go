package operators

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// Labels of pods and claims (pkg/utils/labels_annotations.go).
const (
	cnpgClusterLabel  = "cnpg.io/cluster"
	cnpgInstanceLabel = "cnpg.io/instanceName"
	cnpgRoleLabel     = "cnpg.io/instanceRole"
	cnpgPodRoleLabel  = "cnpg.io/podRole"
	cnpgJobRoleLabel  = "cnpg.io/jobRole"
	cnpgPvcRoleLabel  = "cnpg.io/pvcRole"
	cnpgSerial        = "cnpg.io/nodeSerial"
	cnpgPvcStatus     = "cnpg.io/pvcStatus"
	cnpgPodSpec       = "cnpg.io/podSpec"
	cnpgReload        = "cnpg.io/reload"
	restartedAt       = "kubectl.kubernetes.io/restartedAt"
)

// cnpgCluster is a Cluster with what belongs to it.
type cnpgCluster struct {
	w      writer
	object *unstructured.Unstructured
	spec   *cnpgSpec
	status *cnpgStatus
	plane  *cnpgPlane
	barman *barman

	pods   []*corev1.Pod
	claims []*corev1.PersistentVolumeClaim
	jobs   []*batchv1.Job
}

// readCnpgCluster is nil for a Cluster in a namespace that the operator does not watch.
func readCnpgCluster(w *world, object *unstructured.Unstructured) (*cnpgCluster, error) {
	plane, err := readCnpgPlane(w)
	if err != nil || !plane.watches(object.GetNamespace()) {
		return nil, err
	}
	c := &cnpgCluster{w: w.as(cnpgManager), object: object, spec: &cnpgSpec{}, status: &cnpgStatus{}, plane: plane}
	if err := read(object, c.spec, "spec"); err != nil {
		return nil, err
	}
	if err := read(object, c.status, "status"); err != nil {
		return nil, err
	}
	c.spec.setDefaults(plane.setting("POSTGRES_IMAGE_NAME", "ghcr.io/cloudnative-pg/postgresql:18.4-system-trixie"))
	if c.pods, err = owned[corev1.Pod](w, pods, object); err != nil {
		return nil, err
	}
	if c.claims, err = owned[corev1.PersistentVolumeClaim](w, claims, object); err != nil {
		return nil, err
	}
	c.jobs, err = owned[batchv1.Job](w, jobs, object)
	return c, err
}

func (c *cnpgCluster) name() string      { return c.object.GetName() }
func (c *cnpgCluster) namespace() string { return c.object.GetNamespace() }

func (c *cnpgCluster) instance(serial int) string { return fmt.Sprintf("%s-%d", c.name(), serial) }

func serialOf(annotations map[string]string) int {
	serial, err := strconv.Atoi(annotations[cnpgSerial])
	if err != nil {
		return 0
	}
	return serial
}

func (c *cnpgCluster) pod(name string) *corev1.Pod {
	for _, each := range c.pods {
		if each.Name == name {
			return each
		}
	}
	return nil
}

// isReady says what IsPodReady, isActive what IsPodActive of pkg/utils/pod_conditions.go says: a pod that waits is not active.
func isReady(pod *corev1.Pod) bool {
	return pod != nil && slices.ContainsFunc(pod.Status.Conditions, func(each corev1.PodCondition) bool {
		return each.Type == corev1.PodReady && each.Status == corev1.ConditionTrue
	})
}

func isActive(pod *corev1.Pod) bool {
	return pod != nil && pod.DeletionTimestamp == nil && pod.Status.Phase == corev1.PodRunning
}

// reports says whether an instance would answer the operator.
func reports(pod *corev1.Pod) bool { return isActive(pod) && isReady(pod) }

// reporting are the instances that answer, the primary first, as they would be promoted.
func (c *cnpgCluster) reporting() []*corev1.Pod {
	var found []*corev1.Pod
	for _, each := range c.pods {
		if reports(each) {
			found = append(found, each)
		}
	}
	slices.SortStableFunc(found, func(a, b *corev1.Pod) int {
		switch c.status.CurrentPrimary {
		case a.Name:
			return -1
		case b.Name:
			return 1
		}
		return serialOf(a.Annotations) - serialOf(b.Annotations)
	})
	return found
}

// meta is that of an object of the Cluster, with what it inherits.
func (c *cnpgCluster) meta(name string, own map[string]string) metav1.ObjectMeta {
	made := metav1.ObjectMeta{Name: name, Namespace: c.namespace(), Labels: map[string]string{}, OwnerReferences: ownerOf(c.object)}
	for key, value := range own {
		made.Labels[key] = value
	}
	c.inherit(&made)
	made.Labels[cnpgClusterLabel] = c.name()
	return made
}

// appLabels are Kubernetes' own.
func (c *cnpgCluster) appLabels() map[string]string {
	return map[string]string{
		cnpgClusterLabel: c.name(), "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": c.name(),
		"app.kubernetes.io/version": strconv.Itoa(c.spec.major()), "app.kubernetes.io/component": "database",
		"app.kubernetes.io/managed-by": cnpgManager,
	}
}

// cnpgPlane is what the operator was started with (internal/configuration/configuration.go).
type cnpgPlane struct {
	namespace string
	settings  map[string]string
}

// readCnpgPlane reads the operator's environment, over which its ConfigMap goes.
func readCnpgPlane(w *world) (*cnpgPlane, error) {
	deployment := w.controllerOf(&operator{controller: labels.Set{"app.kubernetes.io/name": cnpgManager}})
	if deployment == nil {
		return nil, fmt.Errorf("no operator %s", cnpgManager)
	}
	var containers []corev1.Container
	if err := read(deployment, &containers, "spec", "template", "spec", "containers"); err != nil {
		return nil, err
	}
	plane := &cnpgPlane{namespace: deployment.GetNamespace(), settings: map[string]string{}}
	for _, container := range containers {
		for _, variable := range container.Env {
			plane.settings[variable.Name] = variable.Value
		}
		if plane.settings["OPERATOR_IMAGE_NAME"] == "" {
			plane.settings["OPERATOR_IMAGE_NAME"] = container.Image
		}
		for _, argument := range container.Args {
			if name, given := strings.CutPrefix(argument, "--config-map-name="); given {
				if settings := w.get(configMaps, plane.namespace, name); settings != nil {
					if err := read(settings, &plane.settings, "data"); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return plane, nil
}

func (p *cnpgPlane) setting(name, unsaid string) string { return orElse(p.settings[name], unsaid) }

// patterns is a setting that has several values.
func (p *cnpgPlane) patterns(name string) []string {
	var found []string
	for _, each := range strings.Split(p.settings[name], ",") {
		if each = strings.TrimSpace(each); each != "" {
			found = append(found, each)
		}
	}
	return found
}

func (p *cnpgPlane) watches(namespace string) bool {
	watched := p.patterns("WATCH_NAMESPACE")
	return len(watched) == 0 || slices.Contains(watched, namespace)
}
