package cluster

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/client-go/tools/clientcmd"

	"tars-platform/simulator/host/spec"
)

func parse509(t *testing.T, content []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(content)
	if block == nil {
		t.Fatal("no PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func verify(certificate *x509.Certificate, by *authority, usage x509.ExtKeyUsage, host string) error {
	roots := x509.NewCertPool()
	roots.AddCert(by.certificate)
	_, err := certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

func TestCredentials(t *testing.T) {
	made, err := newCredentials(&spec.Spec{ServiceCIDR: "10.4.0.0/14"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range made.clients {
		if _, err := tls.X509KeyPair(pair.certificate, pair.key); err != nil {
			t.Errorf("%s: certificate and key do not match: %v", name, err)
		}
		certificate := parse509(t, pair.certificate)
		if err := verify(certificate, made.authority, x509.ExtKeyUsageClientAuth, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := verify(certificate, made.authority, x509.ExtKeyUsageServerAuth, ""); err == nil {
			t.Errorf("%s could pose as a server", name)
		}
		if isAdmin := slices.Contains(certificate.Subject.Organization, "system:masters"); isAdmin != (name == "admin") {
			t.Errorf("%s is administrator: %v", name, isAdmin)
		}
	}
	server := parse509(t, made.files["kube-apiserver.crt"])
	for _, host := range []string{"127.0.0.1", "10.4.0.1", "kubernetes.default.svc"} {
		if err := verify(server, made.authority, x509.ExtKeyUsageServerAuth, host); err != nil {
			t.Errorf("API server as %s: %v", host, err)
		}
	}
	if err := verify(parse509(t, made.files["etcd-client.crt"]), made.etcd, x509.ExtKeyUsageClientAuth, ""); err != nil {
		t.Errorf("etcd client: %v", err)
	}
	if err := verify(parse509(t, made.clients["admin"].certificate), made.etcd, x509.ExtKeyUsageClientAuth, ""); err == nil {
		t.Error("a client of the API server could talk to etcd")
	}
}

func TestCredentialsDifferEachTime(t *testing.T) {
	one, err := newCredentials(&spec.Spec{ServiceCIDR: "10.4.0.0/14"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := newCredentials(&spec.Spec{ServiceCIDR: "10.4.0.0/14"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name := range one.files {
		if slices.Equal(one.files[name], two.files[name]) {
			t.Errorf("%s is the same in two runs", name)
		}
	}
	if err := verify(parse509(t, one.clients["admin"].certificate), two.authority, x509.ExtKeyUsageClientAuth, ""); err == nil {
		t.Error("a certificate of one run is good in the next")
	}
}

func TestKubeconfigIsPrivateAndComplete(t *testing.T) {
	made, err := newCredentials(&spec.Spec{ServiceCIDR: "10.4.0.0/14"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := writeKubeconfig(path, kubeconfig("https://127.0.0.1:1", made.authority, made.clients["admin"])); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.0.0.1:1" || config.Insecure || config.BearerToken != "" || len(config.CAData) == 0 || len(config.CertData) == 0 {
		t.Errorf("unexpected content: %+v", config)
	}
}

func TestEncryptionKeyIsMadeOnceAndItsLossIsNoticed(t *testing.T) {
	place, err := newLayout(filepath.Join(t.TempDir(), "cluster"), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := place.create(); err != nil {
		t.Fatal(err)
	}
	if err := ensureEncryption(place); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(place.path("encryption.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := ensureEncryption(place); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(place.path("encryption.json")); !slices.Equal(first, second) {
		t.Error("the key changed: Secrets of the last run are lost")
	}
	if err := os.MkdirAll(place.path("etcd", "member"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(place.path("encryption.json")); err != nil {
		t.Fatal(err)
	}
	if err := ensureEncryption(place); err == nil {
		t.Error("data without its key went unnoticed")
	}
}

func TestFreePortsDiffer(t *testing.T) {
	found, err := freePorts()
	if err != nil {
		t.Fatal(err)
	}
	if found.apiServer == found.etcdClient || found.apiServer == found.etcdPeer || found.etcdClient == found.etcdPeer || found.apiServer == 0 {
		t.Errorf("got %+v", found)
	}
}
