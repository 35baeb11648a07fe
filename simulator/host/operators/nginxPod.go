package operators

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// deployment is that of NGINX's pods, without its number of them (provisioner/objects.go, buildNginxDeployment).
func (n *nginx) deployment() *unstructured.Unstructured {
	selector, all := n.labels()
	annotations := map[string]string{}
	if n.spec.Infrastructure != nil {
		maps.Copy(annotations, n.spec.Infrastructure.Annotations)
	}
	if metrics := n.metricsPort(); metrics != 0 {
		maps.Copy(annotations, map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": fmt.Sprint(metrics)})
	}
	return n.object("apps/v1", "Deployment", n.name, fields{"spec": fields{
		"selector": fields{"matchLabels": anyMap(selector)},
		"template": fields{"metadata": fields{"labels": anyMap(all), "annotations": anyMap(annotations)}, "spec": n.pod()},
	}})
}

// metricsPort is where metrics are asked for; 0 where they are not.
func (n *nginx) metricsPort() int64 {
	const usual = 9113
	metrics := n.settings.Metrics
	switch {
	case metrics == nil:
		return usual
	case metrics.Disable != nil && *metrics.Disable:
		return 0
	case metrics.Port != nil:
		return *metrics.Port
	}
	return usual
}

// pod is that of the true one without NGINX Plus, with what an NginxProxy asks of it in words of Kubernetes itself.
func (n *nginx) pod() fields {
	pod := fields{
		"automountServiceAccountToken": true, "serviceAccountName": n.name,
		"securityContext": fields{
			"fsGroup": int64(1001), "runAsNonRoot": true,
			"sysctls": []any{fields{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}},
		},
		"initContainers": []any{n.initContainer()}, "containers": []any{n.container()}, "volumes": n.volumes(),
	}
	for key, value := range n.settings.Kubernetes.Deployment.Pod {
		if key == "volumes" {
			value = append(n.volumes(), value.([]any)...)
		}
		pod[key] = value
	}
	return pod
}

func nginxSecurity() fields {
	return fields{
		"capabilities": fields{"drop": []any{"ALL"}}, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
		"runAsUser": int64(101), "runAsGroup": int64(1001), "seccompProfile": fields{"type": "RuntimeDefault"},
	}
}

func (n *nginx) container() fields {
	asked := n.settings.Kubernetes.Deployment.Container
	var ports []any
	for _, number := range n.ports() {
		ports = append(ports, port(number, fmt.Sprintf("port-%d", number)))
	}
	if metrics := n.metricsPort(); metrics != 0 {
		ports = append(ports, port(metrics, "metrics"))
	}
	container := fields{
		"name": "nginx", "image": asked.Image.Repository + ":" + asked.Image.Tag, "imagePullPolicy": n.pullPolicy(), "ports": ports,
		"readinessProbe":  fields{"httpGet": fields{"path": "/readyz", "port": int64(8081)}, "initialDelaySeconds": int64(3)},
		"securityContext": nginxSecurity(),
		"volumeMounts": nginxMounts(map[string]string{
			"nginx-agent": "/etc/nginx-agent", "nginx-agent-tls": "/var/run/secrets/ngf", "token": "/var/run/secrets/ngf/serviceaccount",
			"nginx-agent-log": "/var/log/nginx-agent", "nginx-agent-lib": "/var/lib/nginx-agent", "nginx-conf": "/etc/nginx/conf.d",
			"nginx-stream-conf": "/etc/nginx/stream-conf.d", "nginx-main-includes": "/etc/nginx/main-includes",
			"nginx-events-includes": "/etc/nginx/events-includes", "nginx-secrets": "/etc/nginx/secrets", "nginx-run": "/var/run/nginx",
			"nginx-cache": "/var/cache/nginx", "nginx-includes": "/etc/nginx/includes",
		}),
	}
	set(container, "resources", asked.Resources)
	set(container, "lifecycle", asked.Lifecycle)
	return container
}

func (n *nginx) pullPolicy() string {
	return orElse(n.settings.Kubernetes.Deployment.Container.Image.PullPolicy, "IfNotPresent")
}

// initContainer copies the first configuration into place, with the control plane's own program.
func (n *nginx) initContainer() fields {
	return fields{
		"name": "init", "image": n.plane.image, "imagePullPolicy": n.pullPolicy(), "securityContext": nginxSecurity(),
		"command": []any{
			"/usr/bin/gateway", "initialize", "--source", "/agent/nginx-agent.conf", "--destination", "/etc/nginx-agent",
			"--source", "/includes/main.conf", "--destination", "/etc/nginx/main-includes",
			"--source", "/includes/events.conf", "--destination", "/etc/nginx/events-includes",
		},
		"env": []any{
			fields{"name": "POD_UID", "valueFrom": fields{"fieldRef": fields{"fieldPath": "metadata.uid"}}},
			fields{"name": "CLUSTER_UID", "value": "unknown"},
		},
		"volumeMounts": nginxMounts(map[string]string{
			"nginx-agent-config": "/agent", "nginx-agent": "/etc/nginx-agent", "nginx-includes-bootstrap": "/includes",
			"nginx-main-includes": "/etc/nginx/main-includes", "nginx-events-includes": "/etc/nginx/events-includes",
		}),
	}
}

// nginxMounts are places of volumes, by their names.
func nginxMounts(paths map[string]string) []any {
	var mounts []any
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		mounts = append(mounts, fields{"name": name, "mountPath": paths[name]})
	}
	return mounts
}

func (n *nginx) volumes() []any {
	volumes := []any{
		fields{"name": "token", "projected": fields{"sources": []any{fields{"serviceAccountToken": fields{
			"path": "token", "audience": fmt.Sprintf("%s.%s.svc", n.plane.service, n.plane.namespace)}}}}},
		fields{"name": "nginx-agent-config", "configMap": fields{"name": n.agentConfigName()}},
		fields{"name": "nginx-agent-tls", "secret": fields{"secretName": nginxName(n.name, n.plane.tlsSecret)}},
		fields{"name": "nginx-includes-bootstrap", "configMap": fields{"name": n.bootstrapName()}},
	}
	for _, name := range []string{"nginx-agent", "nginx-agent-log", "nginx-agent-lib", "nginx-conf", "nginx-stream-conf", "nginx-main-includes",
		"nginx-events-includes", "nginx-secrets", "nginx-run", "nginx-cache", "nginx-includes"} {
		volumes = append(volumes, fields{"name": name, "emptyDir": fields{}})
	}
	return volumes
}
