package operators

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// eckValidity is that of every certificate without a word (caValidity and certificatesValidity of the chart).
const eckValidity = 8760 * time.Hour

// makeCertificates makes the authority that callers believe and the one that nodes believe, and what each vouches for: certificates/reconcile.go. The
// public Secrets have no key of an authority.
func (e *elasticsearch) makeCertificates(ctx context.Context) (bool, error) {
	if err := e.makeAuthority(ctx, "http"); err != nil {
		return false, err
	}
	if err := e.makeAuthority(ctx, "transport"); err != nil {
		return false, err
	}
	if err := e.makeHTTPCertificate(ctx); err != nil {
		return false, err
	}
	by, err := e.authority(ctx, "transport")
	if err != nil || by == nil {
		return true, err
	}
	public := map[string][]byte{"ca.crt": encodeCertificate(by.authority)}
	for _, name := range []string{e.named("transport-certs-public"), e.named("remote-ca")} {
		if err := e.makeSecret(ctx, name, public); err != nil {
			return false, err
		}
	}
	for _, set := range e.spec.NodeSets {
		if err := e.makeNodeCertificates(ctx, by, set); err != nil {
			return false, err
		}
	}
	return false, nil
}

// makeAuthority makes one of the two, once: pkg/controller/common/certificates/ca_reconcile.go.
func (e *elasticsearch) makeAuthority(ctx context.Context, of string) error {
	name := e.named(of + "-ca-internal")
	if e.w.get(secrets, e.namespace(), name) != nil {
		return nil
	}
	key, err := newKey(privateKey{Algorithm: "RSA"})
	if err != nil {
		return err
	}
	spec := &certificateSpec{
		CommonName: e.name() + "-" + of, IsCA: true, Subject: subjectNames{OrganizationalUnits: []string{e.name()}},
		Duration: &metav1.Duration{Duration: eckValidity},
	}
	made, err := (&signer{}).sign(spec, key)
	if err != nil {
		return err
	}
	content, err := encodeKey(key, "PKCS1")
	if err != nil {
		return err
	}
	return e.makeSecret(ctx, name, map[string][]byte{"tls.crt": encodeCertificate(made.certificate), "tls.key": content})
}

// authority signs with one of the two; nil while it is not there.
func (e *elasticsearch) authority(ctx context.Context, of string) (*signer, error) {
	secret, err := e.w.live(ctx, secrets, e.namespace(), e.named(of+"-ca-internal"))
	if err != nil || secret == nil {
		return nil, err
	}
	data := dataOf(secret)
	key, err := parseKey(data["tls.key"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", secret.GetName(), err)
	}
	certificates, err := parseCertificates(data["tls.crt"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", secret.GetName(), err)
	}
	return &signer{authority: certificates[0], key: key}, nil
}

func (e *elasticsearch) makeHTTPCertificate(ctx context.Context) error {
	internal, public := e.named("http-certs-internal"), e.named("http-certs-public")
	if e.w.get(secrets, e.namespace(), internal) != nil && e.w.get(secrets, e.namespace(), public) != nil {
		return nil
	}
	by, err := e.authority(ctx, "http")
	if err != nil || by == nil {
		return err
	}
	certificate, key, err := by.identity(fmt.Sprintf("%s.%s.es.local", e.named("http"), e.namespace()), e.hostsOf())
	if err != nil {
		return err
	}
	chain := append(append([]byte{}, certificate...), encodeCertificate(by.authority)...)
	vouching := encodeCertificate(by.authority)
	if err := e.makeSecret(ctx, internal, map[string][]byte{"tls.crt": chain, "tls.key": key, "ca.crt": vouching}); err != nil {
		return err
	}
	return e.makeSecret(ctx, public, map[string][]byte{"tls.crt": chain, "ca.crt": vouching})
}

// makeNodeCertificates makes what the nodes of a group show each other, in one Secret: certificates/transport/reconcile.go.
func (e *elasticsearch) makeNodeCertificates(ctx context.Context, by *signer, set eckNodeSet) error {
	name := e.named(set.Name) + "-es-transport-certs"
	had := e.held(name)
	data := map[string][]byte{"ca.crt": encodeCertificate(by.authority)}
	for number := range set.Count {
		pod := fmt.Sprintf("%s-%d", e.named(set.Name), number)
		certificate, key := had[pod+".tls.crt"], had[pod+".tls.key"]
		if len(certificate) == 0 || len(key) == 0 {
			var err error
			host := fmt.Sprintf("%s.node.%s.%s.es.local", pod, e.name(), e.namespace())
			if certificate, key, err = by.identity(host, []string{host, pod}); err != nil {
				return err
			}
		}
		data[pod+".tls.crt"], data[pod+".tls.key"] = certificate, key
	}
	if len(had) == len(data) {
		return nil
	}
	return e.keepSecret(ctx, name, data)
}
