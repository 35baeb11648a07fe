package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// cnpgCatalog is what is read of an ImageCatalog or a ClusterImageCatalog.
type cnpgCatalog struct {
	Images []struct {
		Image string
		Major int
	}
	ComponentImages []struct{ Key, Image string }
}

// findCatalog is a catalog by its kind and name (pkg/utils/imagecatalog).
func findCatalog(w *world, kind, namespace, name string) (*cnpgCatalog, error) {
	resource := cnpgCatalogs
	if kind == "ClusterImageCatalog" {
		resource, namespace = cnpgClusterCatalogs, ""
	} else if kind != "ImageCatalog" {
		return nil, fmt.Errorf("invalid image catalog type: %s", kind)
	}
	object := w.get(resource, namespace, name)
	if object == nil {
		return nil, nil
	}
	catalog := &cnpgCatalog{}
	return catalog, read(object, catalog, "spec")
}

// findImage takes the image from where the Cluster says (internal/controller/cluster_image.go).
func (c *cnpgCluster) findImage(context.Context) (bool, error) {
	image, err := c.wantedImage()
	if err != nil {
		c.status.phase("Cluster has incomplete or invalid image catalog", err.Error())
		return true, nil
	}
	has := c.status.PgDataImageInfo
	if has != nil && has.MajorVersion != c.spec.major() {
		// A downgrade is refused before. The pods and the Job that upgrade the data are not shown.
		c.status.phase("Upgrading Postgres major version",
			fmt.Sprintf("The simulator does not go on from here: its stand-in does not upgrade data from %d to %d", has.MajorVersion, c.spec.major()))
		return true, nil
	}
	c.status.Image, c.status.PgDataImageInfo = image, &cnpgImageInfo{image, c.spec.major()}
	return false, nil
}

func (c *cnpgCluster) wantedImage() (string, error) {
	reference := c.spec.ImageCatalogRef
	if reference == nil {
		return c.spec.ImageName, nil
	}
	if said(reference.APIGroup, "") != cnpgV1.Group {
		return "", fmt.Errorf("invalid image catalog group")
	}
	catalog, err := findCatalog(c.w.world, reference.Kind, c.namespace(), reference.Name)
	if err != nil {
		return "", err
	}
	if catalog == nil {
		return "", fmt.Errorf("catalog %s/%s not found", reference.Kind, reference.Name)
	}
	for _, each := range catalog.Images {
		if each.Major == reference.Major {
			return each.Image, nil
		}
	}
	return "", fmt.Errorf("selected major version is not available in the catalog")
}

// outdated says why a pod is to be made anew, "" when it need not be: isPodNeedingRollout of internal/controller/cluster_upgrade.go.
func (c *cnpgCluster) outdated(pod *corev1.Pod) (string, error) {
	for role := range c.spec.volumes() {
		if !usesClaim(&pod.Spec, claimName(pod.Name, role)) {
			return "attaching a new PVC to the instance Pod", nil
		}
	}
	for _, container := range pod.Spec.Containers {
		if container.Name == "postgres" && container.Image != c.status.Image {
			return fmt.Sprintf("the instance is using a different image: %s -> %s", container.Image, c.status.Image), nil
		}
	}
	if restarted, asked := c.object.GetAnnotations()[restartedAt]; asked && pod.Annotations[restartedAt] != restarted {
		return "cluster has been explicitly restarted via annotation", nil
	}
	if c.object.GetAnnotations()["cnpg.io/reconcilePodSpec"] == "disabled" {
		return "", nil
	}
	var was corev1.PodSpec
	if err := json.Unmarshal([]byte(pod.Annotations[cnpgPodSpec]), &was); err != nil {
		return "", fmt.Errorf("while unmarshaling the pod resources annotation: %w", err)
	}
	target, err := c.newPod(serialOf(pod.Annotations))
	if err != nil {
		return "", err
	}
	// As JSON has it, in which empty lists are none.
	var wanted corev1.PodSpec
	if err := json.Unmarshal([]byte(target.Annotations[cnpgPodSpec]), &wanted); err != nil {
		return "", err
	}
	if image := c.plane.setting("OPERATOR_IMAGE_NAME", ""); was.InitContainers[0].Image != image {
		return fmt.Sprintf("the instance is using an old bootstrap container image: %s -> %s", was.InitContainers[0].Image, image), nil
	}
	if part := differs(&was, &wanted); part != "" {
		return "original and target PodSpec differ in " + part, nil
	}
	return "", nil
}

// differs names the part in which pods differ that counts: ComparePodSpecs of pkg/specs/podspec_diff.go.
func differs(one, other *corev1.PodSpec) string {
	sortVolumes := func(list []corev1.Volume) map[string]any {
		found := map[string]any{}
		for _, each := range list {
			found[each.Name] = each
		}
		return found
	}
	for _, each := range []struct {
		name string
		a, b any
	}{
		{"volumes", sortVolumes(one.Volumes), sortVolumes(other.Volumes)},
		{"security-context", one.SecurityContext, other.SecurityContext}, {"affinity", one.Affinity, other.Affinity},
		{"tolerations", one.Tolerations, other.Tolerations}, {"node-selector", one.NodeSelector, other.NodeSelector},
		{"topology-spread-constraints", one.TopologySpreadConstraints, other.TopologySpreadConstraints},
		{"service-account-name", one.ServiceAccountName, other.ServiceAccountName}, {"scheduler-name", one.SchedulerName, other.SchedulerName},
		{"hostname", one.Hostname, other.Hostname},
		{"termination-grace-period", one.TerminationGracePeriodSeconds, other.TerminationGracePeriodSeconds},
	} {
		if !equality.Semantic.DeepEqual(each.a, each.b) {
			return each.name
		}
	}
	if part := containersDiffer(one.Containers, other.Containers); part != "" {
		return "containers: " + part
	}
	withoutBootstrap := func(list []corev1.Container) []corev1.Container {
		return slices.DeleteFunc(slices.Clone(list), func(each corev1.Container) bool { return each.Name == "bootstrap-controller" })
	}
	if part := containersDiffer(withoutBootstrap(one.InitContainers), withoutBootstrap(other.InitContainers)); part != "" {
		return "init-containers: " + part
	}
	return ""
}

func containersDiffer(ones, others []corev1.Container) string {
	find := func(list []corev1.Container, name string) *corev1.Container {
		for index := range list {
			if list[index].Name == name {
				return &list[index]
			}
		}
		return nil
	}
	for index := range ones {
		one := &ones[index]
		other := find(others, one.Name)
		if other == nil {
			return fmt.Sprintf("container %s has been removed", one.Name)
		}
		for _, each := range []struct {
			name string
			a, b any
		}{
			{"image", one.Image, other.Image}, {"environment", [2]any{one.Env, one.EnvFrom}, [2]any{other.Env, other.EnvFrom}},
			{"readiness-probe", one.ReadinessProbe, other.ReadinessProbe}, {"liveness-probe", one.LivenessProbe, other.LivenessProbe},
			{"startup-probe", one.StartupProbe, other.StartupProbe}, {"command", one.Command, other.Command}, {"resources", one.Resources, other.Resources},
			{"ports", one.Ports, other.Ports}, {"security-context", one.SecurityContext, other.SecurityContext},
			{"volume-mounts", one.VolumeMounts, other.VolumeMounts},
		} {
			if !equality.Semantic.DeepEqual(each.a, each.b) && !reflect.DeepEqual(each.a, each.b) {
				return fmt.Sprintf("container %s differs in %s", one.Name, each.name)
			}
		}
	}
	for _, other := range others {
		if find(ones, other.Name) == nil {
			return fmt.Sprintf("container %s has been added", other.Name)
		}
	}
	return ""
}
