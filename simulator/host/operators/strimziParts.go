package operators

import (
	"context"
	"maps"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// makeEntityOperator makes the pod in which topics and users are looked after (EntityOperatorReconciler). Nobody waits for it but these two.
func (k *kafka) makeEntityOperator(ctx context.Context) (bool, error) {
	asked := k.spec.EntityOperator
	name := k.name() + "-entity-operator"
	if asked == nil || (asked.TopicOperator == nil && asked.UserOperator == nil) {
		return false, k.w.drop(ctx, deployments, k.object, name)
	}
	own := k.labels(name, "entity-operator")
	if err := k.w.own(ctx, serviceAccounts, "ServiceAccount", k.object, &corev1.ServiceAccount{ObjectMeta: k.meta(name, own)}); err != nil {
		return false, err
	}
	var containers, ports []any
	volumes := []any{tokenVolume()}
	token := mount("kube-api-access", "/var/run/secrets/kubernetes.io/serviceaccount", true)
	for _, each := range []struct {
		part        *strimziPart
		word, short string
		port        int64
		image       string
		template    fields
	}{
		{asked.TopicOperator, "topic-operator", "to", 8080, "STRIMZI_DEFAULT_TOPIC_OPERATOR_IMAGE", asked.Template.TopicOperatorContainer},
		{asked.UserOperator, "user-operator", "uo", 8081, "STRIMZI_DEFAULT_USER_OPERATOR_IMAGE", asked.Template.UserOperatorContainer},
	} {
		if each.part == nil {
			continue
		}
		if err := k.makeEntityParts(ctx, own, each.word); err != nil {
			return false, err
		}
		health, tmp, config := "healthcheck-"+each.short, "strimzi-"+each.short+"-tmp", "entity-"+each.word+"-metrics-and-logging"
		asksFor := func(path string) fields { return fields{"httpGet": fields{"path": path, "port": health}} }
		probes := fields{"livenessProbe": asks(each.part.LivenessProbe, asksFor("/healthy")), "readinessProbe": asks(each.part.ReadinessProbe, asksFor("/ready"))}
		if each.short == "to" {
			probes["startupProbe"] = asks(each.part.StartupProbe, asksFor("/healthy"))
		}
		made := container(each.word, orElse(each.part.Image, k.settings[each.image]), each.part.Resources, each.template, fields{
			"args":         []any{"/opt/strimzi/bin/" + map[string]string{"to": "topic", "uo": "user"}[each.short] + "_operator_run.sh"},
			"ports":        []any{port(each.port, health)},
			"volumeMounts": []any{token, mount(tmp, "/tmp", false), mount(config, "/opt/"+each.word+"/custom-config/", false)},
		})
		maps.Copy(made, probes)
		containers, ports = append(containers, made), append(ports, ingress(each.port))
		volumes = append(volumes, memoryVolume(tmp, "5Mi"), fields{"name": config, "configMap": fields{"name": k.name() + "-entity-" + each.word + "-config"}})
	}
	if err := k.makePolicy(ctx, name, name, "entity-operator", ports); err != nil {
		return false, err
	}
	return false, k.deploy(ctx, name, "entity-operator", "Recreate", asked.Template.Pod, fields{"containers": containers, "volumes": volumes})
}

// makeEntityParts makes what one of its two programs has for itself: how it logs in, its configuration, its rights.
func (k *kafka) makeEntityParts(ctx context.Context, own map[string]string, word string) error {
	name := k.name() + "-entity-" + word
	if err := k.makeIdentity(ctx, name+"-certs", "entity-operator", k.name()+"-entity-operator", nil); err != nil {
		return err
	}
	config := &corev1.ConfigMap{ObjectMeta: k.meta(name+"-config", own), Data: map[string]string{"log4j2.properties": "name = " + word + "\n"}}
	if err := k.w.own(ctx, configMaps, "ConfigMap", k.object, config); err != nil {
		return err
	}
	return k.w.own(ctx, roleBindings, "RoleBinding", k.object, &rbacv1.RoleBinding{
		ObjectMeta: k.meta(name+"-role", own), RoleRef: rbacv1.RoleRef{APIGroup: roles.Group, Kind: "ClusterRole", Name: "strimzi-entity-operator"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: k.name() + "-entity-operator", Namespace: k.namespace()}},
	})
}

// makeCruiseControl makes what moves partitions between brokers (CruiseControlReconciler); it has nothing to do where there is one broker alone.
func (k *kafka) makeCruiseControl(ctx context.Context) (bool, error) {
	asked, name := k.spec.CruiseControl, k.name()+"-cruise-control"
	if asked == nil {
		return false, k.w.drop(ctx, deployments, k.object, name)
	}
	own := k.labels(name, "cruise-control")
	if err := k.w.own(ctx, serviceAccounts, "ServiceAccount", k.object, &corev1.ServiceAccount{ObjectMeta: k.meta(name, own)}); err != nil {
		return false, err
	}
	if err := k.makeIdentity(ctx, name+"-certs", "cruise-control", name, []string{name, name + "." + k.namespace() + ".svc"}); err != nil {
		return false, err
	}
	if k.w.get(secrets, k.namespace(), name+"-api") == nil {
		users := map[string][]byte{"cruise-control.apiAuthFile": []byte("simulated")}
		if err := k.makeSecret(ctx, name+"-api", "strimzi.io/generation", users); err != nil {
			return false, err
		}
	}
	config := &corev1.ConfigMap{ObjectMeta: k.meta(name+"-config", own), Data: map[string]string{"cruisecontrol.properties": ""}}
	if err := k.w.own(ctx, configMaps, "ConfigMap", k.object, config); err != nil {
		return false, err
	}
	service := &corev1.Service{ObjectMeta: k.meta(name, own), Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeClusterIP, Selector: k.selector(name),
		Ports: []corev1.ServicePort{{Name: "rest-api", Protocol: corev1.ProtocolTCP, Port: 9090, TargetPort: intstr.FromInt32(9090)}},
	}}
	if err := k.w.own(ctx, services, "Service", k.object, service); err != nil {
		return false, err
	}
	of := func(key, value string) any { return fields{"podSelector": fields{"matchLabels": fields{key: value}}} }
	rules := []any{ingress(9090, of(strimziKindWord, "cluster-operator"), of(strimziNameWord, k.name()+"-entity-operator"))}
	ports := []any{port(9090, "rest-api")}
	if asked.MetricsConfig != nil {
		rules, ports = append(rules, ingress(kafkaMetricsPort)), append(ports, port(kafkaMetricsPort, "tcp-prometheus"))
	}
	if err := k.makePolicy(ctx, k.name()+"-network-policy-cruise-control", name, "cruise-control", rules); err != nil {
		return false, err
	}
	command := fields{"exec": fields{"command": []any{"/opt/cruise-control/cruise_control_healthcheck.sh"}}}
	made := container("cruise-control", orElse(asked.Image, k.settings["STRIMZI_DEFAULT_CRUISE_CONTROL_IMAGE"]), asked.Resources, asked.Template.CruiseControlContainer, fields{
		"args": []any{"/opt/cruise-control/cruise_control_run.sh"}, "ports": ports,
		"livenessProbe": asks(asked.LivenessProbe, command), "readinessProbe": asks(asked.ReadinessProbe, command),
		"volumeMounts": []any{
			mount("strimzi-tmp", "/tmp", false), mount("cc-certs", "/etc/cruise-control/cc-certs/", false),
			mount("cluster-ca-certs", "/etc/cruise-control/cluster-ca-certs/", false), mount("api-auth-config", "/opt/cruise-control/api-auth-config/", false),
			mount("config", "/opt/cruise-control/custom-config/", false),
		},
	})
	secretVolume := func(volume, secret string) any { return fields{"name": volume, "secret": fields{"secretName": secret}} }
	return false, k.deploy(ctx, name, "cruise-control", "RollingUpdate", asked.Template.Pod, fields{"containers": []any{made}, "volumes": []any{
		memoryVolume("strimzi-tmp", "5Mi"), secretVolume("cc-certs", name+"-certs"), secretVolume("cluster-ca-certs", k.name()+"-cluster-ca-cert"),
		secretVolume("api-auth-config", name+"-api"), fields{"name": "config", "configMap": fields{"name": name + "-config"}},
	}})
}

// deploy makes a Deployment of one pod (WorkloadUtils.createDeployment), and what keeps it as long as nobody takes it by hand.
func (k *kafka) deploy(ctx context.Context, name, part, strategy string, template, spec fields) error {
	own, annotations := k.labels(name, part), map[string]string{}
	pod := maps.Clone(own)
	addMetadata(template, pod, annotations)
	spec["serviceAccountName"], spec["automountServiceAccountToken"] = name, false
	takeOver(spec, template)
	if err := k.budgetOf(ctx, name, part, 1, strimziTemplate{}); err != nil {
		return err
	}
	return k.w.own(ctx, deployments, "Deployment", k.object, fields{
		"metadata": k.meta(name, own),
		"spec": fields{
			"replicas": int64(1), "selector": fields{"matchLabels": anyMap(k.selector(name))}, "strategy": fields{"type": strategy},
			"template": fields{"metadata": fields{"labels": anyMap(pod), "annotations": anyMap(annotations)}, "spec": spec},
		},
	})
}

// container is one with what a template says of it (ContainerUtils.createContainer).
func container(name, image string, resources, template, more fields) fields {
	made := fields{"name": name, "image": image}
	if len(resources) > 0 {
		made["resources"] = runtime.DeepCopyJSONValue(resources)
	}
	if security, isSaid := template["securityContext"]; isSaid {
		made["securityContext"] = runtime.DeepCopyJSONValue(security)
	}
	maps.Copy(made, more)
	return made
}

// asks is a probe as the resource has it, with the defaults of ProbeUtils.DEFAULT_HEALTHCHECK_OPTIONS.
func asks(given, action fields) fields {
	made := fields{"initialDelaySeconds": int64(15), "timeoutSeconds": int64(5)}
	maps.Copy(made, given)
	maps.Copy(made, action)
	return made
}

func mount(name, path string, isReadOnly bool) any {
	made := fields{"name": name, "mountPath": path}
	if isReadOnly {
		made["readOnly"] = true
	}
	return made
}

func memoryVolume(name, limit string) any {
	return fields{"name": name, "emptyDir": fields{"medium": "Memory", "sizeLimit": limit}}
}

// tokenVolume is VolumeUtils.createServiceAccountVolume.
func tokenVolume() any {
	return fields{"name": "kube-api-access", "projected": fields{"defaultMode": int64(420), "sources": []any{
		fields{"serviceAccountToken": fields{"path": "token"}},
		fields{"configMap": fields{"name": "kube-root-ca.crt", "items": []any{fields{"key": "ca.crt", "path": "ca.crt"}}}},
		fields{"downwardAPI": fields{"items": []any{fields{
			"path": "namespace", "fieldRef": fields{"apiVersion": "v1", "fieldPath": "metadata.namespace"},
		}}}},
	}}}
}
