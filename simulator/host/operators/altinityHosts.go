package operators

import (
	"context"
	"encoding/json"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// makeHosts makes hosts that are new at once, and changes one of the others only while all of them are ready; it tells how many are as they should be. A host
// is a StatefulSet of one pod, with a Service of its own (pkg/controller/chi/worker-reconciler-chi.go, reconcileShardsAndHosts).
func (a *altinity) makeHosts(ctx context.Context) (int, error) {
	var changed []*appsv1.StatefulSet
	completed, waits := 0, false
	for _, host := range a.hosts() {
		if err := a.makeHostService(ctx, host); err != nil {
			return completed, err
		}
		set, err := a.setOf(host)
		if err != nil {
			return completed, err
		}
		there := a.w.get(statefulSets, a.namespace(), set.Name)
		switch {
		case there == nil:
			if err := a.own(ctx, statefulSets, "StatefulSet", set); err != nil {
				return completed, err
			}
			waits = true
		case a.isStale(there, set):
			changed = append(changed, set)
		case isRolledOut(there):
			completed++
		default:
			waits = true
		}
		if err := a.growClaims(ctx, host); err != nil {
			return completed, err
		}
	}
	if waits || len(changed) == 0 {
		return completed, nil
	}
	return completed, a.change(ctx, changed[0])
}

// isStale says whether a StatefulSet is not what it should be.
func (a *altinity) isStale(there *unstructured.Unstructured, set *appsv1.StatefulSet) bool {
	wanted, err := untyped("apps/v1", "StatefulSet", set)
	return err != nil || there.GetAnnotations()[appliedAnnotation] != remember(wanted)
}

// change replaces a StatefulSet whose volumes are others: the API server takes no other change of them. Its claims stay.
func (a *altinity) change(ctx context.Context, set *appsv1.StatefulSet) error {
	stored, err := storedClaims(a.w.world, set.Namespace, set.Name)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(stored, set.Spec.VolumeClaimTemplates, func(a, b corev1.PersistentVolumeClaim) bool { return a.Name == b.Name }) {
		return a.w.drop(ctx, statefulSets, a.object, set.Name)
	}
	return a.own(ctx, statefulSets, "StatefulSet", set)
}

func isRolledOut(set *unstructured.Unstructured) bool {
	var status appsv1.StatefulSetStatus
	if err := read(set, &status, "status"); err != nil {
		return false
	}
	return status.ObservedGeneration == set.GetGeneration() && status.ReadyReplicas == 1 && status.CurrentRevision == status.UpdateRevision
}

// setOf is CreateStatefulSet of pkg/model/common/creator/stateful-set.go.
func (a *altinity) setOf(host altinityHost) (*appsv1.StatefulSet, error) {
	own, one := a.inHost(host), int32(1)
	template := a.podTemplate()
	podLabels := a.labels(own)
	podLabels[a.label("ready")] = "yes"
	for key, value := range template.Metadata.Labels {
		podLabels[key] = value
	}
	set := &appsv1.StatefulSet{ObjectMeta: a.meta(a.setName(host), own), Spec: appsv1.StatefulSetSpec{
		Replicas: &one, ServiceName: a.setName(host), Selector: &metav1.LabelSelector{MatchLabels: own},
		PodManagementPolicy: appsv1.OrderedReadyPodManagement,
		UpdateStrategy:      appsv1.StatefulSetUpdateStrategy{Type: appsv1.RollingUpdateStatefulSetStrategyType},
		Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: podLabels, Annotations: template.Metadata.Annotations},
			Spec:       a.podOf(host, template.Spec.DeepCopy()),
		},
		VolumeClaimTemplates: a.claimsOf(host, template.Spec),
	}}
	stored, err := storedClaims(a.w.world, set.Namespace, set.Name)
	if err != nil {
		return nil, err
	}
	for index, claim := range set.Spec.VolumeClaimTemplates {
		for _, there := range stored {
			if there.Name == claim.Name {
				// A template cannot be changed; the claims themselves grow.
				set.Spec.VolumeClaimTemplates[index] = there
			}
		}
	}
	return set, nil
}

// podOf adds to the template's pod what the operator knows of the host: stateful-set-application.go and stateful-set-storage.go.
func (a *altinity) podOf(host altinityHost, pod *corev1.PodSpec) corev1.PodSpec {
	pod.HostAliases = append([]corev1.HostAlias{{IP: "127.0.0.1", Hostnames: []string{a.setName(host)}}}, pod.HostAliases...)
	if pod.TerminationGracePeriodSeconds == nil {
		seconds := int64(30)
		pod.TerminationGracePeriodSeconds = &seconds
	}
	config := a.commonConfigNames()
	folders := map[string]string{config[0]: a.kind.commonFolder, config[1]: "users.d", a.hostConfigName(host): "conf.d"}
	names := []string{config[0], config[1], a.hostConfigName(host)}
	for _, name := range names {
		source := corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}}
		pod.Volumes = append(pod.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{ConfigMap: &source}})
	}
	for index := range pod.Containers {
		container := &pod.Containers[index]
		for _, name := range names {
			container.VolumeMounts = append(container.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: a.kind.config + folders[name] + "/"})
		}
		if data := a.spec.Defaults.Templates.DataVolumeClaimTemplate; data != "" {
			container.VolumeMounts = append(container.VolumeMounts, corev1.VolumeMount{Name: data, MountPath: a.kind.data})
		}
		if container.Name == a.kind.container {
			a.completeProgram(container)
		}
	}
	return *pod
}

// completeProgram gives the program its ports, what it reads from Secrets, and probes where it has none (probe.go of both kinds).
func (a *altinity) completeProgram(container *corev1.Container) {
	for _, port := range a.ports() {
		container.Ports = append(container.Ports, corev1.ContainerPort{Name: port.name, ContainerPort: port.number, Protocol: corev1.ProtocolTCP})
	}
	container.Env = append(container.Env, a.environment()...)
	asks := func(path string, port intstr.IntOrString, scheme corev1.URIScheme, after int32) *corev1.Probe {
		get := &corev1.HTTPGetAction{Path: path, Port: port, Scheme: scheme}
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: get}, InitialDelaySeconds: after, PeriodSeconds: 3, FailureThreshold: 10}
	}
	name, scheme := "http", corev1.URISchemeHTTP
	if !slices.ContainsFunc(a.ports(), func(each altinityPort) bool { return each.name == "http" }) {
		name, scheme = "https", corev1.URISchemeHTTPS
	}
	live, ready := asks("/ping", intstr.FromString(name), scheme, 60), asks("/ping", intstr.FromString(name), scheme, 10)
	if a.kind.short == "chk" {
		script := &corev1.ExecAction{Command: []string{"bash", "-xc", "exec 3<>/dev/tcp/127.0.0.1/2181; printf 'ruok' >&3"}}
		live = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: script}, InitialDelaySeconds: 5, PeriodSeconds: 5, FailureThreshold: 12}
		ready = asks("/ready", intstr.FromInt32(9182), corev1.URISchemeHTTP, 5)
	}
	if container.LivenessProbe == nil {
		container.LivenessProbe = live
	}
	if container.ReadinessProbe == nil {
		container.ReadinessProbe = ready
	}
}

// claimsOf are the templates of claims that the pod mounts.
func (a *altinity) claimsOf(host altinityHost, pod corev1.PodSpec) []corev1.PersistentVolumeClaim {
	used := map[string]bool{a.spec.Defaults.Templates.DataVolumeClaimTemplate: true}
	for _, container := range pod.Containers {
		for _, mount := range container.VolumeMounts {
			used[mount.Name] = true
		}
	}
	mode := corev1.PersistentVolumeFilesystem
	var made []corev1.PersistentVolumeClaim
	for _, each := range a.spec.Templates.VolumeClaimTemplates {
		if !used[each.Name] {
			continue
		}
		claim := corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: each.Name, Labels: a.labels(a.inHost(host))}, Spec: each.Spec}
		claim.Spec.VolumeMode = &mode
		policy := orElse(each.ReclaimPolicy, orElse(a.spec.Defaults.StorageManagement.ReclaimPolicy, "Delete"))
		claim.Labels[a.label("reclaimPolicy")] = policy
		made = append(made, claim)
	}
	return made
}

// growClaims has claims that are there ask for as much as their template does, where that is more (pkg/controller/common/storage/storage-reconciler.go).
func (a *altinity) growClaims(ctx context.Context, host altinityHost) error {
	for _, each := range a.spec.Templates.VolumeClaimTemplates {
		name := each.Name + "-" + a.setName(host) + "-0"
		there := a.w.get(claims, a.namespace(), name)
		if there == nil {
			continue
		}
		wanted := each.Spec.Resources.Requests[corev1.ResourceStorage]
		size, err := quantityAtLeast(wanted.String(), there)
		if err != nil {
			return err
		}
		if has, _, _ := unstructured.NestedString(there.Object, "spec", "resources", "requests", "storage"); has == size {
			continue
		}
		patch, err := json.Marshal(fields{"spec": fields{"resources": fields{"requests": fields{"storage": size}}}})
		if err != nil {
			return err
		}
		options := metav1.PatchOptions{FieldManager: altinityManager}
		if _, err := a.w.write(claims, a.namespace()).Patch(ctx, name, types.MergePatchType, patch, options); ignoreGone(err) != nil {
			return err
		}
	}
	return nil
}

// makeHostService is createServiceHost: it leads to the pod also before that is ready.
func (a *altinity) makeHostService(ctx context.Context, host altinityHost) error {
	own := a.inHost(host)
	own[a.label("Service")] = "host"
	service := &corev1.Service{ObjectMeta: a.meta(a.setName(host), own), Spec: corev1.ServiceSpec{
		Selector: a.inHost(host), ClusterIP: corev1.ClusterIPNone, Type: corev1.ServiceTypeClusterIP, PublishNotReadyAddresses: true,
	}}
	for _, port := range a.ports() {
		service.Spec.Ports = append(service.Spec.Ports, servicePort(port))
	}
	return a.own(ctx, services, "Service", service)
}

func servicePort(port altinityPort) corev1.ServicePort {
	return corev1.ServicePort{Name: port.name, Port: port.number, TargetPort: intstr.FromInt32(port.number), Protocol: corev1.ProtocolTCP}
}

// makeService is createServiceCR: it leads to all pods that the operator calls ready.
func (a *altinity) makeService(ctx context.Context) error {
	own, selector := a.inInstallation(), a.inInstallation()
	own[a.label("Service")], selector[a.label("ready")] = a.kind.short, "yes"
	service := &corev1.Service{ObjectMeta: a.meta(a.serviceName(), own)}
	if template := a.serviceTemplate(); template != nil {
		service.Spec, service.Annotations = template.Spec, template.Metadata.Annotations
	} else {
		service.Spec = corev1.ServiceSpec{ClusterIP: corev1.ClusterIPNone, Type: corev1.ServiceTypeClusterIP}
		for _, port := range a.kind.servicePorts {
			made := servicePort(port)
			made.TargetPort = intstr.FromString(port.name)
			service.Spec.Ports = append(service.Spec.Ports, made)
		}
	}
	service.Spec.Selector = selector
	return a.own(ctx, services, "Service", service)
}

// makeBudget is CreatePodDisruptionBudget of pkg/model/common/creator/pdb.go.
func (a *altinity) makeBudget(ctx context.Context) error {
	cluster := a.cluster()
	name := a.kind.short + "-" + a.name() + "-" + cluster.Name
	if !isYes(cluster.PDBManaged, true) {
		return a.w.drop(ctx, budgets, a.object, name)
	}
	most := intstr.FromInt32(1)
	if cluster.PDBMaxUnavailable != nil {
		most = intstr.FromInt32(*cluster.PDBMaxUnavailable)
	}
	spec := policyv1.PodDisruptionBudgetSpec{Selector: &metav1.LabelSelector{MatchLabels: a.inCluster()}, MaxUnavailable: &most}
	return a.own(ctx, budgets, "PodDisruptionBudget", &policyv1.PodDisruptionBudget{ObjectMeta: a.meta(name, a.inCluster()), Spec: spec})
}
