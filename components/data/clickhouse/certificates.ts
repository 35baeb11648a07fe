import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import {
    type ClickHouseServers,
    clickHouseAuthority,
    clickHouseHost,
    clickHouseNamespace,
    clickHouseService,
    hostsOf,
} from "../../foundation/clickHouseNames";
import type { ChildOptions } from "../../foundation/component";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Inside } from "../../kubernetes/trafficPolicies";

/** Secrets with the certificate that servers and Keepers show each other, its key, and the certificate of who vouches for it (`ca.crt`). */
export const serverCertificate = "clickhouse-tls";
export const keeperCertificate = "keeper-tls";

/** Where pods have theirs. Programs read them again when they change, but for what Keepers tell each other by. */
export const certificateFolder = "/tls";

const authority = "clickhouse-authority";
const selfSigned = "clickhouse-self-signed";
const issuer = "clickhouse";

interface CertificatePlan {
    readonly secret: string;
    readonly names: readonly string[];
    readonly usages: readonly string[];
    readonly life: Life;
}

/** How long a certificate lasts, and how long before its end there is a new one. */
interface Life {
    readonly duration: string;
    readonly renewBefore: string;
}

/** 90 days, and 30 days before. */
const readAgain: Life = { duration: "2160h0m0s", renewBefore: "720h0m0s" };

/** Five years, and two years before: Keepers read it when they start, and 25.8 never again. @see https://github.com/ClickHouse/ClickHouse/issues/89670 */
const readOnce: Life = { duration: "43800h0m0s", renewBefore: "17520h0m0s" };

/**
 * Certificates of an authority that signs for ClickHouse and Keeper alone, so that having one of its certificates is enough to be let in by Keeper. The
 * authority lives ten years: who calls ClickHouse reads its certificate when he starts.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export function createCertificates(
    name: string,
    asked: ClickHouseServers,
    certManager: Operator,
    inside: Inside,
    child: ChildOptions,
): readonly CustomResource[] {
    const create = (role: string, plan: { readonly kind: string; readonly name: string; readonly spec: object }) =>
        createCustomResource(
            `${name}-${role}`,
            { apiVersion: "cert-manager.io/v1", ...inside, ...plan },
            certManager,
            child,
        );
    return [
        create("self-signed", { kind: "Issuer", name: selfSigned, spec: { selfSigned: {} } }),
        create("authority", { kind: "Certificate", name: authority, spec: planAuthority() }),
        create("issuer", { kind: "Issuer", name: issuer, spec: { ca: { secretName: authority } } }),
        ...planCertificates(asked).map((plan) =>
            create(plan.secret, { kind: "Certificate", name: plan.secret, spec: planCertificate(plan) }),
        ),
    ];
}

const both = ["server auth", "client auth"] as const;

function planCertificates({ shards, replicas, keepers }: ClickHouseServers): readonly CertificatePlan[] {
    const servers = hostsOf("chi", shards, replicas).flatMap(namesOf);
    const voters = hostsOf("chk", 1, keepers).flatMap(namesOf);
    return [
        {
            secret: serverCertificate,
            names: [...namesOf(clickHouseService), ...servers],
            usages: both,
            life: readAgain,
        },
        { secret: keeperCertificate, names: voters, usages: both, life: readOnce },
        // Proves nobody to anybody: it is how the authority's certificate reaches those who must not have a key of it.
        {
            secret: clickHouseAuthority.secret,
            names: [`trust.${clickHouseHost}`],
            usages: ["code signing"],
            life: readAgain,
        },
    ];
}

/** As pods of this namespace, and of others, write the name of a Service. */
function namesOf(service: string): readonly string[] {
    const inNamespace = `${service}.${clickHouseNamespace}`;
    return [service, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`];
}

const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

function planAuthority() {
    return {
        isCA: true,
        commonName: authority,
        secretName: authority,
        duration: "87600h0m0s",
        renewBefore: "8760h0m0s",
        privateKey,
        issuerRef: { group: "cert-manager.io", kind: "Issuer", name: selfSigned },
    };
}

function planCertificate({ secret, names, usages, life }: CertificatePlan) {
    return {
        isCA: false,
        commonName: secret,
        dnsNames: [...names],
        usages: [...usages],
        secretName: secret,
        ...life,
        privateKey,
        issuerRef: { group: "cert-manager.io", kind: "Issuer", name: issuer },
    };
}
