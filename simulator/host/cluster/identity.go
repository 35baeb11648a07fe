package cluster

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// identity is what others know a cluster by. A cluster that a stack's state names keeps it over restarts, as those of a cloud do; any other gets a
// new one at each start, whose key never touches the disk.
type identity struct {
	Port        int    `json:"port"`
	Certificate string `json:"certificate"` // of the authority, PEM
	Key         string `json:"key"`
}

func (l layout) identity() string { return l.path("identity.json") }

// ensureIdentity gives the identity that was kept, or keeps a new one.
func ensureIdentity(l layout) (*identity, error) {
	content, err := os.ReadFile(l.identity())
	if errors.Is(err, fs.ErrNotExist) {
		return keepIdentity(l)
	}
	kept := &identity{}
	if err == nil {
		err = json.Unmarshal(content, kept)
	}
	if err != nil {
		return nil, fmt.Errorf("identity of the cluster in %s: %w", l.identity(), err)
	}
	return kept, nil
}

func keepIdentity(l layout) (*identity, error) {
	free, err := freePorts()
	if err != nil {
		return nil, err
	}
	made, err := newAuthority(authorityName)
	if err != nil {
		return nil, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(made.key)
	if err != nil {
		return nil, fmt.Errorf("identity of the cluster: encoding its key: %w", err)
	}
	kept := &identity{Port: free.apiServer, Certificate: string(made.pem), Key: string(pemOf("PRIVATE KEY", key))}
	content, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("identity of the cluster: %w", err)
	}
	return kept, writeAtomically(l.identity(), content)
}

// authority is the one that signed everything before.
func (i *identity) authority() (*authority, error) {
	certificateBlock, _ := pem.Decode([]byte(i.Certificate))
	keyBlock, _ := pem.Decode([]byte(i.Key))
	if certificateBlock == nil || keyBlock == nil {
		return nil, errors.New("identity of the cluster: it holds no certificate and key")
	}
	certificate, err := x509.ParseCertificate(certificateBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("identity of the cluster: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("identity of the cluster: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("identity of the cluster: its key cannot sign")
	}
	return &authority{certificate: certificate, key: signer, pem: []byte(i.Certificate)}, nil
}
