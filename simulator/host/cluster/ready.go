package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// probeTimeout bounds one question to one component.
const probeTimeout = 2 * time.Second

func etcdReady(ctx context.Context, c *cluster) error {
	pair, err := tls.X509KeyPair(c.credentials.files["etcd-client.crt"], c.credentials.files["etcd-client.key"])
	if err != nil {
		return fmt.Errorf("etcd client certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c.credentials.etcd.certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}, DisableKeepAlives: true}
	return get(ctx, &http.Client{Transport: transport, Timeout: probeTimeout}, url(c.ports.etcdClient)+"/health")
}

func apiServerReady(ctx context.Context, c *cluster) error {
	return get(ctx, c.http, url(c.ports.apiServer)+"/readyz")
}

func get(ctx context.Context, client *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("asking %s: %w", address, err)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("asking %s: %w", address, err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, tailBytes))
	return errors.Join(fmt.Errorf("%s answers %s: %s", address, response.Status, body), err)
}

// controllerManagerReady waits until the controllers published this run's certificate authority, which they do for every namespace.
func controllerManagerReady(ctx context.Context, c *cluster) error {
	published, err := c.client.CoreV1().ConfigMaps(metav1.NamespaceSystem).Get(ctx, "kube-root-ca.crt", metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("certificate authority of the cluster: %w", err)
	}
	if published.Data["ca.crt"] != string(c.credentials.authority.pem) {
		return errors.New("the published certificate authority is still that of an earlier run")
	}
	return nil
}

// simulationReady waits for everything the spec asks for to exist.
func simulationReady(ctx context.Context, c *cluster) error {
	for _, node := range c.spec.Nodes {
		if _, err := c.client.CoreV1().Nodes().Get(ctx, node.Name, metav1.GetOptions{}); err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
	}
	for _, class := range c.spec.StorageClasses {
		if _, err := c.client.StorageV1().StorageClasses().Get(ctx, class.Name, metav1.GetOptions{}); err != nil {
			return fmt.Errorf("storage class %s: %w", class.Name, err)
		}
	}
	for _, class := range c.spec.IngressClasses {
		if _, err := c.client.NetworkingV1().IngressClasses().Get(ctx, class, metav1.GetOptions{}); err != nil {
			return fmt.Errorf("ingress class %s: %w", class, err)
		}
	}
	return nil
}

// machinesReady waits until every node is Ready and has sent a heartbeat in this run: after a restart, Ready alone may be an old memory.
func machinesReady(ctx context.Context, c *cluster) error {
	nodes, err := c.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("nodes: %w", err)
	}
	for i := range nodes.Items {
		node := &nodes.Items[i]
		if !nodeReady(node) {
			return fmt.Errorf("node %s is not ready", node.Name)
		}
		lease, err := c.client.CoordinationV1().Leases(corev1.NamespaceNodeLease).Get(ctx, node.Name, metav1.GetOptions{})
		if err != nil {
			return fmt.Errorf("heartbeat of node %s: %w", node.Name, err)
		}
		if lease.Spec.RenewTime == nil || lease.Spec.RenewTime.Time.Before(c.begin) {
			return fmt.Errorf("node %s sent no heartbeat in this run", node.Name)
		}
	}
	return nil
}

// nodeReady also wants the taint gone with which every node begins: until then no pod may land on it.
func nodeReady(node *corev1.Node) bool {
	for _, taint := range node.Spec.Taints {
		if taint.Key == corev1.TaintNodeNotReady || taint.Key == corev1.TaintNodeUnreachable {
			return false
		}
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}
