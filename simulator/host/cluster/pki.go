package cluster

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// validity of certificates: longer than any run. All but the authority of a cluster with an identity are made anew at each start.
const validity = 365 * 24 * time.Hour

// clockSkew is how far before now certificates begin, so that a corrected clock does not refuse them.
const clockSkew = time.Hour

// authority signs certificates. Unless the cluster keeps an identity, its key stays in memory: nobody can sign for a cluster after its start.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	pem         []byte
}

// keyPair is a certificate and its private key in PEM.
type keyPair struct{ certificate, key []byte }

// subject says what a certificate is for: a name and groups for a client, addresses for a server, both for an etcd member.
type subject struct {
	name   string
	groups []string
	hosts  []string
	usages []x509.ExtKeyUsage
}

func client(name string, groups ...string) subject {
	return subject{name: name, groups: groups, usages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
}

func server(name string, hosts ...string) subject {
	return subject{name: name, hosts: hosts, usages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
}

func newAuthority(name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority %s: making a key: %w", name, err)
	}
	template, err := newTemplate(pkix.Name{CommonName: name})
	if err != nil {
		return nil, fmt.Errorf("authority %s: %w", name, err)
	}
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("authority %s: signing itself: %w", name, err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("authority %s: reading its certificate: %w", name, err)
	}
	return &authority{certificate: certificate, key: key, pem: pemOf("CERTIFICATE", der)}, nil
}

func (a *authority) issue(who subject) (*keyPair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: making a key: %w", who.name, err)
	}
	template, err := newTemplate(pkix.Name{CommonName: who.name, Organization: who.groups})
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", who.name, err)
	}
	template.KeyUsage, template.ExtKeyUsage = x509.KeyUsageDigitalSignature, who.usages
	template.DNSNames, template.IPAddresses = splitHosts(who.hosts)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: signing: %w", who.name, err)
	}
	private, err := privateKeyPEM(key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", who.name, err)
	}
	return &keyPair{certificate: pemOf("CERTIFICATE", der), key: private}, nil
}

func newTemplate(name pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	now := time.Now()
	return &x509.Certificate{SerialNumber: serial, Subject: name, NotBefore: now.Add(-clockSkew), NotAfter: now.Add(validity)}, nil
}

func splitHosts(hosts []string) (names []string, addresses []net.IP) {
	for _, host := range hosts {
		if address := net.ParseIP(host); address != nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, host)
		}
	}
	return names, addresses
}

// newSigningKey makes the key pair that signs the tokens of service accounts.
func newSigningKey() (*keyPair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("service account key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("service account key: encoding its public half: %w", err)
	}
	private, err := privateKeyPEM(key)
	if err != nil {
		return nil, fmt.Errorf("service account key: %w", err)
	}
	return &keyPair{certificate: pemOf("PUBLIC KEY", public), key: private}, nil
}

// privateKeyPEM writes SEC 1, the form that every Kubernetes component reads.
func privateKeyPEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding a private key: %w", err)
	}
	return pemOf("EC PRIVATE KEY", der), nil
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
