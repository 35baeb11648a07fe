package operators

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// makeAuthorities makes that of the cluster, which vouches for nodes, and that of clients, which vouches for users (CaReconciler): the certificate and the
// key are in Secrets of their own, so that who asks for the one cannot have the other.
func (k *kafka) makeAuthorities(ctx context.Context) (bool, error) {
	for name, days := range map[string]int{"cluster-ca": k.spec.ClusterCa.ValidityDays, "clients-ca": k.spec.ClientsCa.ValidityDays} {
		if err := k.makeAuthority(ctx, name, days); err != nil {
			return false, err
		}
	}
	return false, nil
}

// strimziDays are those that an authority is good for without a word (CertificateAuthority.DEFAULT_CERTS_VALIDITY_DAYS).
const strimziDays = 365

func (k *kafka) makeAuthority(ctx context.Context, name string, days int) error {
	there, err := k.w.live(ctx, secrets, k.namespace(), k.name()+"-"+name)
	if err != nil || there != nil {
		return err
	}
	key, err := newKey(privateKey{Algorithm: "RSA"})
	if err != nil {
		return err
	}
	if days == 0 {
		days = strimziDays
	}
	spec := &certificateSpec{
		CommonName: name + " v0", IsCA: true, Subject: subjectNames{Organizations: []string{"io.strimzi"}},
		Duration: &metav1.Duration{Duration: time.Duration(days) * 24 * time.Hour},
	}
	made, err := (&signer{}).sign(spec, key)
	if err != nil {
		return err
	}
	content, err := encodeKey(key, "PKCS8")
	if err != nil {
		return err
	}
	certificate := map[string][]byte{"ca.crt": encodeCertificate(made.certificate)}
	if err := k.makeSecret(ctx, k.name()+"-"+name+"-cert", "strimzi.io/ca-cert-generation", certificate); err != nil {
		return err
	}
	return k.makeSecret(ctx, k.name()+"-"+name, "strimzi.io/ca-key-generation", map[string][]byte{"ca.key": content})
}

func (k *kafka) makeSecret(ctx context.Context, name, generation string, data map[string][]byte) error {
	meta := k.meta(name, k.labels("strimzi", "certificate-authority"))
	meta.Annotations = map[string]string{generation: "0"}
	return k.w.create(ctx, secrets, "Secret", fields{"metadata": meta, "type": "Opaque", "data": encoded(data)})
}

// authority signs with one of the two; nil while it is not there.
func strimziAuthority(ctx context.Context, w *world, namespace, cluster, name string) (*signer, error) {
	certificate, err := w.live(ctx, secrets, namespace, cluster+"-"+name+"-cert")
	if err != nil || certificate == nil {
		return nil, err
	}
	private, err := w.live(ctx, secrets, namespace, cluster+"-"+name)
	if err != nil || private == nil {
		return nil, err
	}
	key, err := parseKey(dataOf(private)["ca.key"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", private.GetName(), err)
	}
	certificates, err := parseCertificates(dataOf(certificate)["ca.crt"])
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", certificate.GetName(), err)
	}
	return &signer{authority: certificates[0], key: key}, nil
}

// makeNodeSecrets makes each node's certificate, by the names that others call it by (KafkaCluster.generateCertificatesSecrets).
func (k *kafka) makeNodeSecrets(ctx context.Context) (bool, error) {
	bootstrap, headless := k.component()+"-bootstrap", k.component()+"-brokers"
	for _, pool := range k.pools {
		for _, id := range pool.nodes {
			name := k.podName(pool, id)
			host := name + "." + headless + "." + k.namespace() + ".svc"
			names := []string{host, host + ".cluster.local"}
			for _, service := range []string{bootstrap, headless} {
				names = append(names, service, service+"."+k.namespace(), service+"."+k.namespace()+".svc", service+"."+k.namespace()+".svc.cluster.local")
			}
			if err := k.makeIdentity(ctx, name, name, k.component(), names); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// makeIdentity makes a certificate of the cluster's authority unless it is there.
func (k *kafka) makeIdentity(ctx context.Context, secret, file, subject string, names []string) error {
	if k.w.get(secrets, k.namespace(), secret) != nil {
		return nil
	}
	by, err := strimziAuthority(ctx, k.w.world, k.namespace(), k.name(), "cluster-ca")
	if err != nil || by == nil {
		return err
	}
	certificate, key, err := by.identity(subject, names)
	if err != nil {
		return err
	}
	return k.makeSecret(ctx, secret, "strimzi.io/cluster-ca-cert-generation", map[string][]byte{file + ".crt": certificate, file + ".key": key})
}

// identity is a certificate for both sides of a connection, and its key.
func (s *signer) identity(name string, hosts []string) (certificate, key []byte, err error) {
	private, err := newKey(privateKey{Algorithm: "RSA"})
	if err != nil {
		return nil, nil, err
	}
	made, err := s.sign(&certificateSpec{
		CommonName: name, DNSNames: hosts, Usages: []string{"digital signature", "server auth", "client auth"},
		Duration: &metav1.Duration{Duration: strimziDays * 24 * time.Hour},
	}, private)
	if err != nil {
		return nil, nil, err
	}
	key, err = encodeKey(private, "PKCS8")
	return encodeCertificate(made.certificate), key, err
}

// isRunning says whether a Deployment has a pod that works.
func isRunning(deployment *unstructured.Unstructured) bool {
	if deployment == nil {
		return false
	}
	available, _, _ := unstructured.NestedInt64(deployment.Object, "status", "availableReplicas")
	return available > 0
}
