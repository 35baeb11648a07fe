package cluster

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"

	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/simulation"
	"tars-platform/simulator/host/spec"
)

// loopback is the only address anything listens on.
const loopback = "127.0.0.1"

// credentials are made at each start and are worthless after it.
type credentials struct {
	authority *authority
	etcd      *authority
	files     map[string][]byte // by name in the pki folder
	clients   map[string]*keyPair
}

// clientSubjects gives every component the identity its built-in or own role is bound to. Only the user's kubeconfig is an administrator.
var clientSubjects = map[string]subject{
	"admin":                   client("tars:admin", "system:masters"),
	"kube-controller-manager": client("system:kube-controller-manager"),
	"kube-scheduler":          client("system:kube-scheduler"),
	"kwok":                    client(simulation.MachinesUser),
	"simulation":              client(simulation.CloudUser),
	"operators":               client(operators.User),
}

// authorityName is that of the authority which everybody who calls the API server trusts.
const authorityName = "tars-simulator"

// Who logs in with the run's token. Such a caller may do what the group is bound to.
const (
	loginUser  = "tars-simulator:login"
	loginGroup = "tars-simulator:logins"
)

// newCredentials makes the credentials of one run; known is nil for a cluster without an identity.
func newCredentials(description *spec.Spec, known *identity) (*credentials, error) {
	service, err := firstAddress(description.ServiceCIDR)
	if err != nil {
		return nil, err
	}
	made := &credentials{files: map[string][]byte{}, clients: map[string]*keyPair{}}
	if known != nil {
		made.authority, err = known.authority()
	} else {
		made.authority, err = newAuthority(authorityName)
	}
	if err != nil {
		return nil, err
	}
	if made.etcd, err = newAuthority("tars-simulator-etcd"); err != nil {
		return nil, err
	}
	made.files["ca.crt"], made.files["etcd-ca.crt"] = made.authority.pem, made.etcd.pem
	apiServer := server("kube-apiserver", loopback, "localhost", service, "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local")
	member := server("etcd", loopback)
	member.usages = append(member.usages, x509.ExtKeyUsageClientAuth) // a member also calls itself
	issues := []struct {
		file string
		from *authority
		who  subject
	}{
		{"kube-apiserver", made.authority, apiServer},
		{"etcd", made.etcd, member},
		{"etcd-client", made.etcd, client("kube-apiserver")},
	}
	for _, issue := range issues {
		pair, err := issue.from.issue(issue.who)
		if err != nil {
			return nil, err
		}
		made.add(issue.file, "crt", pair)
	}
	for name, who := range clientSubjects {
		if made.clients[name], err = made.authority.issue(who); err != nil {
			return nil, err
		}
	}
	signing, err := newSigningKey()
	if err != nil {
		return nil, err
	}
	made.add("service-account", "pub", signing)
	return made, nil
}

func (c *credentials) add(name, extension string, pair *keyPair) {
	c.files[name+"."+extension], c.files[name+".key"] = pair.certificate, pair.key
}

// addToken lets in whoever shows the token:
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
func (c *credentials) addToken(token string) error {
	var content bytes.Buffer
	lines := csv.NewWriter(&content)
	if err := lines.Write([]string{token, loginUser, loginUser, loginGroup}); err != nil {
		return fmt.Errorf("token of the run: %w", err)
	}
	lines.Flush()
	c.files[tokensFile] = content.Bytes()
	return nil
}

// tokensFile in the pki folder lists who may log in with a token.
const tokensFile = "tokens.csv"

// write replaces whatever an earlier run left.
func (c *credentials) write(l layout) error {
	if err := os.RemoveAll(l.path("pki")); err != nil {
		return fmt.Errorf("removing the certificates of an earlier run: %w", err)
	}
	if err := os.MkdirAll(l.path("pki"), 0o700); err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	for name, content := range c.files {
		if err := os.WriteFile(l.pki(name), content, 0o600); err != nil {
			return fmt.Errorf("certificates: %w", err)
		}
	}
	return nil
}

// authenticationFile in the run folder says what a cluster of a cloud answers to strangers.
const authenticationFile = "authentication.json"

// authenticationConfiguration lets anybody ask how the API server is, and nothing else, as EKS does; its component for Pulumi waits for that answer:
// https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html (1.32, anonymous authentication)
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-authenticator-configuration
func authenticationConfiguration() map[string]any {
	var conditions []any
	for _, path := range []string{"/livez", "/readyz", "/healthz"} {
		conditions = append(conditions, map[string]any{"path": path})
	}
	return map[string]any{
		"apiVersion": "apiserver.config.k8s.io/v1",
		"kind":       "AuthenticationConfiguration",
		"anonymous":  map[string]any{"enabled": true, "conditions": conditions},
	}
}

// firstAddress is the address that the API server's own service gets.
func firstAddress(network string) (string, error) {
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		return "", fmt.Errorf("service network: %w", err)
	}
	return prefix.Addr().Next().String(), nil
}

// ensureEncryption makes, once for a cluster's data, the configuration with the key that encrypts Secrets in etcd. Unlike certificates it must
// outlive the run: without it the Secrets of the last run could not be read.
func ensureEncryption(l layout) error {
	path := l.path("encryption.json")
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("encryption at rest: %w", err)
	}
	if _, err := os.Stat(l.path("etcd", "member")); err == nil {
		return fmt.Errorf("%s is missing but %s holds data encrypted with it; remove %s to start with an empty cluster", path, l.path("etcd"), l.dir)
	}
	key := make([]byte, 32) // the length secretbox asks for
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("encryption at rest: drawing a key: %w", err)
	}
	content, err := json.Marshal(encryptionConfiguration(base64.StdEncoding.EncodeToString(key)))
	if err != nil {
		return fmt.Errorf("encryption at rest: %w", err)
	}
	return writeAtomically(path, content)
}

// encryptionConfiguration is an EncryptionConfiguration: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
func encryptionConfiguration(key string) map[string]any {
	secretbox := map[string]any{"keys": []any{map[string]any{"name": "state", "secret": key}}}
	return map[string]any{
		"apiVersion": "apiserver.config.k8s.io/v1",
		"kind":       "EncryptionConfiguration",
		"resources":  []any{map[string]any{"resources": []string{"secrets"}, "providers": []any{map[string]any{"secretbox": secretbox}}}},
	}
}
