package operators_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	certificateKind = "cert-manager.io/v1 Certificate"
	issuerKind      = "cert-manager.io/v1 Issuer"
	secretKind      = "v1 Secret"
	certManager     = `app.kubernetes.io/name: cert-manager, app.kubernetes.io/component: controller`
)

// authority is an Issuer that signs with the key of a Certificate that signs itself.
const authority = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: self}
spec: {selfSigned: {}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: authority}
spec: {isCA: true, commonName: authority, secretName: authority, duration: 8760h, privateKey: {algorithm: ECDSA}, issuerRef: {name: self}}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: authority}
spec: {ca: {secretName: authority}}
`

func leaf(names string) string {
	return fmt.Sprintf(`
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: leaf}
spec:
  secretName: leaf-tls
  dnsNames: [%s]
  duration: 2160h
  renewBefore: 720h
  secretTemplate: {labels: {team: web}}
  privateKey: {algorithm: RSA, size: 2048, rotationPolicy: Always}
  issuerRef: {name: authority, kind: Issuer, group: cert-manager.io}
`, names)
}

func value(t *testing.T, secret *unstructured.Unstructured, key string) []byte {
	t.Helper()
	text, _, _ := unstructured.NestedString(secret.Object, "data", key)
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func certificate(t *testing.T, content []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(content)
	if block == nil {
		t.Fatalf("no PEM: %q", content)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestCertificatesOfAnAuthority(t *testing.T) {
	s := newScene(t)
	s.controller(certManager)
	s.apply(authority + "---" + leaf("a.example.com, b.example.com"))
	s.shows(issuerKind, "authority", "Ready=True KeyPairVerified")
	object := s.shows(certificateKind, "leaf", "Ready=True Ready")
	secret := s.get(secretKind, "leaf-tls")
	if kind := secret.Object["type"]; kind != "kubernetes.io/tls" {
		t.Errorf("type %v", kind)
	}
	if labels := secret.GetLabels(); labels["team"] != "web" || labels["controller.cert-manager.io/fao"] != "true" {
		t.Errorf("labels %v", labels)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate(t, value(t, secret, "ca.crt")))
	served := certificate(t, value(t, secret, "tls.crt"))
	for _, name := range []string{"a.example.com", "b.example.com"} {
		if _, err := served.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Error(err)
		}
	}
	status, _ := object.Object["status"].(map[string]any)
	renewal := served.NotAfter.Add(-720 * time.Hour).UTC().Format(time.RFC3339)
	if status["renewalTime"] != renewal || status["notAfter"] != served.NotAfter.UTC().Format(time.RFC3339) || status["revision"] != int64(1) {
		t.Errorf("status %v, want renewal at %s", status, renewal)
	}
	if served.NotAfter.Sub(served.NotBefore) != 2160*time.Hour {
		t.Errorf("valid from %s to %s", served.NotBefore, served.NotAfter)
	}
}

func TestACertificateIsIssuedAnewWhenItIsNotAsAsked(t *testing.T) {
	s := newScene(t)
	s.controller(certManager)
	s.apply(authority + "---" + leaf("a.example.com"))
	s.shows(certificateKind, "leaf", "Ready=True Ready")
	before := s.get(secretKind, "leaf-tls")
	s.apply(leaf("c.example.com"))
	s.until(secretKind, "leaf-tls", func(secret *unstructured.Unstructured) bool {
		return strings.Join(certificate(t, value(t, secret, "tls.crt")).DNSNames, " ") == "c.example.com"
	})
	s.remove(secretKind, "leaf-tls")
	again := s.until(secretKind, "leaf-tls", func(secret *unstructured.Unstructured) bool { return secret != nil })
	if string(value(t, again, "tls.key")) == string(value(t, before, "tls.key")) {
		t.Error("the key is the old one")
	}
	s.until(certificateKind, "leaf", func(object *unstructured.Unstructured) bool {
		revision, _, _ := unstructured.NestedInt64(object.Object, "status", "revision")
		return revision >= 2 && conditionsOf(object)["Ready=True Ready"]
	})
	s.remove(certificateKind, "leaf")
	if s.get(secretKind, "leaf-tls") == nil {
		t.Error("the Secret went with its Certificate")
	}
}

func TestWhatCannotBeIssued(t *testing.T) {
	s := newScene(t)
	s.controller(certManager)
	s.apply("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: authority}\nspec: {ca: {secretName: none}}\n---" + leaf("a.example.com"))
	issuer := s.shows(issuerKind, "authority", "Ready=False ErrGetKeyPair")
	if text := fmt.Sprint(issuer.Object["status"]); !strings.Contains(text, `Error getting keypair for CA issuer: secrets "none" not found`) {
		t.Error(text)
	}
	object := s.shows(certificateKind, "leaf", "Ready=False DoesNotExist")
	if text := fmt.Sprint(object.Object["status"]); !strings.Contains(text, "Referenced issuer does not have a Ready status condition") || !conditionsOf(object)["Issuing=True DoesNotExist"] {
		t.Error(text)
	}
	if s.get(secretKind, "leaf-tls") != nil {
		t.Error("a Secret was made all the same")
	}
	s.apply(leaf(""))
	s.shows(certificateKind, "leaf", "Ready=False Invalid")
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: none}\nstringData: {tls.crt: nonsense, tls.key: nonsense}\n")
	s.until(issuerKind, "authority", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "error decoding certificate PEM block")
	})
}

const acmeIssuer = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: authority}
spec:
  acme:
    server: https://acme.example.com/directory
    email: a@example.com
    privateKeySecretRef: {name: account}
    solvers: [{selector: {dnsZones: [example.com]}, dns01: {}}]
`

func TestCertificatesOfAnAcmeServer(t *testing.T) {
	s := newScene(t)
	s.controller(certManager)
	s.apply(acmeIssuer + "---" + leaf("a.example.com"))
	s.shows(issuerKind, "authority", "Ready=True ACMEAccountRegistered")
	s.until(secretKind, "account", func(secret *unstructured.Unstructured) bool {
		return secret != nil && len(value(t, secret, "tls.key")) > 0
	})
	s.shows(certificateKind, "leaf", "Ready=True Ready")
	secret := s.get(secretKind, "leaf-tls")
	if len(value(t, secret, "ca.crt")) > 0 {
		t.Error("there is a ca.crt, which ACME has not")
	}
	if chain := strings.Count(string(value(t, secret, "tls.crt")), "BEGIN CERTIFICATE"); chain != 2 {
		t.Errorf("%d certificates in the chain", chain)
	}
	s.apply(leaf("a.example.org"))
	s.until(certificateKind, "leaf", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "no configured challenge solvers can be used for this challenge: a.example.org")
	})
}
