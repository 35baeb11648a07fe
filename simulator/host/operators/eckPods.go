package operators

import (
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// eckData is the volume of a node's data: volume/names.go.
const eckData = "elasticsearch-data"

// setOf is the StatefulSet of a group of nodes (BuildStatefulSet of nodespec/statefulset.go): its pods are replaced by the operator alone.
func (e *elasticsearch) setOf(set eckNodeSet, config string) *appsv1.StatefulSet {
	templates := slices.Clone(set.VolumeClaimTemplates)
	if len(templates) == 0 && !hasVolume(set.PodTemplate.Spec.Volumes, eckData) {
		// DefaultDataVolumeClaim of volume/defaults.go.
		templates = []corev1.PersistentVolumeClaim{{
			ObjectMeta: metav1.ObjectMeta{Name: eckData},
			Spec: corev1.PersistentVolumeClaimSpec{
				AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
				Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
			},
		}}
	}
	labels := e.setLabels(set)
	count := set.Count
	return &appsv1.StatefulSet{
		ObjectMeta: e.meta(e.named(set.Name), labels),
		Spec: appsv1.StatefulSetSpec{
			UpdateStrategy:       appsv1.StatefulSetUpdateStrategy{Type: appsv1.OnDeleteStatefulSetStrategyType},
			PodManagementPolicy:  appsv1.ParallelPodManagement,
			RevisionHistoryLimit: e.spec.RevisionHistoryLimit,
			ServiceName:          e.named(set.Name),
			Selector:             &metav1.LabelSelector{MatchLabels: labels},
			Replicas:             &count,
			VolumeClaimTemplates: templates,
			Template:             e.podOf(set, config),
		},
	}
}

// podOf is BuildPodTemplateSpec of nodespec/podspec.go: what the object says of its pods, and over it what it does not say.
func (e *elasticsearch) podOf(set eckNodeSet, config string) corev1.PodTemplateSpec {
	made := *set.PodTemplate.DeepCopy()
	made.Labels = joined(e.podLabels(set), made.Labels)
	made.Annotations = joined(map[string]string{
		"co.elastic.logs/module": "elasticsearch", "elasticsearch.k8s.elastic.co/config-hash": digest(config + e.keystoreHash()),
	}, made.Annotations)
	spec := &made.Spec
	isFalse, seconds, group := false, int64(180), int64(1000)
	if spec.AutomountServiceAccountToken == nil {
		spec.AutomountServiceAccountToken = &isFalse
	}
	if spec.TerminationGracePeriodSeconds == nil {
		spec.TerminationGracePeriodSeconds = &seconds
	}
	if spec.SecurityContext == nil {
		spec.SecurityContext = &corev1.PodSecurityContext{FSGroup: &group, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}}
	}
	if spec.Affinity == nil {
		spec.Affinity = e.apart()
	}
	e.spread(set, spec)
	// What the object says of a volume of that name stands.
	for _, volume := range e.volumes(set) {
		if !hasVolume(spec.Volumes, volume.Name) {
			spec.Volumes = append(spec.Volumes, volume)
		}
	}
	slices.SortStableFunc(spec.Volumes, byName)
	main := e.container(set, spec)
	spec.InitContainers = append(e.initContainers(main), spec.InitContainers...)
	return made
}

// joined has the second map's words over the first's.
func joined(own, given map[string]string) map[string]string {
	made := clone(own)
	for key, value := range given {
		made[key] = value
	}
	return made
}

func hasVolume(volumes []corev1.Volume, name string) bool {
	return slices.ContainsFunc(volumes, func(each corev1.Volume) bool { return each.Name == name })
}

// apart is DefaultAffinity of nodespec/defaults.go.
func (e *elasticsearch) apart() *corev1.Affinity {
	return &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{
		Weight: 100,
		PodAffinityTerm: corev1.PodAffinityTerm{
			TopologyKey: corev1.LabelHostname, LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{eckCluster: e.name()}},
		},
	}}}}
}

// spread is zoneAwarenessSchedulingDirectives: over zones, and only on nodes that say in which zone they are.
func (e *elasticsearch) spread(set eckNodeSet, spec *corev1.PodSpec) {
	key := e.zoneKey()
	if key == "" {
		return
	}
	asked := corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpExists}
	if own := set.ZoneAwareness; own != nil {
		if len(own.Zones) > 0 {
			asked.Operator, asked.Values = corev1.NodeSelectorOpIn, own.Zones
		}
		isSaid := slices.ContainsFunc(spec.TopologySpreadConstraints, func(each corev1.TopologySpreadConstraint) bool { return each.TopologyKey == key })
		if !isSaid {
			spec.TopologySpreadConstraints = append(spec.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
				MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: corev1.DoNotSchedule,
				LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{eckCluster: e.name(), eckSet: e.named(set.Name)}},
			})
		}
	}
	if spec.Affinity.NodeAffinity == nil {
		spec.Affinity.NodeAffinity = &corev1.NodeAffinity{}
	}
	required := spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	if required == nil {
		required = &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{}}}
		spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution = required
	}
	for index := range required.NodeSelectorTerms {
		term := &required.NodeSelectorTerms[index]
		term.MatchExpressions = append(term.MatchExpressions, asked)
	}
}

// eckShared are folders that an init container fills for the program: initcontainer/prepare_fs.go.
var eckShared = map[string]string{
	"elastic-internal-elasticsearch-bin-local":     "/usr/share/elasticsearch/bin",
	"elastic-internal-elasticsearch-config-local":  "/usr/share/elasticsearch/config",
	"elastic-internal-elasticsearch-plugins-local": "/usr/share/elasticsearch/plugins",
	"elasticsearch-logs":                           "/usr/share/elasticsearch/logs",
	"tmp-volume":                                   "/tmp",
}

// eckSecrets are folders of Secrets by the suffix of their names: nodespec/volumes.go.
func (e *elasticsearch) secretFolders(set eckNodeSet) map[string][2]string {
	own := e.named(set.Name) + "-es-"
	return map[string][2]string{
		"elastic-internal-xpack-file-realm":               {e.named("xpack-file-realm"), "/mnt/elastic-internal/xpack-file-realm"},
		"elastic-internal-probe-user":                     {e.named("internal-users"), "/mnt/elastic-internal/pod-mounted-users"},
		"elastic-internal-transport-certificates":         {own + "transport-certs", "/usr/share/elasticsearch/config/transport-certs"},
		"elastic-internal-remote-certificate-authorities": {e.named("remote-ca"), "/usr/share/elasticsearch/config/transport-remote-certs/"},
		"elastic-internal-http-certificates":              {e.named("http-certs-internal"), "/usr/share/elasticsearch/config/http-certs"},
		"elastic-internal-elasticsearch-config":           {own + "config", "/mnt/elastic-internal/elasticsearch-config"},
		"file-settings":                                   {e.named("file-settings"), "/usr/share/elasticsearch/config/operator"},
	}
}

func (e *elasticsearch) mapFolders() map[string][2]string {
	return map[string][2]string{
		"elastic-internal-unicast-hosts": {e.named("unicast-hosts"), "/mnt/elastic-internal/unicast-hosts"},
		"elastic-internal-scripts":       {e.named("scripts"), "/mnt/elastic-internal/scripts"},
	}
}

func (e *elasticsearch) volumes(set eckNodeSet) []corev1.Volume {
	made := []corev1.Volume{{Name: "downward-api", VolumeSource: corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{
		Items: []corev1.DownwardAPIVolumeFile{{Path: "labels", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels"}}},
	}}}}
	for name := range eckShared {
		made = append(made, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}})
	}
	for name, folder := range e.secretFolders(set) {
		made = append(made, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: folder[0]}}})
	}
	if e.hasKeystore() {
		made = append(made, corev1.Volume{Name: eckKeystore, VolumeSource: corev1.VolumeSource{
			Secret: &corev1.SecretVolumeSource{SecretName: e.named("secure-settings")},
		}})
	}
	for name, folder := range e.mapFolders() {
		source := &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: folder[0]}}
		made = append(made, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{ConfigMap: source}})
	}
	return made
}

func byName(a, b corev1.Volume) int { return strings.Compare(a.Name, b.Name) }

// container has the words of the object's own container of that name, and over them what it does not say.
func (e *elasticsearch) container(set eckNodeSet, spec *corev1.PodSpec) *corev1.Container {
	at := slices.IndexFunc(spec.Containers, func(each corev1.Container) bool { return each.Name == "elasticsearch" })
	if at < 0 {
		spec.Containers = append(spec.Containers, corev1.Container{Name: "elasticsearch"})
		at = len(spec.Containers) - 1
	}
	made := &spec.Containers[at]
	if made.Image == "" {
		made.Image = orElse(e.spec.Image, "docker.elastic.co/elasticsearch/elasticsearch:"+e.spec.Version)
	}
	// DefaultResources of nodespec/defaults.go.
	memory := corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("2Gi")}
	if len(made.Resources.Requests) == 0 && len(made.Resources.Limits) == 0 {
		made.Resources = corev1.ResourceRequirements{Requests: memory, Limits: memory}
	}
	if made.SecurityContext == nil {
		made.SecurityContext = eckSecurity()
	}
	made.Ports = append(made.Ports, corev1.ContainerPort{Name: e.scheme(), ContainerPort: 9200, Protocol: corev1.ProtocolTCP},
		corev1.ContainerPort{Name: "transport", ContainerPort: 9300, Protocol: corev1.ProtocolTCP})
	made.Env = append(e.environment(set), made.Env...)
	script := func(name string) corev1.ProbeHandler {
		return corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"bash", "-c", "/mnt/elastic-internal/scripts/" + name}}}
	}
	if made.ReadinessProbe == nil {
		made.ReadinessProbe = &corev1.Probe{
			FailureThreshold: 3, InitialDelaySeconds: 10, PeriodSeconds: 5, SuccessThreshold: 1, TimeoutSeconds: 5,
			ProbeHandler: script("readiness-port-script.sh"),
		}
	}
	if made.Lifecycle == nil {
		made.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: script("pre-stop-hook-script.sh").Exec}}
	}
	made.VolumeMounts = append(e.mounts(set, spec.Volumes), made.VolumeMounts...)
	return made
}

// eckSecurity is securitycontext.For.
func eckSecurity() *corev1.SecurityContext {
	isTrue, isFalse := true, false
	return &corev1.SecurityContext{
		Privileged: &isFalse, ReadOnlyRootFilesystem: &isTrue, AllowPrivilegeEscalation: &isFalse, RunAsNonRoot: &isTrue,
		Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
	}
}

func (e *elasticsearch) environment(set eckNodeSet) []corev1.EnvVar {
	field := func(name, path string) corev1.EnvVar {
		return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: path}}}
	}
	made := []corev1.EnvVar{
		field("POD_IP", "status.podIP"), field("POD_NAME", "metadata.name"), field("NODE_NAME", "spec.nodeName"), field("NAMESPACE", "metadata.namespace"),
		{Name: "HEADLESS_SERVICE_NAME", Value: e.named(set.Name)},
		{Name: "PROBE_PASSWORD_PATH", Value: "/mnt/elastic-internal/pod-mounted-users/elastic-internal-probe"},
		{Name: "PROBE_USERNAME", Value: "elastic-internal-probe"}, {Name: "READINESS_PROBE_PROTOCOL", Value: e.scheme()},
		{Name: "NSS_SDB_USE_CACHE", Value: "no"},
	}
	if key := e.zoneKey(); key != "" {
		made = append(made, field("ZONE", "metadata.annotations['"+key+"']"))
	}
	return made
}

func (e *elasticsearch) mounts(set eckNodeSet, volumes []corev1.Volume) []corev1.VolumeMount {
	made := []corev1.VolumeMount{{Name: "downward-api", MountPath: "/mnt/elastic-internal/downward-api", ReadOnly: true}}
	for name, path := range eckShared {
		made = append(made, corev1.VolumeMount{Name: name, MountPath: path})
	}
	for _, folders := range []map[string][2]string{e.secretFolders(set), e.mapFolders()} {
		for name, folder := range folders {
			made = append(made, corev1.VolumeMount{Name: name, MountPath: folder[1], ReadOnly: true})
		}
	}
	for _, claim := range set.VolumeClaimTemplates {
		if claim.Name == eckData {
			made = append(made, corev1.VolumeMount{Name: eckData, MountPath: "/usr/share/elasticsearch/data"})
		}
	}
	if len(set.VolumeClaimTemplates) == 0 || hasVolume(volumes, eckData) {
		made = append(made, corev1.VolumeMount{Name: eckData, MountPath: "/usr/share/elasticsearch/data"})
	}
	slices.SortFunc(made, func(a, b corev1.VolumeMount) int { return strings.Compare(a.MountPath, b.MountPath) })
	return made
}

// initContainers are NewInitContainers, with what they have of the program's own container.
func (e *elasticsearch) initContainers(main *corev1.Container) []corev1.Container {
	small := corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("50Mi"), corev1.ResourceCPU: resource.MustParse("100m")}
	prepare := corev1.Container{
		Name: "elastic-internal-init-filesystem", Command: []string{"bash", "-c", "/mnt/elastic-internal/scripts/prepare-fs.sh"},
		Resources: corev1.ResourceRequirements{Requests: small, Limits: small},
	}
	suspend := corev1.Container{
		Name: "elastic-internal-suspend", Command: []string{"bash", "-c", "/mnt/elastic-internal/scripts/suspend.sh"}, Resources: *main.Resources.DeepCopy(),
	}
	made := []corev1.Container{prepare, suspend}
	if e.hasKeystore() {
		made = []corev1.Container{prepare, e.keystoreContainer(), suspend}
	}
	for index := range made {
		made[index].Image, made[index].ImagePullPolicy, made[index].SecurityContext = main.Image, corev1.PullIfNotPresent, eckSecurity()
		made[index].Env, made[index].VolumeMounts = slices.Clone(main.Env), append(made[index].VolumeMounts, main.VolumeMounts...)
	}
	return made
}
