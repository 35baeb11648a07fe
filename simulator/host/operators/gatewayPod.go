package operators

import (
	"maps"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// fields keeps maps of an object readable.
type fields = map[string]any

func (p *proxy) deployment() *unstructured.Unstructured {
	labels := map[string]string{
		"sidecar.istio.io/inject": "false", "service.istio.io/canonical-name": p.name, "service.istio.io/canonical-revision": "latest",
	}
	if p.class.waypoint {
		labels["istio.io/dataplane-mode"] = "none"
	}
	annotations := map[string]string{}
	maps.Copy(annotations, p.comments)
	annotations["istio.io/rev"] = p.mesh.revision()
	maps.Copy(annotations, map[string]string{"prometheus.io/path": "/stats/prometheus", "prometheus.io/port": "15020", "prometheus.io/scrape": "true"})
	all := p.labelsWith(labels)
	all[managedLabel] = managedBy(p.class)
	return p.object("apps/v1", "Deployment", p.name, fields{"spec": fields{
		"selector": fields{"matchLabels": fields{gatewayNameLabel: p.gateway.GetName()}},
		"template": fields{"metadata": fields{"labels": anyMap(all), "annotations": anyMap(annotations)}, "spec": p.pod()},
	}})
}

func managedBy(class *gatewayClass) string {
	if class.waypoint {
		return "istio.io-mesh-controller"
	}
	return "istio.io-gateway-controller"
}

func (p *proxy) pod() fields {
	pod := fields{"serviceAccountName": p.account, "containers": []any{p.container()}, "volumes": p.volumes()}
	if p.class.waypoint {
		waypoint := p.mesh.Global.Waypoint
		set(pod, "affinity", waypoint.Affinity)
		set(pod, "nodeSelector", waypoint.NodeSelector)
		setList(pod, "topologySpreadConstraints", waypoint.TopologySpreadConstraints)
		setList(pod, "tolerations", waypoint.Tolerations)
	} else {
		pod["securityContext"] = p.podSecurity()
	}
	var pullSecrets []any
	for _, name := range p.mesh.Global.ImagePullSecrets {
		pullSecrets = append(pullSecrets, fields{"name": name})
	}
	setList(pod, "imagePullSecrets", pullSecrets)
	return pod
}

func (p *proxy) podSecurity() fields {
	if given := p.mesh.Gateways.SecurityContext; len(given) > 0 {
		return given
	}
	security := fields{"sysctls": []any{fields{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}}}
	set(security, "seccompProfile", p.mesh.Gateways.SeccompProfile)
	return security
}

func set(into fields, key string, value fields) {
	if len(value) > 0 {
		into[key] = value
	}
}

func setList(into fields, key string, value []any) {
	if len(value) > 0 {
		into[key] = value
	}
}

func (p *proxy) container() fields {
	resources := p.mesh.Global.Proxy.Resources
	security := fields{
		"capabilities": fields{"drop": []any{"ALL"}}, "allowPrivilegeEscalation": false, "privileged": false,
		"readOnlyRootFilesystem": true, "runAsUser": int64(1337), "runAsGroup": int64(1337), "runAsNonRoot": true,
	}
	if p.class.waypoint {
		resources = p.mesh.Global.Waypoint.Resources
		set(security, "seccompProfile", p.mesh.Gateways.SeccompProfile)
	}
	container := fields{
		"name": "istio-proxy", "image": p.mesh.image(p.gateway.GetAnnotations()), "args": p.arguments(), "securityContext": security,
		"ports": []any{port(15020, "metrics"), port(15021, "status-port"), port(15090, "http-envoy-prom")},
		"env":   p.environment(), "volumeMounts": p.mounts(),
		"startupProbe":   probe(fields{"failureThreshold": int64(30), "initialDelaySeconds": int64(1), "periodSeconds": int64(1)}),
		"readinessProbe": probe(fields{"failureThreshold": int64(4), "periodSeconds": int64(15)}),
	}
	set(container, "resources", resources)
	if policy := p.mesh.Global.ImagePullPolicy; policy != "" {
		container["imagePullPolicy"] = policy
	}
	return container
}

func (p *proxy) arguments() []any {
	role := []any{"proxy", "router"}
	if p.class.waypoint {
		role = []any{"proxy", "waypoint"}
	}
	arguments := append(role, "--domain", "$(POD_NAMESPACE).svc."+p.mesh.domain())
	if p.class.waypoint {
		arguments = append(arguments, "--serviceCluster", p.account+".$(POD_NAMESPACE)")
	}
	arguments = append(arguments, "--proxyLogLevel", orElse(p.mesh.Global.Proxy.LogLevel, "warning"),
		"--proxyComponentLogLevel", orElse(p.mesh.Global.Proxy.ComponentLogLevel, "misc:error"),
		"--log_output_level", orElse(p.mesh.Global.Logging.Level, "default:info"))
	if p.mesh.Global.LogAsJSON {
		arguments = append(arguments, "--log_as_json")
	}
	return arguments
}

func port(number int64, name string) fields {
	return fields{"containerPort": number, "name": name, "protocol": "TCP"}
}

func probe(own fields) fields {
	made := fields{"httpGet": fields{"path": "/healthz/ready", "port": int64(15021), "scheme": "HTTP"}, "successThreshold": int64(1), "timeoutSeconds": int64(1)}
	maps.Copy(made, own)
	return made
}

// environment is what says who the pod is; what only the proxy's own working needs is left out.
func (p *proxy) environment() []any {
	from := func(name, path string) fields {
		return fields{"name": name, "valueFrom": fields{"fieldRef": fields{"fieldPath": path}}}
	}
	limit := func(name, resource string) fields {
		return fields{"name": name, "valueFrom": fields{"resourceFieldRef": fields{"resource": resource, "divisor": "1"}}}
	}
	return []any{
		fields{"name": "PILOT_CERT_PROVIDER", "value": "istiod"},
		fields{"name": "CA_ADDR", "value": "istiod." + p.mesh.namespace + ".svc:15012"},
		from("POD_NAME", "metadata.name"), from("POD_NAMESPACE", "metadata.namespace"), from("INSTANCE_IP", "status.podIP"),
		from("SERVICE_ACCOUNT", "spec.serviceAccountName"), from("HOST_IP", "status.hostIP"),
		limit("ISTIO_CPU_LIMIT", "limits.cpu"), limit("GOMEMLIMIT", "limits.memory"), limit("GOMAXPROCS", "limits.cpu"),
		from("ISTIO_META_NODE_NAME", "spec.nodeName"),
		fields{"name": "ISTIO_META_WORKLOAD_NAME", "value": p.name},
		fields{"name": "ISTIO_META_OWNER", "value": "kubernetes://apis/apps/v1/namespaces/" + p.gateway.GetNamespace() + "/deployments/" + p.name},
	}
}

func (p *proxy) mounts() []any {
	mount := func(name, path string) fields { return fields{"name": name, "mountPath": path} }
	return []any{
		mount("workload-socket", "/var/run/secrets/workload-spiffe-uds"), mount("credential-socket", "/var/run/secrets/credential-uds"),
		mount("workload-certs", "/var/run/secrets/workload-spiffe-credentials"), mount("istiod-ca-cert", "/var/run/secrets/istio"),
		mount("istio-data", "/var/lib/istio/data"), mount("istio-envoy", "/etc/istio/proxy"), mount("istio-token", "/var/run/secrets/tokens"),
		mount("istio-podinfo", "/etc/istio/pod"),
	}
}

func (p *proxy) volumes() []any {
	empty := func(name string) fields { return fields{"name": name, "emptyDir": fields{}} }
	described := func(path string) fields {
		return fields{"path": path, "fieldRef": fields{"fieldPath": "metadata." + path}}
	}
	return []any{
		empty("workload-socket"), empty("credential-socket"), empty("workload-certs"), empty("istio-data"),
		fields{"name": "istio-envoy", "emptyDir": fields{"medium": "Memory"}},
		fields{"name": "istio-podinfo", "downwardAPI": fields{"items": []any{described("labels"), described("annotations")}}},
		fields{"name": "istio-token", "projected": fields{"sources": []any{fields{"serviceAccountToken": fields{
			"path": "istio-token", "expirationSeconds": int64(43200), "audience": "istio-ca"}}}}},
		fields{"name": "istiod-ca-cert", "configMap": fields{"name": orElse(p.mesh.Global.TrustBundleName, "istio-ca-root-cert")}},
	}
}
