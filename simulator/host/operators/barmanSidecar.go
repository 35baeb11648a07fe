package operators

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// intoInstance adds the plugin's sidecar to an instance that archives, or follows what another archives: internal/cnpgi/operator/lifecycle.go.
func (b *barman) intoInstance(c *cnpgCluster, spec *corev1.PodSpec) error {
	if b.store == "" && b.source == "" || b.store == "" && b.recovery == "" {
		return nil
	}
	return b.into(c, spec, "postgres", "instance", orElse(b.store, b.recovery))
}

// intoJob adds it to the Job that recovers from a backup.
func (b *barman) intoJob(c *cnpgCluster, spec *corev1.PodSpec, role string) error {
	if role != "full-recovery" || b.recovery == "" {
		return nil
	}
	return b.into(c, spec, role, "restore", b.recovery)
}

// into is reconcilePodSpec: an init container that goes on running, with the resources that the ObjectStore asks for.
func (b *barman) into(c *cnpgCluster, spec *corev1.PodSpec, main, command, resources string) error {
	var certificates []corev1.VolumeProjection
	environment := []corev1.EnvVar{}
	if index := slices.IndexFunc(spec.Containers, func(each corev1.Container) bool { return each.Name == main }); index >= 0 {
		environment = append(environment, spec.Containers[index].Env...)
		spec.Containers[index].VolumeMounts = append(spec.Containers[index].VolumeMounts, corev1.VolumeMount{Name: "plugins", MountPath: "/plugins"})
	}
	more := []corev1.EnvVar{
		{Name: "NAMESPACE", Value: c.namespace()}, {Name: "CLUSTER_NAME", Value: c.name()}, {Name: "SPOOL_DIRECTORY", Value: "/controller/wal-restore-spool"},
		{Name: "CUSTOM_CNPG_GROUP", Value: cnpgV1.Group}, {Name: "CUSTOM_CNPG_VERSION", Value: cnpgV1.Version},
	}
	isTrue, isFalse, always := true, false, corev1.ContainerRestartPolicyAlways
	sidecar := corev1.Container{
		Name: barmanManager, Image: b.image, ImagePullPolicy: c.spec.ImagePullPolicy, Args: []string{command}, RestartPolicy: &always,
		StartupProbe: &corev1.Probe{FailureThreshold: 10, TimeoutSeconds: 10, ProbeHandler: corev1.ProbeHandler{
			Exec: &corev1.ExecAction{Command: []string{"/manager", "healthcheck", "unix"}},
		}},
		SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: &isFalse, RunAsNonRoot: &isTrue, Privileged: &isFalse, ReadOnlyRootFilesystem: &isTrue,
			SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			Capabilities:   &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		},
	}
	for _, name := range b.stores() {
		store, err := readStore(c.w.world, c.namespace(), name)
		if err != nil {
			return err
		}
		if store == nil {
			return fmt.Errorf("while getting barman object store %s/%s: objectstores.barmancloud.cnpg.io %q not found", c.namespace(), name, name)
		}
		asked := store.InstanceSidecarConfiguration
		more = append(more, asked.Env...)
		if name == resources {
			sidecar.Resources = asked.Resources
			if command == "instance" {
				sidecar.Args = append(sidecar.Args, asked.AdditionalContainerArgs...)
				if asked.LogLevel != "" {
					sidecar.Args = append(sidecar.Args, "--log-level="+asked.LogLevel)
				}
			}
		}
		if authority := store.Configuration.EndpointCA; authority != nil {
			certificates = append(certificates, corev1.VolumeProjection{Secret: &corev1.SecretProjection{
				LocalObjectReference: corev1.LocalObjectReference{Name: authority.Name},
				Items:                []corev1.KeyToPath{{Key: authority.Key, Path: name + "/barman-ca.crt"}},
			}})
		}
	}
	for _, each := range more {
		if !slices.ContainsFunc(environment, func(has corev1.EnvVar) bool { return has.Name == each.Name }) {
			environment = append(environment, each)
		}
	}
	sidecar.Env = environment
	if len(certificates) > 0 {
		sidecar.VolumeMounts = []corev1.VolumeMount{{Name: "barman-certificates", MountPath: "/barman-certificates"}}
		spec.Volumes = append(spec.Volumes, corev1.Volume{Name: "barman-certificates", VolumeSource: corev1.VolumeSource{
			Projected: &corev1.ProjectedVolumeSource{Sources: certificates},
		}})
	}
	spec.Volumes = append(spec.Volumes, corev1.Volume{Name: "plugins", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}})
	// It sees what the main container sees; of two mounts of one volume the last counts, as ensureVolumeMount goes by the volume's name.
	for _, container := range spec.Containers {
		if container.Name != main {
			continue
		}
		for _, mount := range container.VolumeMounts {
			if at := slices.IndexFunc(sidecar.VolumeMounts, func(has corev1.VolumeMount) bool { return has.Name == mount.Name }); at >= 0 {
				sidecar.VolumeMounts[at] = mount
			} else {
				sidecar.VolumeMounts = append(sidecar.VolumeMounts, mount)
			}
		}
	}
	spec.InitContainers = append(spec.InitContainers, sidecar)
	return nil
}
