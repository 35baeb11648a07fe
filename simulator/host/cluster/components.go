package cluster

import (
	"context"
	"fmt"
)

// component is one row of what a cluster is made of.
type component struct {
	name      string
	arguments func(c *cluster) []string
	// ready is polled until it says yes; an error is the reason why not yet. Nil means that nothing can be asked.
	ready func(ctx context.Context, c *cluster) error
}

// The waves start one after the other, the members of a wave together: the API server waits for etcd by itself, the others would give up
// without an API server.
var (
	storeWave      = []component{{"etcd", etcdArguments, etcdReady}, {"kube-apiserver", apiServerArguments, apiServerReady}}
	controllerWave = []component{
		{"kube-controller-manager", controllerManagerArguments, controllerManagerReady},
		{"kube-scheduler", schedulerArguments, nil}, // it has no port here; a pod that runs is its proof
		{"simulation", simulationArguments, simulationReady},
		{"kwok", kwokArguments, machinesReady},
	}
)

// stopOrder ends those who would change objects first and the store last.
var stopOrder = []string{"kube-scheduler", "kube-controller-manager", "kwok", "simulation", "kube-apiserver", "etcd"}

func flags(pairs ...string) []string {
	made := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		made = append(made, fmt.Sprintf("--%s=%s", pairs[i], pairs[i+1]))
	}
	return made
}

// etcdArguments: https://etcd.io/docs/v3.6/op-guide/configuration/
func etcdArguments(c *cluster) []string {
	pki := c.layout.pki
	return flags(
		"name", "simulator",
		"data-dir", c.layout.path("etcd"),
		"listen-client-urls", url(c.ports.etcdClient),
		"advertise-client-urls", url(c.ports.etcdClient),
		"listen-peer-urls", url(c.ports.etcdPeer),
		"initial-advertise-peer-urls", url(c.ports.etcdPeer),
		"initial-cluster", "simulator="+url(c.ports.etcdPeer),
		"client-cert-auth", "true", "trusted-ca-file", pki("etcd-ca.crt"), "cert-file", pki("etcd.crt"), "key-file", pki("etcd.key"),
		"peer-client-cert-auth", "true", "peer-trusted-ca-file", pki("etcd-ca.crt"), "peer-cert-file", pki("etcd.crt"), "peer-key-file", pki("etcd.key"),
		"auto-compaction-retention", "1", // hours of history, so that a simulator left running does not grow
		"logger", "zap", "log-level", "warn",
	)
}

// advertisedAddress stands in the endpoints of the `kubernetes` service, where loopback is refused. Nothing listens there: it is of a range
// reserved for documentation (RFC 5737), so that no address of the user's machine gets into the cluster.
const advertisedAddress = "203.0.113.1"

// apiServerArguments: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
func apiServerArguments(c *cluster) []string {
	pki := c.layout.pki
	arguments := flags(
		"bind-address", loopback, "secure-port", fmt.Sprint(c.ports.apiServer), "advertise-address", advertisedAddress,
		"cert-dir", c.layout.path("pki"),
		"tls-cert-file", pki("kube-apiserver.crt"), "tls-private-key-file", pki("kube-apiserver.key"),
		"client-ca-file", pki("ca.crt"),
		"authorization-mode", "Node,RBAC", "enable-admission-plugins", "NodeRestriction",
		"allow-privileged", "true", // Pod Security decides, namespace by namespace
		"etcd-servers", url(c.ports.etcdClient), "etcd-cafile", pki("etcd-ca.crt"), "etcd-certfile", pki("etcd-client.crt"),
		"etcd-keyfile", pki("etcd-client.key"),
		"encryption-provider-config", c.layout.path("encryption.json"),
		"service-account-issuer", "https://kubernetes.default.svc", "service-account-key-file", pki("service-account.pub"),
		"service-account-signing-key-file", pki("service-account.key"),
		"service-cluster-ip-range", c.spec.ServiceCIDR,
		"audit-policy-file", c.layout.path("run", "audit.json"), "audit-log-path", c.layout.path("logs", "audit.log"),
		"audit-log-maxsize", "10", "audit-log-maxbackup", "2",
		"profiling", "false",
	)
	if c.identity == nil {
		arguments = append(arguments, flags("anonymous-auth", "false")...)
	} else {
		arguments = append(arguments, flags("authentication-config", c.layout.path("run", authenticationFile))...)
	}
	if c.token != "" {
		arguments = append(arguments, flags("token-auth-file", pki(tokensFile))...)
	}
	return arguments
}

// Requests a second that controllers may send, and at once. The defaults (20 and 30) protect an API server that many share; with them the
// controllers take five seconds to come up here, half of the whole start.
const (
	clientRate  = "300"
	clientBurst = "600"
)

// controllerManagerArguments: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
func controllerManagerArguments(c *cluster) []string {
	return flags(
		"kubeconfig", c.componentKubeconfig("kube-controller-manager"),
		"secure-port", "0", "leader-elect", "false", "profiling", "false",
		"kube-api-qps", clientRate, "kube-api-burst", clientBurst,
		"use-service-account-credentials", "true", "service-account-private-key-file", c.layout.pki("service-account.key"),
		"root-ca-file", c.layout.pki("ca.crt"),
		"allocate-node-cidrs", "true", "cluster-cidr", c.spec.PodCIDR, "service-cluster-ip-range", c.spec.ServiceCIDR,
		// 15s by default: what is not scaled by load here has to reach its least number of pods only, and people wait for that.
		"horizontal-pod-autoscaler-sync-period", "2s",
	)
}

// schedulerArguments: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/
func schedulerArguments(c *cluster) []string {
	return flags(
		"kubeconfig", c.componentKubeconfig("kube-scheduler"),
		"secure-port", "0", "leader-elect", "false", "profiling", "false",
		"kube-api-qps", clientRate, "kube-api-burst", clientBurst,
	)
}

func simulationArguments(c *cluster) []string {
	return flags("kubeconfig", c.componentKubeconfig("simulation"), "operators-kubeconfig", c.componentKubeconfig("operators"),
		"spec", c.layout.path("run", "spec.json"), "dir", c.layout.dir)
}

// kwokArguments: kwok keeps the machines alive and moves pods through the stages that the simulation package wrote.
func kwokArguments(c *cluster) []string {
	return flags(
		"kubeconfig", c.componentKubeconfig("kwok"),
		"config", c.layout.path("run", "stages.yaml"),
		"manage-all-nodes", "true", "node-lease-duration-seconds", "40", "cidr", c.spec.PodCIDR,
	)
}

func (c *cluster) componentKubeconfig(name string) string { return c.layout.pki(name + ".kubeconfig") }
