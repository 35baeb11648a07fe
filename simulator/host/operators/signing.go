package operators

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"slices"
	"time"
)

// signingKey is a private key of any kind.
type signingKey = crypto.Signer

// privateKey says what key a certificate is to have.
type privateKey struct {
	Algorithm, Encoding, RotationPolicy string
	Size                                int
}

type subjectNames struct {
	Organizations, OrganizationalUnits, Countries, Localities, Provinces, StreetAddresses, PostalCodes []string
	SerialNumber                                                                                       string
}

// Sizes without a word: pkg/util/pki/generate.go.
const (
	defaultRSA   = 2048
	defaultECDSA = 256
)

var curves = map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 521: elliptic.P521()}

func newKey(wanted privateKey) (signingKey, error) {
	switch wanted.Algorithm {
	case "", "RSA":
		return rsa.GenerateKey(rand.Reader, orSize(wanted.Size, defaultRSA))
	case "ECDSA":
		curve := curves[orSize(wanted.Size, defaultECDSA)]
		if curve == nil {
			return nil, fmt.Errorf("unsupported ecdsa key size specified: %d", wanted.Size)
		}
		return ecdsa.GenerateKey(curve, rand.Reader)
	case "Ed25519":
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	default:
		return nil, fmt.Errorf("unsupported private key algorithm specified: %s", wanted.Algorithm)
	}
}

func orSize(size, unsaid int) int {
	if size == 0 {
		return unsaid
	}
	return size
}

// violations are in what a key is not as wanted.
func (p privateKey) violations(key signingKey) []string {
	size, algorithm := 0, ""
	switch key := key.(type) {
	case *rsa.PrivateKey:
		size, algorithm = key.N.BitLen(), "RSA"
	case *ecdsa.PrivateKey:
		size, algorithm = key.Params().BitSize, "ECDSA"
	case ed25519.PrivateKey:
		algorithm = "Ed25519"
	}
	unsaid := map[string]int{"RSA": defaultRSA, "ECDSA": defaultECDSA}
	switch {
	case algorithm != orElse(p.Algorithm, "RSA"):
		return []string{"spec.privateKey.algorithm"}
	case algorithm != "Ed25519" && size != orSize(p.Size, unsaid[algorithm]):
		return []string{"spec.privateKey.size"}
	}
	return nil
}

func encodeKey(key signingKey, encoding string) ([]byte, error) {
	rsaKey, isRSA := key.(*rsa.PrivateKey)
	ecKey, isEC := key.(*ecdsa.PrivateKey)
	switch {
	case encoding != "PKCS8" && isRSA:
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)}), nil
	case encoding != "PKCS8" && isEC:
		content, err := x509.MarshalECPrivateKey(ecKey)
		return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: content}), err
	default:
		content, err := x509.MarshalPKCS8PrivateKey(key)
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: content}), err
	}
}

func parseKey(content []byte) (signingKey, error) {
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, errors.New("error decoding private key PEM block")
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, known := parsed.(signingKey)
	if !known {
		return nil, fmt.Errorf("unknown private key type: %T", parsed)
	}
	return key, nil
}

// parseCertificates gives at least one.
func parseCertificates(content []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("error parsing TLS certificate: %w", err)
		}
		found = append(found, certificate)
	}
	if len(found) == 0 {
		return nil, errors.New("error decoding certificate PEM block")
	}
	return found, nil
}

// issued is a certificate as its Secret has it, in PEM: the chain without its root, and the root.
type issued struct {
	certificate      *x509.Certificate
	chain, authority []byte
}

// sign makes a certificate; a signer without an authority lets the key sign itself.
func (s *signer) sign(spec *certificateSpec, key signingKey) (*issued, error) {
	template, err := spec.template()
	if err != nil {
		return nil, err
	}
	parent, parentKey := s.authority, s.key
	if parent == nil {
		parent, parentKey = template, key
	}
	content, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	certificate, err := x509.ParseCertificate(content)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	made := &issued{certificate: certificate}
	for index, each := range append([]*x509.Certificate{certificate}, s.chain...) {
		root := signsItself(each)
		if root {
			made.authority = encodeCertificate(each)
		}
		if index == 0 || !root {
			made.chain = append(made.chain, encodeCertificate(each)...)
		}
	}
	if s.public {
		made.authority = nil
	}
	return made, nil
}

func signsItself(certificate *x509.Certificate) bool {
	return bytes.Equal(certificate.RawSubject, certificate.RawIssuer) &&
		certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature) == nil
}

func encodeCertificate(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

// newAuthority is one that everybody trusts: a root, and below it one that signs.
func newAuthority(name string) (*signer, error) {
	root := &certificateSpec{CommonName: name, IsCA: true}
	rootKey, err := newKey(privateKey{Algorithm: "ECDSA"})
	if err != nil {
		return nil, err
	}
	top, err := (&signer{}).sign(root, rootKey)
	if err != nil {
		return nil, err
	}
	key, err := newKey(privateKey{Algorithm: "ECDSA"})
	if err != nil {
		return nil, err
	}
	below, err := (&signer{authority: top.certificate, key: rootKey}).sign(&certificateSpec{CommonName: name + ", intermediate", IsCA: true}, key)
	if err != nil {
		return nil, err
	}
	return &signer{authority: below.certificate, key: key, chain: []*x509.Certificate{below.certificate}, public: true}, nil
}

// template is the certificate as the spec asks for it (pkg/util/pki/csr.go).
func (s *certificateSpec) template() (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128))
	if err != nil {
		return nil, fmt.Errorf("serial number: %w", err)
	}
	keyUsage, extended := s.usages()
	now := time.Now().Truncate(time.Second)
	made := &x509.Certificate{
		SerialNumber: serial, Subject: s.subject(), DNSNames: s.DNSNames, EmailAddresses: s.EmailAddresses,
		NotBefore: now, NotAfter: now.Add(s.duration()), IsCA: s.IsCA, BasicConstraintsValid: true, KeyUsage: keyUsage, ExtKeyUsage: extended,
	}
	for _, text := range s.IPAddresses {
		address := net.ParseIP(text)
		if address == nil {
			return nil, fmt.Errorf("%q is no IP address", text)
		}
		made.IPAddresses = append(made.IPAddresses, address)
	}
	for _, text := range s.URIs {
		uri, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		made.URIs = append(made.URIs, uri)
	}
	return made, nil
}

func (s *certificateSpec) subject() pkix.Name {
	return pkix.Name{
		CommonName: s.CommonName, SerialNumber: s.Subject.SerialNumber, Organization: s.Subject.Organizations,
		OrganizationalUnit: s.Subject.OrganizationalUnits, Country: s.Subject.Countries, Locality: s.Subject.Localities,
		Province: s.Subject.Provinces, StreetAddress: s.Subject.StreetAddresses, PostalCode: s.Subject.PostalCodes,
	}
}

// keyUsages and extendedUsages are the words of a Certificate: pkg/api/util/usages.go.
var keyUsages = map[string]x509.KeyUsage{
	"signing": x509.KeyUsageDigitalSignature, "digital signature": x509.KeyUsageDigitalSignature, "content commitment": x509.KeyUsageContentCommitment,
	"key encipherment": x509.KeyUsageKeyEncipherment, "key agreement": x509.KeyUsageKeyAgreement, "data encipherment": x509.KeyUsageDataEncipherment,
	"cert sign": x509.KeyUsageCertSign, "crl sign": x509.KeyUsageCRLSign,
}

var extendedUsages = map[string]x509.ExtKeyUsage{
	"any": x509.ExtKeyUsageAny, "server auth": x509.ExtKeyUsageServerAuth, "client auth": x509.ExtKeyUsageClientAuth,
	"code signing": x509.ExtKeyUsageCodeSigning, "email protection": x509.ExtKeyUsageEmailProtection, "timestamping": x509.ExtKeyUsageTimeStamping,
	"ocsp signing": x509.ExtKeyUsageOCSPSigning,
}

func (s *certificateSpec) usages() (x509.KeyUsage, []x509.ExtKeyUsage) {
	wanted := s.Usages
	if len(wanted) == 0 {
		wanted = []string{"digital signature", "key encipherment"}
	}
	var usage x509.KeyUsage
	var extended []x509.ExtKeyUsage
	for _, word := range wanted {
		usage |= keyUsages[word]
		if found, known := extendedUsages[word]; known {
			extended = append(extended, found)
		}
	}
	if s.IsCA {
		usage |= x509.KeyUsageCertSign
	}
	return usage, extended
}

// violations are the fields in which a certificate is not as the spec asks (pkg/util/pki/match.go).
func (s *certificateSpec) violations(certificate *x509.Certificate) []string {
	var addresses, uris []string
	for _, address := range certificate.IPAddresses {
		addresses = append(addresses, address.String())
	}
	for _, uri := range certificate.URIs {
		uris = append(uris, uri.String())
	}
	usage, extended := s.usages()
	var found []string
	for field, same := range map[string]bool{
		"spec.commonName": certificate.Subject.CommonName == s.CommonName, "spec.dnsNames": sameSet(certificate.DNSNames, s.DNSNames),
		"spec.ipAddresses": sameSet(addresses, normalised(s.IPAddresses)), "spec.uris": sameSet(uris, s.URIs),
		"spec.emailAddresses": sameSet(certificate.EmailAddresses, s.EmailAddresses), "spec.isCA": certificate.IsCA == s.IsCA,
		"spec.duration": certificate.NotAfter.Sub(certificate.NotBefore) == s.duration(),
		"spec.usages":   certificate.KeyUsage == usage && slices.Equal(certificate.ExtKeyUsage, extended),
		"spec.subject":  certificate.Subject.String() == s.subject().String(),
	} {
		if !same {
			found = append(found, field)
		}
	}
	slices.Sort(found)
	return found
}

func normalised(addresses []string) []string {
	var found []string
	for _, text := range addresses {
		if address := net.ParseIP(text); address != nil {
			text = address.String()
		}
		found = append(found, text)
	}
	return found
}

// encoded are the values of a Secret as JSON has them.
func encoded(data map[string][]byte) map[string]any {
	made := map[string]any{}
	for key, value := range data {
		made[key] = base64.StdEncoding.EncodeToString(value)
	}
	return made
}
