package operators

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// makeSet makes the StatefulSet: generateStatefulSetsDef in internal/k8sutils/statefulset.go.
func (r *redisObject) makeSet(ctx context.Context) error {
	spec, labels := r.spec, r.labels()
	set := &appsv1.StatefulSet{
		ObjectMeta: r.meta(r.setName, labels),
		Spec: appsv1.StatefulSetSpec{
			Selector:                             &metav1.LabelSelector{MatchLabels: picked(labels, r.stable())},
			ServiceName:                          r.setName + "-headless",
			Replicas:                             spec.Size,
			UpdateStrategy:                       spec.KubernetesConfig.UpdateStrategy,
			PersistentVolumeClaimRetentionPolicy: spec.KubernetesConfig.PersistentVolumeClaimRetentionPolicy,
			MinReadySeconds:                      spec.KubernetesConfig.MinReadySeconds,
			PodManagementPolicy:                  spec.PodManagementPolicy,
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: r.annotations()},
				Spec: corev1.PodSpec{
					InitContainers:                r.initContainers(),
					Containers:                    []corev1.Container{r.container()},
					NodeSelector:                  spec.NodeSelector,
					TopologySpreadConstraints:     spec.TopologySpreadConstraints,
					SecurityContext:               spec.PodSecurityContext,
					PriorityClassName:             spec.PriorityClassName,
					Affinity:                      spec.Affinity,
					Tolerations:                   spec.Tolerations,
					TerminationGracePeriodSeconds: spec.TerminationGracePeriodSeconds,
					ServiceAccountName:            spec.ServiceAccountName,
					Volumes:                       r.volumes(),
				},
			},
		},
	}
	if claim := spec.claim(); claim != nil {
		made := claim.DeepCopy()
		made.ObjectMeta = metav1.ObjectMeta{Name: r.setName, Labels: labels, Annotations: r.annotations()}
		set.Spec.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{*made}
		// A template cannot be changed: patchStatefulSet keeps the one that is there.
		stored, err := storedClaims(r.w.world, r.namespace(), r.setName)
		if err != nil {
			return err
		}
		if len(stored) == 1 {
			set.Spec.VolumeClaimTemplates = stored
		}
	}
	return r.own(ctx, statefulSets, "StatefulSet", set)
}

// storedClaims are the templates of claims of a StatefulSet that is there, without what the API server adds to them.
func storedClaims(w *world, namespace, name string) ([]corev1.PersistentVolumeClaim, error) {
	there := w.get(statefulSets, namespace, name)
	if there == nil {
		return nil, nil
	}
	var stored []corev1.PersistentVolumeClaim
	if err := read(there, &stored, "spec", "volumeClaimTemplates"); err != nil {
		return nil, err
	}
	for index := range stored {
		stored[index].TypeMeta, stored[index].Status = metav1.TypeMeta{}, corev1.PersistentVolumeClaimStatus{}
	}
	return stored, nil
}

// picked are the labels of some names.
func picked(labels, names map[string]string) map[string]string {
	made := map[string]string{}
	for name := range names {
		made[name] = labels[name]
	}
	return made
}

// volumes are generateConfigVolume's, getExternalConfig's and those that the object adds.
func (r *redisObject) volumes() []corev1.Volume {
	made := []corev1.Volume{{Name: "config", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	if lines := r.lines(); lines != "" {
		source := corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: lines}}}
		made = append(made, corev1.Volume{Name: "external-config", VolumeSource: source})
	}
	return append(made, r.spec.more().Volume...)
}

// lines is the ConfigMap with further lines of the configuration.
func (r *redisObject) lines() string {
	if r.spec.RedisConfig == nil {
		return ""
	}
	return r.spec.RedisConfig.AdditionalRedisConfig
}

// initContainers write the configuration, where the operator's gate says so: generateInitContainerDef.
func (r *redisObject) initContainers() []corev1.Container {
	if !r.plane.initConfig {
		return nil
	}
	made := corev1.Container{
		Name: "init-config", Image: r.plane.initImage, ImagePullPolicy: corev1.PullIfNotPresent,
		Command: []string{"/operator", "agent"}, Args: []string{"bootstrap"}, Env: r.environment(), VolumeMounts: r.configMounts(),
	}
	if r.kind == "sentinel" {
		made.Args = append(made.Args, "--sentinel")
	}
	if r.spec.InitContainer != nil {
		made.SecurityContext = r.spec.InitContainer.SecurityContext
	}
	if r.spec.KubernetesConfig.Resources != nil {
		made.Resources = *r.spec.KubernetesConfig.Resources
	}
	return []corev1.Container{made}
}

func (r *redisObject) configMounts() []corev1.VolumeMount {
	made := []corev1.VolumeMount{{Name: "config", MountPath: "/etc/redis"}}
	if r.lines() != "" {
		made = append(made, corev1.VolumeMount{Name: "external-config", MountPath: "/etc/redis/external.conf.d"})
	}
	return made
}

// container is the one of Redis, or of the sentinel: generateContainerDef. Its own probes are asked by a shell.
func (r *redisObject) container() corev1.Container {
	config := r.spec.KubernetesConfig
	made := corev1.Container{
		Name: r.setName, Image: config.Image, ImagePullPolicy: config.ImagePullPolicy, SecurityContext: r.spec.SecurityContext, Env: r.environment(),
		ReadinessProbe: r.probe(r.spec.ReadinessProbe), LivenessProbe: r.probe(r.spec.LivenessProbe),
	}
	if r.spec.claim() != nil {
		made.VolumeMounts = append(made.VolumeMounts, corev1.VolumeMount{Name: r.setName, MountPath: "/data"})
	}
	mounts := r.configMounts()
	if r.plane.initConfig || r.kind == "sentinel" {
		made.VolumeMounts = append(made.VolumeMounts, mounts...)
	} else {
		made.VolumeMounts = append(made.VolumeMounts, mounts[1:]...)
	}
	made.VolumeMounts = append(made.VolumeMounts, r.spec.more().MountPath...)
	if r.plane.initConfig {
		program := map[string]string{"replication": "redis-server", "sentinel": "redis-sentinel"}[r.kind]
		file := map[string]string{"replication": "redis.conf", "sentinel": "sentinel.conf"}[r.kind]
		made.Command, made.Args = []string{program}, []string{"/etc/redis/" + file}
	}
	if config.Resources != nil {
		made.Resources = *config.Resources
	}
	return made
}

func (r *redisObject) probe(asked *corev1.Probe) *corev1.Probe {
	probe := &corev1.Probe{}
	if asked != nil {
		probe = asked.DeepCopy()
	}
	if probe.Exec == nil && probe.HTTPGet == nil && probe.TCPSocket == nil && probe.GRPC == nil {
		script := fmt.Sprintf("RESP=\"$(redis-cli -h $(hostname) -p %d ping)\"\n[ \"$RESP\" = \"PONG\" ]", r.port)
		probe.Exec = &corev1.ExecAction{Command: []string{"sh", "-ec", script}}
	}
	return probe
}

// environment is getEnvironmentVariables, with getSentinelEnvVariable's of sentinels.
func (r *redisObject) environment() []corev1.EnvVar {
	made := []corev1.EnvVar{{Name: "SERVER_MODE", Value: r.kind}, {Name: "SETUP_MODE", Value: r.kind}}
	config := r.spec.KubernetesConfig
	if r.spec.RedisConfig != nil && r.spec.RedisConfig.MaxMemoryPercentOfLimit > 0 && config.Resources != nil {
		if limit := config.Resources.Limits.Memory().Value(); limit > 0 {
			most := int64(float64(limit) * float64(r.spec.RedisConfig.MaxMemoryPercentOfLimit) / 100)
			made = append(made, corev1.EnvVar{Name: "REDIS_MAX_MEMORY", Value: strconv.FormatInt(most, 10)})
		}
	}
	port := strconv.Itoa(int(r.port))
	made = append(made, corev1.EnvVar{Name: "REDIS_ADDR", Value: "redis://localhost:" + port})
	if r.kind == "sentinel" {
		made = append(made, corev1.EnvVar{Name: "SENTINEL_PORT", Value: port})
	} else {
		made = append(made, corev1.EnvVar{Name: "REDIS_PORT", Value: port})
	}
	if named := config.RedisSecret; named != nil {
		made = append(made, corev1.EnvVar{Name: "REDIS_PASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: named.Name}, Key: named.Key,
		}}})
	}
	if r.spec.claim() != nil {
		made = append(made, corev1.EnvVar{Name: "PERSISTENCE_ENABLED", Value: "true"})
	}
	made = append(made, r.spec.EnvVars...)
	slices.SortStableFunc(made, func(a, b corev1.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	return append(made, r.sentinelEnvironment()...)
}

func (r *redisObject) sentinelEnvironment() []corev1.EnvVar {
	config := r.spec.SentinelConfig
	if config == nil {
		return nil
	}
	made := []corev1.EnvVar{
		{Name: "MASTER_GROUP_NAME", Value: config.MasterGroupName},
		{Name: "PORT", Value: config.RedisPort},
		{Name: "QUORUM", Value: config.Quorum},
		{Name: "DOWN_AFTER_MILLISECONDS", Value: config.DownAfterMilliseconds},
		{Name: "PARALLEL_SYNCS", Value: config.ParallelSyncs},
		{Name: "FAILOVER_TIMEOUT", Value: config.FailoverTimeout},
		{Name: "RESOLVE_HOSTNAMES", Value: config.ResolveHostnames},
		{Name: "ANNOUNCE_HOSTNAMES", Value: config.AnnounceHostnames},
	}
	if config.RedisReplicationPassword != nil {
		made = append(made, corev1.EnvVar{Name: "MASTER_PASSWORD", ValueFrom: config.RedisReplicationPassword})
	}
	return made
}
