package operators

import (
	"maps"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// deployment is that of PgBouncer: pkg/specs/pgbouncer/deployments.go. What the Pooler's template says stays, except where the operator insists.
func (p *cnpgPooler) deployment(meta metav1.ObjectMeta) *appsv1.Deployment {
	pod := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{}, Annotations: map[string]string{}}}
	if template := p.spec.Template; template != nil {
		pod.Spec = *template.Spec.DeepCopy()
		maps.Copy(pod.Labels, template.Metadata.Labels)
		maps.Copy(pod.Annotations, template.Metadata.Annotations)
	}
	maps.Copy(pod.Labels, p.labels())
	p.fill(&pod.Spec)
	meta.Labels = p.labels()
	made := &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{
		Replicas: p.spec.Instances, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{cnpgPoolerLabel: meta.Name}}, Template: pod,
	}}
	if p.spec.DeploymentStrategy != nil {
		made.Spec.Strategy = *p.spec.DeploymentStrategy
	}
	return made
}

func (p *cnpgPooler) fill(pod *corev1.PodSpec) {
	names := p.c.certificateNames()
	secret := func(name, of string) corev1.Volume {
		return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: of}}}
	}
	for _, volume := range []corev1.Volume{
		secret("ca", names.ServerCASecret), secret("server-tls", names.ServerTLSSecret),
		{Name: "scratch-data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
	} {
		pod.Volumes = slices.DeleteFunc(pod.Volumes, func(has corev1.Volume) bool { return has.Name == volume.Name })
		pod.Volumes = append(pod.Volumes, volume)
	}
	user, group, isTrue := int64(998), int64(996), true
	pod.SecurityContext = &corev1.PodSecurityContext{
		RunAsNonRoot: &isTrue, RunAsUser: &user, RunAsGroup: &group, FSGroup: &group, SeccompProfile: p.c.spec.seccomp(),
	}
	pod.ServiceAccountName = orElse(p.spec.ServiceAccountName, p.object.GetName())
	scratch := corev1.VolumeMount{Name: "scratch-data", MountPath: "/controller"}
	first := containerNamed(&pod.InitContainers, "bootstrap-controller")
	first.Image, first.Command = p.c.plane.setting("OPERATOR_IMAGE_NAME", ""), []string{"/manager", "bootstrap", "/controller/manager"}
	first.SecurityContext, first.VolumeMounts = p.c.spec.containerSecurity(), mountedAt(first.VolumeMounts, scratch)
	if pod.Resources != nil && first.Resources.Requests == nil && first.Resources.Limits == nil {
		first.Resources = *pod.Resources
	}
	bouncer := containerNamed(&pod.Containers, "pgbouncer")
	if bouncer.Image == "" {
		bouncer.Image = p.status.Image
	}
	if len(bouncer.Command) == 0 {
		bouncer.Command = []string{"/controller/manager", "pgbouncer", "run"}
	}
	for _, port := range []corev1.ContainerPort{{Name: "pgbouncer", ContainerPort: 5432}, {Name: "metrics", ContainerPort: 9127}} {
		if !slices.ContainsFunc(bouncer.Ports, func(has corev1.ContainerPort) bool { return has.Name == port.Name }) {
			port.Protocol = corev1.ProtocolTCP
			bouncer.Ports = append(bouncer.Ports, port)
		}
	}
	isTLS := p.spec.Monitoring != nil && p.spec.Monitoring.TLS != nil && p.spec.Monitoring.TLS.Enabled
	for _, variable := range []corev1.EnvVar{
		{Name: "NAMESPACE", Value: p.object.GetNamespace()}, {Name: "POOLER_NAME", Value: p.object.GetName()}, {Name: "PGUSER", Value: "pgbouncer"},
		{Name: "PGDATABASE", Value: "pgbouncer"}, {Name: "PGHOST", Value: "/controller/run"}, {Name: "PSQL_HISTORY", Value: "/controller/tmp/.psql_history"},
		{Name: "METRICS_PORT_TLS", Value: strconv.FormatBool(isTLS)},
	} {
		if !slices.ContainsFunc(bouncer.Env, func(has corev1.EnvVar) bool { return has.Name == variable.Name }) {
			bouncer.Env = append(bouncer.Env, variable)
		}
	}
	bouncer.SecurityContext, bouncer.VolumeMounts = p.c.spec.containerSecurity(), mountedAt(bouncer.VolumeMounts, scratch)
	if bouncer.ReadinessProbe == nil {
		bouncer.ReadinessProbe = &corev1.Probe{TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
			TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(5432)},
		}}
	}
}

// containerNamed is one of a pod's containers, which is added when it is not there.
func containerNamed(list *[]corev1.Container, name string) *corev1.Container {
	for index := range *list {
		if (*list)[index].Name == name {
			return &(*list)[index]
		}
	}
	*list = append(*list, corev1.Container{Name: name})
	return &(*list)[len(*list)-1]
}

func mountedAt(mounts []corev1.VolumeMount, wanted corev1.VolumeMount) []corev1.VolumeMount {
	mounts = slices.DeleteFunc(slices.Clone(mounts), func(has corev1.VolumeMount) bool { return has.MountPath == wanted.MountPath })
	return append(mounts, wanted)
}
