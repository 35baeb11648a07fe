package operators

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// certificateNames are the Secrets of the certificates, those that are given or its own (api/v1/cluster_funcs.go).
func (c *cnpgCluster) certificateNames() *cnpgCertificates {
	made := &cnpgCertificates{
		ServerCASecret: c.name() + "-ca", ClientCASecret: c.name() + "-ca", ServerTLSSecret: c.name() + "-server", ReplicationTLSSecret: c.name() + "-replication",
	}
	for _, kind := range []string{"rw", "r", "ro"} {
		if c.spec.isDisabled(kind) {
			continue
		}
		host := c.name() + "-" + kind
		made.ServerAltDNSNames = append(made.ServerAltDNSNames, host, host+"."+c.namespace(), host+"."+c.namespace()+".svc",
			host+"."+c.namespace()+".svc."+c.plane.setting("KUBERNETES_CLUSTER_DOMAIN", "cluster.local"))
	}
	if given := c.spec.Certificates; given != nil {
		made.ServerCASecret, made.ClientCASecret = orElse(given.ServerCASecret, made.ServerCASecret), orElse(given.ClientCASecret, made.ClientCASecret)
		made.ServerTLSSecret = orElse(given.ServerTLSSecret, made.ServerTLSSecret)
		made.ReplicationTLSSecret = orElse(given.ReplicationTLSSecret, made.ReplicationTLSSecret)
		made.ServerAltDNSNames = append(made.ServerAltDNSNames, given.ServerAltDNSNames...)
	}
	return made
}

// makeCertificates makes the authority, and the certificates of the server and of replication: internal/controller/cluster_pki.go. Those that are given
// must be there; whether they are good is not looked at, and none is renewed.
func (c *cnpgCluster) makeCertificates(ctx context.Context) error {
	names := c.certificateNames()
	c.status.Certificates = names
	given := c.spec.Certificates
	authority, err := c.authority(ctx, names.ServerCASecret, given != nil && given.ServerCASecret != "", "server")
	if err != nil {
		return err
	}
	if err := c.certify(ctx, authority, names.ServerTLSSecret, given != nil && given.ServerTLSSecret != "", "server TLS",
		&certificateSpec{CommonName: c.name() + "-rw", DNSNames: names.ServerAltDNSNames, Usages: []string{"digital signature", "server auth"}}); err != nil {
		return err
	}
	if names.ClientCASecret != names.ServerCASecret {
		if authority, err = c.authority(ctx, names.ClientCASecret, given.ClientCASecret != "", "client"); err != nil {
			return err
		}
	}
	if err := c.certify(ctx, authority, names.ReplicationTLSSecret, given != nil && given.ReplicationTLSSecret != "", "streaming replication client TLS",
		&certificateSpec{CommonName: "streaming_replica", Usages: []string{"digital signature", "client auth"}}); err != nil {
		return err
	}
	return c.certifyPoolers(ctx, authority)
}

// authority is nil when its Secret has no key.
func (c *cnpgCluster) authority(ctx context.Context, name string, isGiven bool, of string) (*signer, error) {
	secret, err := c.secret(ctx, name)
	if err != nil {
		return nil, err
	}
	if secret == nil {
		if isGiven {
			return nil, fmt.Errorf("missing specified %s CA secret %s: secrets %q not found", of, name, name)
		}
		key, err := newKey(privateKey{Algorithm: "ECDSA"})
		if err != nil {
			return nil, err
		}
		made, err := (&signer{}).sign(&certificateSpec{CommonName: c.name(), IsCA: true, Subject: subjectNames{OrganizationalUnits: []string{c.namespace()}}}, key)
		if err != nil {
			return nil, err
		}
		content, err := encodeKey(key, "")
		if err != nil {
			return nil, err
		}
		data := map[string][]byte{"ca.crt": encodeCertificate(made.certificate), "ca.key": content}
		if err := c.keepSecret(ctx, name, corev1.SecretTypeOpaque, nil, data); err != nil {
			return nil, err
		}
		return &signer{authority: made.certificate, key: key}, nil
	}
	data := dataOf(secret)
	if len(data["ca.key"]) == 0 {
		return nil, nil
	}
	key, err := parseKey(data["ca.key"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	certificates, err := parseCertificates(data["ca.crt"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	return &signer{authority: certificates[0], key: key}, nil
}

// certify makes a certificate unless it is there.
func (c *cnpgCluster) certify(ctx context.Context, by *signer, name string, isGiven bool, of string, spec *certificateSpec) error {
	secret, err := c.secret(ctx, name)
	if err != nil || secret != nil {
		return err
	}
	if isGiven {
		return fmt.Errorf("missing specified %s secret %s: secrets %q not found", of, name, name)
	}
	if by == nil {
		return fmt.Errorf("missing ca.key secret data")
	}
	key, err := newKey(privateKey{Algorithm: "ECDSA"})
	if err != nil {
		return err
	}
	made, err := by.sign(spec, key)
	if err != nil {
		return err
	}
	content, err := encodeKey(key, "")
	if err != nil {
		return err
	}
	labels := map[string]string{}
	if of == "pooler" {
		labels[cnpgReload] = "true"
	}
	return c.keepSecret(ctx, name, corev1.SecretTypeTLS, labels, map[string][]byte{"tls.crt": encodeCertificate(made.certificate), "tls.key": content})
}

// secret asks the API server for one that is not known, as another of the same name would not fit those that are made of the first.
func (c *cnpgCluster) secret(ctx context.Context, name string) (*unstructured.Unstructured, error) {
	if known := c.w.get(secrets, c.namespace(), name); known != nil {
		return known, nil
	}
	return c.w.live(ctx, secrets, c.namespace(), name)
}

func (c *cnpgCluster) keepSecret(ctx context.Context, name string, kind corev1.SecretType, labels map[string]string, data map[string][]byte) error {
	labels = clone(labels)
	labels["app.kubernetes.io/managed-by"] = cnpgManager
	return c.w.create(ctx, secrets, "Secret", &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: c.namespace(), Labels: labels, OwnerReferences: ownerOf(c.object)}, Type: kind, Data: data,
	})
}

func (c *cnpgCluster) appSecret() string {
	if way, _ := c.spec.way(); way.Secret != nil && way.Secret.Name != "" {
		return way.Secret.Name
	}
	return c.name() + "-app"
}

func (c *cnpgCluster) superuserSecret() string {
	if given := c.spec.SuperuserSecret; given != nil && given.Name != "" {
		return given.Name
	}
	return c.name() + "-superuser"
}

// makePasswords makes those that nobody gave (reconcilePostgresSecrets). The superuser's goes when it may not come in any more.
func (c *cnpgCluster) makePasswords(ctx context.Context) error {
	superuser := c.name() + "-superuser"
	if enabled := c.spec.EnableSuperuserAccess; enabled == nil || !*enabled {
		if err := c.w.drop(ctx, secrets, c.object, superuser); err != nil {
			return err
		}
	} else if c.superuserSecret() == superuser {
		if err := c.makePassword(ctx, superuser, "*", "postgres", "superuser"); err != nil {
			return err
		}
	}
	way, _ := c.spec.way()
	if way.Owner == "" || way.Database == "" || c.appSecret() != c.name()+"-app" {
		return nil
	}
	return c.makePassword(ctx, c.appSecret(), way.Database, way.Owner, "app")
}

// makePassword is CreateSecret of pkg/specs/secrets.go.
func (c *cnpgCluster) makePassword(ctx context.Context, name, database, user, kind string) error {
	secret, err := c.secret(ctx, name)
	if err != nil || secret != nil {
		return err
	}
	random := make([]byte, 48)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	password := base64.RawURLEncoding.EncodeToString(random)
	host := c.name() + "-rw"
	at := func(host string) (uri, jdbc string) {
		query := url.Values{"user": {user}, "password": {password}}
		return (&url.URL{Scheme: "postgresql", User: url.UserPassword(user, password), Host: host + ":5432", Path: database}).String(),
			(&url.URL{Scheme: "jdbc:postgresql", Host: host + ":5432", Path: database, RawQuery: query.Encode()}).String()
	}
	uri, jdbc := at(host + "." + c.namespace())
	fullURI, fullJDBC := at(host + "." + c.namespace() + ".svc." + c.plane.setting("KUBERNETES_CLUSTER_DOMAIN", "cluster.local"))
	return c.w.create(ctx, secrets, "Secret", &corev1.Secret{
		ObjectMeta: c.meta(name, map[string]string{"cnpg.io/userType": kind, cnpgReload: "true", "app.kubernetes.io/managed-by": cnpgManager}),
		Type:       corev1.SecretTypeBasicAuth,
		StringData: map[string]string{
			"username": user, "user": user, "password": password, "dbname": database, "host": host, "port": "5432",
			"pgpass": fmt.Sprintf("%s:5432:%s:%s:%s\n", host, database, user, password),
			"uri":    uri, "jdbc-uri": jdbc, "fqdn-uri": fullURI, "fqdn-jdbc-uri": fullJDBC,
		},
	})
}
