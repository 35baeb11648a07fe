package operators

import (
	"maps"
	"math"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// newPod is an instance: pkg/specs/pods.go, NewInstance, with the sidecar that the plugin adds.
func (c *cnpgCluster) newPod(serial int) (*corev1.Pod, error) {
	name := c.instance(serial)
	// The operator's label of the app is there without its version of the chart: buildInstance.
	labels := c.appLabels()
	labels[cnpgInstanceLabel], labels[cnpgPodRoleLabel] = name, "instance"
	grace := int64(c.spec.StopDelay)
	if grace <= 0 {
		grace = 1800
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: c.namespace(), Labels: labels, Annotations: map[string]string{cnpgSerial: strconv.Itoa(serial)},
		OwnerReferences: ownerOf(c.object),
	}}
	pod.Spec = c.podSpec(name, name)
	pod.Spec.Containers = []corev1.Container{c.postgres(name)}
	pod.Spec.TerminationGracePeriodSeconds, pod.Spec.PriorityClassName = &grace, c.spec.PriorityClassName
	if c.barman != nil {
		if err := c.barman.intoInstance(c, &pod.Spec); err != nil {
			return nil, err
		}
	}
	content, err := jsonText(pod.Spec)
	if err != nil {
		return nil, err
	}
	pod.Annotations[cnpgPodSpec] = content
	if restarted, asked := c.object.GetAnnotations()[restartedAt]; asked {
		pod.Annotations[restartedAt] = restarted
	}
	c.inherit(&pod.ObjectMeta)
	return pod, nil
}

// podSpec is what the pods of instances and of their Jobs share, without the container that does the work.
func (c *cnpgCluster) podSpec(hostname, instance string) corev1.PodSpec {
	s := c.spec
	return corev1.PodSpec{
		Hostname: hostname, SchedulerName: s.SchedulerName, ServiceAccountName: orElse(s.ServiceAccountName, c.name()),
		InitContainers: []corev1.Container{{
			Name: "bootstrap-controller", Image: c.plane.setting("OPERATOR_IMAGE_NAME", ""), ImagePullPolicy: s.ImagePullPolicy,
			Command:      []string{"/manager", "bootstrap", "/controller/manager", "--log-level=" + s.LogLevel},
			VolumeMounts: c.mounts(), Resources: s.Resources, SecurityContext: s.containerSecurity(),
		}},
		Volumes: c.volumes(instance), SecurityContext: s.podSecurity(), Affinity: c.affinity(), Tolerations: s.Affinity.Tolerations,
		NodeSelector: s.Affinity.NodeSelector, TopologySpreadConstraints: s.TopologySpreadConstraints,
	}
}

// environment is that of PostgreSQL: CreatePodEnvConfig.
func (c *cnpgCluster) environment(pod string) []corev1.EnvVar {
	made := []corev1.EnvVar{
		{Name: "PGDATA", Value: "/var/lib/postgresql/data/pgdata"}, {Name: "POD_NAME", Value: pod}, {Name: "NAMESPACE", Value: c.namespace()},
		{Name: "CLUSTER_NAME", Value: c.name()}, {Name: "PSQL_HISTORY", Value: "/controller/tmp/.psql_history"}, {Name: "PGPORT", Value: "5432"},
		{Name: "PGHOST", Value: "/controller/run"}, {Name: "TMPDIR", Value: "/controller/tmp"},
	}
	made = append(made, c.spec.Env...)
	if timeout, given := c.plane.settings["STANDBY_TCP_USER_TIMEOUT"]; given {
		made = append(made, corev1.EnvVar{Name: "CNPG_STANDBY_TCP_USER_TIMEOUT", Value: timeout})
	}
	return made
}

// postgres is the container of an instance: createPostgresContainers.
func (c *cnpgCluster) postgres(pod string) corev1.Container {
	s := c.spec
	command := []string{"/controller/manager", "instance", "run", "--status-port-tls"}
	if s.Monitoring != nil && s.Monitoring.TLS != nil && s.Monitoring.TLS.Enabled {
		command = append(command, "--metrics-port-tls")
	}
	startup, readiness, liveness := statusProbe("/startupz"), statusProbe("/readyz"), statusProbe("/healthz")
	if s.Probes != nil {
		s.Probes.Startup.into(startup)
		s.Probes.Readiness.into(readiness)
		s.Probes.Liveness.into(liveness)
	}
	delay := s.StartDelay
	if delay <= 0 {
		delay = 3600
	}
	if startup.FailureThreshold == 0 {
		startup.FailureThreshold = failuresFor(delay, startup.PeriodSeconds)
	}
	if s.LivenessProbeTimeout != nil && liveness.FailureThreshold == 0 {
		liveness.FailureThreshold = failuresFor(*s.LivenessProbeTimeout, liveness.PeriodSeconds)
	}
	return corev1.Container{
		Name: "postgres", Image: c.status.Image, ImagePullPolicy: s.ImagePullPolicy, Env: c.environment(pod), EnvFrom: s.EnvFrom,
		VolumeMounts: c.mounts(), StartupProbe: startup, ReadinessProbe: readiness, LivenessProbe: liveness,
		Command: append(command, "--log-level="+s.LogLevel), Resources: s.Resources, SecurityContext: s.containerSecurity(),
		Ports: []corev1.ContainerPort{
			{Name: "postgresql", ContainerPort: 5432, Protocol: corev1.ProtocolTCP},
			{Name: "metrics", ContainerPort: 9187, Protocol: corev1.ProtocolTCP},
			{Name: "status", ContainerPort: 8000, Protocol: corev1.ProtocolTCP},
		},
	}
}

func statusProbe(path string) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: 10, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{
		Path: path, Port: intstr.FromInt32(8000), Scheme: corev1.URISchemeHTTPS,
	}}}
}

// into lays what is asked of a probe over it.
func (p *cnpgProbe) into(probe *corev1.Probe) {
	if p == nil {
		return
	}
	for _, each := range []struct {
		asked int32
		into  *int32
	}{
		{p.InitialDelaySeconds, &probe.InitialDelaySeconds}, {p.TimeoutSeconds, &probe.TimeoutSeconds}, {p.PeriodSeconds, &probe.PeriodSeconds},
		{p.SuccessThreshold, &probe.SuccessThreshold}, {p.FailureThreshold, &probe.FailureThreshold},
	} {
		if each.asked != 0 {
			*each.into = each.asked
		}
	}
	if p.TerminationGracePeriodSeconds != nil {
		probe.TerminationGracePeriodSeconds = p.TerminationGracePeriodSeconds
	}
}

func failuresFor(delay, period int32) int32 {
	if delay <= period {
		return 1
	}
	return int32(math.Ceil(float64(delay) / float64(period)))
}

// podSecurity is GetPodSecurityContext: what is asked for, with the user, the group and the profile where it says nothing of them.
func (s *cnpgSpec) podSecurity() *corev1.PodSecurityContext {
	user, group, isTrue := s.PostgresUID, s.PostgresGID, true
	if user == 0 {
		user = 26
	}
	if group == 0 {
		group = 26
	}
	if s.PodSecurityContext == nil {
		return &corev1.PodSecurityContext{SeccompProfile: s.seccomp(), RunAsUser: &user, RunAsGroup: &group, RunAsNonRoot: &isTrue, FSGroup: &group}
	}
	made := s.PodSecurityContext.DeepCopy()
	if made.RunAsUser == nil {
		made.RunAsUser = &user
	}
	if made.RunAsGroup == nil {
		made.RunAsGroup = &group
	}
	if made.SeccompProfile == nil {
		made.SeccompProfile = s.seccomp()
	}
	return made
}

// containerSecurity is GetSecurityContext of pkg/specs/containers.go.
func (s *cnpgSpec) containerSecurity() *corev1.SecurityContext {
	isTrue, isFalse := true, false
	made := &corev1.SecurityContext{}
	if s.SecurityContext != nil {
		made = s.SecurityContext.DeepCopy()
	}
	if made.SeccompProfile == nil {
		made.SeccompProfile = s.seccomp()
	}
	if made.Capabilities == nil {
		made.Capabilities = &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}
	}
	for _, each := range []struct {
		field  **bool
		unsaid *bool
	}{
		{&made.Privileged, &isFalse}, {&made.RunAsNonRoot, &isTrue}, {&made.ReadOnlyRootFilesystem, &isTrue}, {&made.AllowPrivilegeEscalation, &isFalse},
	} {
		if *each.field == nil {
			*each.field = each.unsaid
		}
	}
	return made
}

// affinity is CreateAffinitySection: instances keep apart, beside what is asked for.
func (c *cnpgCluster) affinity() *corev1.Affinity {
	asked := c.spec.Affinity
	var made corev1.Affinity
	term := corev1.PodAffinityTerm{TopologyKey: orElse(asked.TopologyKey, "kubernetes.io/hostname"), LabelSelector: &metav1.LabelSelector{
		MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: cnpgClusterLabel, Operator: metav1.LabelSelectorOpIn, Values: []string{c.name()}},
			{Key: cnpgPodRoleLabel, Operator: metav1.LabelSelectorOpIn, Values: []string{"instance"}},
		},
	}}
	if asked.EnablePodAntiAffinity == nil || *asked.EnablePodAntiAffinity {
		switch asked.PodAntiAffinityType {
		case "required":
			made.PodAntiAffinity = &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{term}}
		case "preferred":
			made.PodAntiAffinity = &corev1.PodAntiAffinity{
				PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{Weight: 100, PodAffinityTerm: term}},
			}
		}
	}
	if more := asked.AdditionalPodAntiAffinity; more != nil {
		if made.PodAntiAffinity == nil {
			made.PodAntiAffinity = &corev1.PodAntiAffinity{}
		}
		apart := made.PodAntiAffinity
		apart.RequiredDuringSchedulingIgnoredDuringExecution = append(apart.RequiredDuringSchedulingIgnoredDuringExecution,
			more.RequiredDuringSchedulingIgnoredDuringExecution...)
		apart.PreferredDuringSchedulingIgnoredDuringExecution = append(apart.PreferredDuringSchedulingIgnoredDuringExecution,
			more.PreferredDuringSchedulingIgnoredDuringExecution...)
	}
	made.PodAffinity, made.NodeAffinity = asked.AdditionalPodAffinity, asked.NodeAffinity
	if made == (corev1.Affinity{}) {
		return nil
	}
	return &made
}

// volumes are those of an instance: createPostgresVolumes of pkg/specs/volumes.go.
func (c *cnpgCluster) volumes(instance string) []corev1.Volume {
	claimed := func(name, claim string) corev1.Volume {
		return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim},
		}}
	}
	s := c.spec
	scratch, memory := &corev1.EmptyDirVolumeSource{}, &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory}
	if limits := s.EphemeralVolumesSizeLimit; limits != nil {
		scratch.SizeLimit, memory.SizeLimit = limits.TemporaryData, limits.Shm
	}
	scratchSource := corev1.VolumeSource{EmptyDir: scratch}
	if s.EphemeralVolumeSource != nil {
		scratchSource = corev1.VolumeSource{Ephemeral: s.EphemeralVolumeSource}
	}
	made := []corev1.Volume{
		claimed("pgdata", instance), {Name: "scratch-data", VolumeSource: scratchSource}, {Name: "shm", VolumeSource: corev1.VolumeSource{EmptyDir: memory}},
	}
	if s.WalStorage != nil {
		made = append(made, claimed("pg-wal", claimName(instance, "PG_WAL")))
	}
	if s.ProjectedVolumeTemplate != nil {
		made = append(made, corev1.Volume{Name: "projected", VolumeSource: corev1.VolumeSource{Projected: s.ProjectedVolumeTemplate.DeepCopy()}})
	}
	return made
}

func (c *cnpgCluster) mounts() []corev1.VolumeMount {
	made := []corev1.VolumeMount{
		{Name: "pgdata", MountPath: "/var/lib/postgresql/data"}, {Name: "scratch-data", MountPath: "/run"},
		{Name: "scratch-data", MountPath: "/controller"}, {Name: "shm", MountPath: "/dev/shm"},
	}
	if c.spec.WalStorage != nil {
		made = append(made, corev1.VolumeMount{Name: "pg-wal", MountPath: "/var/lib/postgresql/wal"})
	}
	if c.spec.ProjectedVolumeTemplate != nil {
		made = append(made, corev1.VolumeMount{Name: "projected", MountPath: "/projected"})
	}
	return made
}

// clone is a copy of labels that may be changed.
func clone(given map[string]string) map[string]string {
	if given == nil {
		return map[string]string{}
	}
	return maps.Clone(given)
}
