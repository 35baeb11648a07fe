package operators

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// certManagerName is the manager of the fields that cert-manager writes into Secrets.
const certManagerName = "cert-manager-certificates-issuing"

// Defaults of a Certificate: pkg/apis/certmanager/v1/const.go.
const (
	defaultDuration = 90 * 24 * time.Hour
	renewAtFraction = 3 // a third of the duration before the end
)

type certificateSpec struct {
	SecretName, CommonName      string
	DNSNames, IPAddresses, URIs []string
	EmailAddresses, Usages      []string
	IsCA                        bool
	Duration, RenewBefore       *metav1.Duration
	RenewBeforePercentage       *int64
	IssuerRef                   struct{ Name, Kind, Group string }
	Subject                     subjectNames
	PrivateKey                  privateKey
	SecretTemplate              struct{ Labels, Annotations map[string]string }
}

func (s *certificateSpec) issuerKind() string  { return orElse(s.IssuerRef.Kind, "Issuer") }
func (s *certificateSpec) issuerGroup() string { return orElse(s.IssuerRef.Group, certManagerGroup) }

func (s *certificateSpec) duration() time.Duration {
	if s.Duration == nil {
		return defaultDuration
	}
	return s.Duration.Duration
}

// renewal is when the certificate is to be issued anew (pkg/util/pki/renewaltime.go).
func (s *certificateSpec) renewal(certificate *x509.Certificate) time.Time {
	whole := certificate.NotAfter.Sub(certificate.NotBefore)
	before := whole / renewAtFraction
	switch {
	case s.RenewBefore != nil && s.RenewBefore.Duration > 0 && s.RenewBefore.Duration < whole:
		before = s.RenewBefore.Duration
	case s.RenewBeforePercentage != nil && *s.RenewBeforePercentage > 0 && *s.RenewBeforePercentage < 100:
		before = whole * time.Duration(*s.RenewBeforePercentage) / 100
	}
	return certificate.NotAfter.Add(-before).Truncate(time.Second)
}

type certificateStatus struct {
	Conditions  []condition `json:"conditions,omitempty"`
	NotBefore   string      `json:"notBefore,omitempty"`
	NotAfter    string      `json:"notAfter,omitempty"`
	RenewalTime string      `json:"renewalTime,omitempty"`
	Revision    int64       `json:"revision,omitempty"`
}

// syncCertificate issues a certificate when there is a reason to, and shows how it is.
func syncCertificate(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &certificateSpec{}, &certificateStatus{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, status, "status"); err != nil {
		return err
	}
	if object.GetDeletionTimestamp() != nil {
		return nil // its Secret stays
	}
	secret := w.get(secrets, object.GetNamespace(), spec.SecretName)
	why := reasonToIssue(object, secret, spec)
	if why != nil {
		// What was just issued may not have been seen yet.
		live, err := w.live(ctx, secrets, object.GetNamespace(), spec.SecretName)
		if err != nil {
			return err
		}
		secret, why = live, reasonToIssue(object, live, spec)
	}
	if why == nil {
		return showIssued(ctx, w, object, secret, spec, status)
	}
	if refused := unissuable(w, object, spec); refused != nil {
		return showWaiting(ctx, w, object, status, refused)
	}
	signer, err := signerFor(w, object, spec)
	if err != nil {
		why.message += " (" + err.Error() + ")"
		return showWaiting(ctx, w, object, status, why)
	}
	if err := issue(ctx, w, object, secret, spec, signer); err != nil {
		return err
	}
	// The rest is shown when the Secret is seen.
	status.Revision++
	return showWaiting(ctx, w, object, status, why)
}

// unissuable says what no issuer can do for a certificate. The first is refused by the true one's webhook (internal/apis/certmanager/validation).
func unissuable(w *world, object *unstructured.Unstructured, spec *certificateSpec) *refusal {
	if spec.CommonName == "" && len(spec.DNSNames)+len(spec.IPAddresses)+len(spec.URIs)+len(spec.EmailAddresses) == 0 {
		return &refusal{"Invalid", "at least one of commonName (from the commonName field or from a literalSubject), dnsNames, uriSANs, " +
			"ipAddresses, emailAddresses, or otherNames must be set"}
	}
	for _, other := range w.list(certificates, nil) {
		name, _, _ := unstructured.NestedString(other.Object, "spec", "secretName")
		if other.GetNamespace() == object.GetNamespace() && name == spec.SecretName && other.GetName() < object.GetName() {
			return &refusal{"IncorrectCertificate", fmt.Sprintf("Certificate %q names the same Secret", other.GetName())}
		}
	}
	return nil
}

func showWaiting(ctx context.Context, w *world, object *unstructured.Unstructured, status *certificateStatus, why *refusal) error {
	conditions := []condition{
		{Type: "Ready", Status: conditionFalse, Reason: why.reason, Message: why.message, ObservedGeneration: object.GetGeneration()},
		{Type: "Issuing", Status: conditionTrue, Reason: why.reason, Message: why.message, ObservedGeneration: object.GetGeneration()},
	}
	status.Conditions = merged(status.Conditions, conditions...)
	return w.setStatus(ctx, certificates, object, status)
}

func showIssued(
	ctx context.Context, w *world, object, secret *unstructured.Unstructured, spec *certificateSpec, status *certificateStatus,
) error {
	data := dataOf(secret)
	chain, err := parseCertificates(data["tls.crt"])
	if err != nil {
		return err
	}
	if err := keepMetadata(ctx, w, object, secret, spec, chain[0], data); err != nil {
		return err
	}
	renewal := spec.renewal(chain[0])
	status.NotBefore, status.NotAfter, status.RenewalTime = timestamp(chain[0].NotBefore), timestamp(chain[0].NotAfter), timestamp(renewal)
	status.Revision = max(status.Revision, 1)
	status.Conditions = merged(without(status.Conditions, "Issuing"), condition{Type: "Ready", Status: conditionTrue, Reason: "Ready",
		Message: "Certificate is up to date and has not expired", ObservedGeneration: object.GetGeneration()})
	w.again(object, time.Until(renewal))
	return w.setStatus(ctx, certificates, object, status)
}

// keepMetadata follows the spec's template for the Secret, for which nothing is issued anew.
func keepMetadata(
	ctx context.Context, w *world, object, secret *unstructured.Unstructured, spec *certificateSpec, issued *x509.Certificate, data map[string][]byte,
) error {
	labels, annotations := labelsOf(spec), annotationsOf(object, spec, issued)
	if includes(secret.GetLabels(), labels) && includes(secret.GetAnnotations(), annotations) {
		return nil
	}
	kind, _, _ := unstructured.NestedString(secret.Object, "type")
	own := map[string][]byte{}
	for _, key := range []string{"tls.key", "tls.crt", "ca.crt"} {
		if value, found := data[key]; found {
			own[key] = value
		}
	}
	return w.apply(ctx, secrets, certManagerName, secretObject(object.GetNamespace(), spec.SecretName, kind, labels, annotations, own))
}

func includes(all, some map[string]string) bool {
	for key, value := range some {
		if found, known := all[key]; !known || found != value {
			return false
		}
	}
	return true
}

// reasonToIssue is nil for a certificate that is as asked (internal/controller/certificates/policies/checks.go).
func reasonToIssue(object, secret *unstructured.Unstructured, spec *certificateSpec) *refusal {
	if secret == nil {
		return &refusal{"DoesNotExist", "Issuing certificate as Secret does not exist"}
	}
	data := dataOf(secret)
	switch {
	case len(data) == 0:
		return &refusal{"MissingData", "Issuing certificate as Secret does not contain any data"}
	case len(data["tls.key"]) == 0:
		return &refusal{"MissingData", "Issuing certificate as Secret does not contain a private key"}
	case len(data["tls.crt"]) == 0:
		return &refusal{"MissingData", "Issuing certificate as Secret does not contain a certificate"}
	}
	if _, err := tls.X509KeyPair(data["tls.crt"], data["tls.key"]); err != nil {
		return &refusal{"InvalidKeyPair", fmt.Sprintf("Secret contains an invalid key-pair: %v", err)}
	}
	key, err := parseKey(data["tls.key"])
	if err != nil {
		return &refusal{"InvalidKeyPair", fmt.Sprintf("Issuing certificate as Secret contains invalid private key data: %v", err)}
	}
	if violations := spec.PrivateKey.violations(key); len(violations) > 0 {
		return &refusal{"SecretMismatch", fmt.Sprintf("Existing private key is not up to date for spec: %v", violations)}
	}
	if by := issuedBy(secret); by != issuerText(spec.issuerKind(), spec.issuerGroup(), spec.IssuerRef.Name) {
		return &refusal{"IncorrectIssuer", fmt.Sprintf("Issuing certificate as Secret was previously issued by %q", by)}
	}
	if name := secret.GetAnnotations()["cert-manager.io/certificate-name"]; name != object.GetName() {
		return &refusal{"IncorrectCertificate", fmt.Sprintf("Secret was issued for %q. If this message is not transient, you might have two conflicting Certificates pointing to the same secret.", name)}
	}
	chain, err := parseCertificates(data["tls.crt"])
	if err != nil {
		return &refusal{"InvalidCertificate", fmt.Sprintf("Issuing certificate as Secret contains an invalid certificate: %v", err)}
	}
	return reasonOf(chain[0], spec)
}

func reasonOf(certificate *x509.Certificate, spec *certificateSpec) *refusal {
	if violations := spec.violations(certificate); len(violations) > 0 {
		return &refusal{"SecretMismatch", fmt.Sprintf("Issuing certificate as Existing issued Secret is not up to date for spec: %v", violations)}
	}
	if renewal := spec.renewal(certificate); !time.Now().Before(renewal) {
		return &refusal{"Renewing", fmt.Sprintf("Renewing certificate as renewal was scheduled at %s", timestamp(renewal))}
	}
	return nil
}

func issuedBy(secret *unstructured.Unstructured) string {
	said := func(what, unsaid string) string {
		return orElse(secret.GetAnnotations()["cert-manager.io/issuer-"+what], unsaid)
	}
	return issuerText(said("kind", "Issuer"), said("group", certManagerGroup), said("name", ""))
}

func issuerText(kind, group, name string) string { return fmt.Sprintf("%s.%s/%s", kind, group, name) }

// issue writes the Secret of a certificate.
func issue(ctx context.Context, w *world, object, secret *unstructured.Unstructured, spec *certificateSpec, by *signer) error {
	key, err := spec.PrivateKey.next(secret)
	if err != nil {
		return err
	}
	encoded, err := encodeKey(key, spec.PrivateKey.Encoding)
	if err != nil {
		return err
	}
	issued, err := by.sign(spec, key)
	if err != nil {
		return err
	}
	data := map[string][]byte{"tls.key": encoded, "tls.crt": issued.chain}
	if len(issued.authority) > 0 {
		data["ca.crt"] = issued.authority
	}
	kind := "kubernetes.io/tls"
	if secret != nil {
		kind, _, _ = unstructured.NestedString(secret.Object, "type") // nobody can change it
	}
	annotations := annotationsOf(object, spec, issued.certificate)
	return w.apply(ctx, secrets, certManagerName, secretObject(object.GetNamespace(), spec.SecretName, kind, labelsOf(spec), annotations, data))
}

func labelsOf(spec *certificateSpec) map[string]string {
	labels := map[string]string{}
	maps.Copy(labels, spec.SecretTemplate.Labels)
	labels["controller.cert-manager.io/fao"] = "true"
	return labels
}

func annotationsOf(object *unstructured.Unstructured, spec *certificateSpec, issued *x509.Certificate) map[string]string {
	annotations := map[string]string{}
	maps.Copy(annotations, spec.SecretTemplate.Annotations)
	var addresses, uris []string
	for _, address := range issued.IPAddresses {
		addresses = append(addresses, address.String())
	}
	for _, uri := range issued.URIs {
		uris = append(uris, uri.String())
	}
	maps.Copy(annotations, map[string]string{
		"cert-manager.io/certificate-name": object.GetName(),
		"cert-manager.io/issuer-name":      spec.IssuerRef.Name, "cert-manager.io/issuer-kind": spec.issuerKind(), "cert-manager.io/issuer-group": spec.IssuerRef.Group,
		"cert-manager.io/common-name": issued.Subject.CommonName, "cert-manager.io/alt-names": strings.Join(issued.DNSNames, ","),
		"cert-manager.io/ip-sans": strings.Join(addresses, ","), "cert-manager.io/uri-sans": strings.Join(uris, ","),
	})
	return annotations
}

func secretObject(namespace, name, kind string, labels, annotations map[string]string, data map[string][]byte) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Secret", "type": kind, "data": encoded(data)}}
	object.SetNamespace(namespace)
	object.SetName(name)
	if len(labels) > 0 {
		object.SetLabels(labels)
	}
	if len(annotations) > 0 {
		object.SetAnnotations(annotations)
	}
	return object
}

// proves says why none of the solvers can prove that the names are the stack's own (pkg/controller/acmeorders/selectors).
func (a *acme) proves(spec *certificateSpec) error {
	if len(spec.IPAddresses)+len(spec.EmailAddresses)+len(spec.URIs) > 0 || spec.IsCA {
		return fmt.Errorf("an ACME server issues certificates for DNS names only, and none for authorities")
	}
	names := slices.Clone(spec.DNSNames)
	if spec.CommonName != "" && !slices.Contains(names, spec.CommonName) {
		names = append(names, spec.CommonName)
	}
	for _, name := range names {
		solved := false
		for _, solver := range a.Solvers {
			if solver.Selector == nil || len(solver.Selector.DNSNames)+len(solver.Selector.DNSZones) == 0 {
				solved = true
				continue
			}
			solved = solved || slices.Contains(solver.Selector.DNSNames, name) || slices.ContainsFunc(solver.Selector.DNSZones, func(zone string) bool {
				return name == zone || strings.HasSuffix(name, "."+zone)
			})
		}
		if !solved {
			return fmt.Errorf("no configured challenge solvers can be used for this challenge: %s", name)
		}
	}
	return nil
}

func sameSet(one, other []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(other)))
}

// next is the key for the next certificate: a new one, unless the old one may stay.
func (p privateKey) next(secret *unstructured.Unstructured) (signingKey, error) {
	if p.RotationPolicy == "Never" && secret != nil {
		if key, err := parseKey(bytes.TrimSpace(dataOf(secret)["tls.key"])); err == nil && len(p.violations(key)) == 0 {
			return key, nil
		}
	}
	return newKey(p)
}
