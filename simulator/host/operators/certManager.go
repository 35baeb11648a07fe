package operators

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const certManagerGroup = "cert-manager.io"

var (
	certManagerV1  = schema.GroupVersion{Group: certManagerGroup, Version: "v1"}
	certificates   = certManagerV1.WithResource("certificates")
	issuers        = certManagerV1.WithResource("issuers")
	clusterIssuers = certManagerV1.WithResource("clusterissuers")
)

// certManager issues certificates, after pkg/issuer, pkg/controller/certificates and internal/controller/certificates/policies of cert-manager v1.21.1.
// Of a CertificateRequest and an ACME order it makes no objects.
func certManager() *operator {
	return &operator{
		name:       "cert-manager",
		controller: labels.Set{"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller"},
		subjects: []subject{
			{"Certificate", certificates, syncCertificate},
			{"Issuer", issuers, issuerSync(issuers)},
			{"ClusterIssuer", clusterIssuers, issuerSync(clusterIssuers)},
		},
		looksAt: []schema.GroupVersionResource{secrets},
		rights:  []rbacv1.PolicyRule{rule("", []string{"create", "patch"}, "secrets")},
	}
}

// issuerSpec is what is read of an issuer. Others than these three sign with what is not here.
type issuerSpec struct {
	SelfSigned *struct{}
	CA         *struct{ SecretName string }
	ACME       *acme
}

type acme struct {
	Server, Email       string
	PrivateKeySecretRef struct{ Name, Key string }
	Solvers             []struct {
		Selector *struct{ DNSNames, DNSZones []string }
	}
}

// signer makes a certificate for a request, and what a client trusts for it; authority is empty where nobody says.
type signer struct {
	// authority signs; nil for a certificate that signs itself.
	authority *x509.Certificate
	key       crypto.Signer
	// chain leads from the authority to the root, in PEM.
	chain []*x509.Certificate
	// public authorities are in everybody's list, so that a Secret does not bring them.
	public bool
}

func issuerSync(resource schema.GroupVersionResource) func(context.Context, *world, *unstructured.Unstructured) error {
	return func(ctx context.Context, w *world, issuer *unstructured.Unstructured) error {
		spec := &issuerSpec{}
		if err := read(issuer, spec, "spec"); err != nil {
			return err
		}
		var status struct {
			Conditions []condition `json:"conditions,omitempty"`
			ACME       any         `json:"acme,omitempty"`
		}
		if err := read(issuer, &status, "status"); err != nil {
			return err
		}
		ready := readyIssuer(w, issuer, spec)
		if spec.ACME != nil {
			if err := makeAccount(ctx, w, issuer, spec.ACME); err != nil {
				return err
			}
			status.ACME = map[string]any{"uri": spec.ACME.Server + "/simulated-account", "lastRegisteredEmail": spec.ACME.Email}
		}
		ready.ObservedGeneration = issuer.GetGeneration()
		status.Conditions = merged(status.Conditions, ready)
		return w.setStatus(ctx, resource, issuer, status)
	}
}

func readyIssuer(w *world, issuer *unstructured.Unstructured, spec *issuerSpec) condition {
	ready := condition{Type: "Ready", Status: conditionTrue, Reason: "IsReady"}
	switch {
	case spec.SelfSigned != nil:
	case spec.CA != nil:
		ready.Reason, ready.Message = "KeyPairVerified", "Signing CA verified"
		if _, err := authoritySigner(w, issuer, spec.CA.SecretName); err != nil {
			ready.Status, ready.Reason, ready.Message = conditionFalse, "ErrGetKeyPair", "Error getting keypair for CA issuer: "+err.Error()
			if errors.Is(err, errNoAuthority) {
				ready.Reason = "ErrInvalidKeyPair"
			}
		}
	case spec.ACME != nil:
		ready.Reason = "ACMEAccountRegistered"
		ready.Message = "The ACME account was registered with the ACME server (simulated: nobody was asked)"
	default:
		ready.Status, ready.Reason = conditionFalse, "NotSimulated"
		ready.Message = "the simulator signs for issuers of the kinds selfSigned, ca and acme only"
	}
	return ready
}

// issuerNamespace is where the Secrets of an issuer lie: its own, or for all namespaces that of cert-manager (--cluster-resource-namespace).
func issuerNamespace(w *world, issuer *unstructured.Unstructured) string {
	if namespace := issuer.GetNamespace(); namespace != "" {
		return namespace
	}
	if controller := w.controllerOf(certManager()); controller != nil {
		return controller.GetNamespace()
	}
	return ""
}

var errNoAuthority = errors.New("certificate is not a CA")

func authoritySigner(w *world, issuer *unstructured.Unstructured, name string) (*signer, error) {
	secret := w.get(secrets, issuerNamespace(w, issuer), name)
	if secret == nil {
		return nil, fmt.Errorf("secrets %q not found", name)
	}
	data := dataOf(secret)
	chain, err := parseCertificates(data["tls.crt"])
	if err != nil {
		return nil, err
	}
	key, err := parseKey(data["tls.key"])
	if err != nil {
		return nil, err
	}
	if !chain[0].IsCA {
		return nil, errNoAuthority
	}
	return &signer{authority: chain[0], key: key, chain: chain}, nil
}

// makeAccount makes the key with which the true cert-manager would register, where the issuer says.
func makeAccount(ctx context.Context, w *world, issuer *unstructured.Unstructured, spec *acme) error {
	namespace, name := issuerNamespace(w, issuer), spec.PrivateKeySecretRef.Name
	if w.get(secrets, namespace, name) != nil {
		return nil
	}
	key, err := newKey(privateKey{Algorithm: "RSA"})
	if err != nil {
		return err
	}
	encoded, err := encodeKey(key, "")
	if err != nil {
		return err
	}
	return w.apply(ctx, secrets, certManagerName, secretObject(namespace, name, "Opaque", nil, nil,
		map[string][]byte{orElse(spec.PrivateKeySecretRef.Key, "tls.key"): encoded}))
}

// acmeAuthorities stand in for the authorities behind ACME servers. They are gone with the program, as nothing here trusts them.
var acmeAuthorities = struct {
	sync.Mutex
	byServer map[string]*signer
}{byServer: map[string]*signer{}}

func acmeSigner(server string) (*signer, error) {
	acmeAuthorities.Lock()
	defer acmeAuthorities.Unlock()
	if made := acmeAuthorities.byServer[server]; made != nil {
		return made, nil
	}
	made, err := newAuthority("Simulated authority in place of " + server)
	if err == nil {
		acmeAuthorities.byServer[server] = made
	}
	return made, err
}

// signerFor is who signs for a certificate; an error says why nobody does yet.
func signerFor(w *world, certificate *unstructured.Unstructured, spec *certificateSpec) (*signer, error) {
	resource, namespace := issuers, certificate.GetNamespace()
	if spec.issuerKind() == "ClusterIssuer" {
		resource, namespace = clusterIssuers, ""
	}
	issuer := w.get(resource, namespace, spec.IssuerRef.Name)
	if issuer == nil {
		return nil, fmt.Errorf("Referenced %q not found: %s %q not found", spec.issuerKind(), resource.GroupResource(), spec.IssuerRef.Name) //nolint:staticcheck // upstream text
	}
	issuerSpec := &issuerSpec{}
	if err := read(issuer, issuerSpec, "spec"); err != nil {
		return nil, err
	}
	if ready := readyIssuer(w, issuer, issuerSpec); ready.Status != conditionTrue {
		return nil, fmt.Errorf("Referenced issuer does not have a Ready status condition") //nolint:staticcheck // upstream text
	}
	switch {
	case issuerSpec.CA != nil:
		return authoritySigner(w, issuer, issuerSpec.CA.SecretName)
	case issuerSpec.ACME != nil:
		if err := issuerSpec.ACME.proves(spec); err != nil {
			return nil, err
		}
		return acmeSigner(issuerSpec.ACME.Server)
	default:
		return &signer{}, nil
	}
}
