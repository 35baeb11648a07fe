import { Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { Provider } from "@pulumi/tls/provider";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import type { Placement } from "../kubernetes/placement";

export interface SelfSignedCertificateArgs {
    readonly placement: Placement;
    /** Names that it is for; it is issued to the first of them (CN). */
    readonly hosts: readonly string[];
    /** Organisation (O) that it names. */
    readonly organisation: string;
    /** Generation of the key; a new one makes key and certificate anew. */
    readonly generation: number;
}

/** Name of the Secret (requirements/001). */
const secretName = "tars-tls-cert";

/** Days that a certificate is valid, and before its end when an update makes a new one (requirements/001: `openssl req -x509 -days 365`). */
const validity = { days: 365, renewDaysBefore: 30 } as const;

/** A TLS certificate that nobody but its holder vouches for, in the Secret that the ingress reads. */
export class SelfSignedCertificate extends TarsComponent {
    /** Name of the TLS Secret: known before it is there, so that rules can judge who names it. */
    readonly secretName = secretName;

    constructor(name: string, args: SelfSignedCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "SelfSignedCertificate", name, opts);
        const child = { parent: this, provider: new Provider(`${name}-tls`, {}, { parent: this }) };
        const key = createKey(name, args, child);
        const certificate = createCertificate(name, args, key, child);
        const inCluster = { parent: this, provider: args.placement.cluster.provider };
        createSecret(name, args, { key, certificate }, inCluster);
        this.registerOutputs({ secretName });
    }
}

/** The generation is part of the name: a key has no keeper to change. The old one is deleted after the certificate has moved on. */
function createKey(name: string, { generation }: SelfSignedCertificateArgs, child: ChildOptions): PrivateKey {
    return new PrivateKey(`${name}-key-${generation}`, { algorithm: "RSA", rsaBits: 2048 }, child);
}

function createCertificate(
    name: string,
    { hosts, organisation }: SelfSignedCertificateArgs,
    key: PrivateKey,
    child: ChildOptions,
): SelfSignedCert {
    return new SelfSignedCert(
        name,
        {
            privateKeyPem: key.privateKeyPem,
            subject: { commonName: hosts[0] ?? "", organization: organisation },
            dnsNames: [...hosts],
            validityPeriodHours: validity.days * 24,
            earlyRenewalHours: validity.renewDaysBefore * 24,
            allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
        },
        child,
    );
}

function createSecret(
    name: string,
    { placement }: SelfSignedCertificateArgs,
    { key, certificate }: { readonly key: PrivateKey; readonly certificate: SelfSignedCert },
    child: ChildOptions,
): Secret {
    const labels = labelsOf({ name: secretName, component: "edge" }, placement.ownership);
    const metadata = { name: secretName, namespace: placement.namespace, labels };
    const stringData = { "tls.crt": certificate.certPem, "tls.key": key.privateKeyPem };
    return new Secret(`${name}-secret`, { metadata, type: "kubernetes.io/tls", stringData }, child);
}
