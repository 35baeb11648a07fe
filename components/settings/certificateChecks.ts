import type { Issues } from "../foundation/issues";
import type { CertificateSettings } from "./certificates";
import { isInZone, type NamedHost, namedHosts } from "./hosts";
import type { Environment } from "./sizing";

/** Everything of a stack that decides on its certificate, as its file says it. */
interface Certified {
    readonly environment: Environment;
    readonly edge: {
        readonly host: string;
        readonly apiHost: string;
        readonly otherHosts?: readonly string[];
        readonly certificates?: CertificateSettings | undefined;
    };
    readonly secrets: { readonly certificateGeneration: number };
}

const key = "edge.certificates";

/** Refuses certificates that nobody would issue, or that would end before their successor is there. */
export function checkCertificates({ environment, edge, secrets }: Certified, issues: Issues): void {
    const { certificates: chosen } = edge;
    if (chosen === undefined) {
        if (environment === "dev") return;
        const fix =
            'name who issues the certificate, for example {issuer: letsencryptProd, email: "platform@example.com"}';
        issues.add(key, "is missing", fix);
        return;
    }
    if ("lifetimeDays" in chosen) checkLifetimes(chosen, environment, issues);
    if ("solver" in chosen) for (const named of namedHosts(edge)) checkHost(named, chosen, issues);
    if (chosen.issuer === "selfSigned") checkOwnAuthority(chosen, environment, issues);
    else if (secrets.certificateGeneration > 1) {
        const words = `is ${secrets.certificateGeneration}, but the authority of issuer ${chosen.issuer} is not the platform's to renew`;
        issues.add("secrets.certificateGeneration", words, "remove it: a new key comes with every renewal");
    }
}

type Lifetimes = Extract<CertificateSettings, { readonly lifetimeDays: number }>;

/** Ninety days are what the policy pack takes outside dev (NET-09). */
const longestDays = 90;

function checkLifetimes({ lifetimeDays, renewBeforeDays }: Lifetimes, environment: Environment, issues: Issues): void {
    if (renewBeforeDays >= lifetimeDays) {
        const words = `is ${renewBeforeDays}, but the certificate lives ${lifetimeDays} days: it would be renewed for ever`;
        issues.add(`${key}.renewBeforeDays`, words, `set less than lifetimeDays, best a third: ${third(lifetimeDays)}`);
    }
    if (environment === "dev" || lifetimeDays <= longestDays) return;
    const words = `is ${lifetimeDays}, and outside dev a certificate lives at most ${longestDays} days`;
    issues.add(`${key}.lifetimeDays`, words, `set at most ${longestDays}: it is renewed by itself`);
}

function third(count: number): number {
    return Math.max(1, Math.floor(count / 3));
}

type OwnAuthority = Extract<CertificateSettings, { readonly issuer: "selfSigned" }>;

function checkOwnAuthority(
    { lifetimeDays, rootLifetimeDays }: OwnAuthority,
    environment: Environment,
    issues: Issues,
): void {
    if (environment === "production") {
        const fix = "set letsencryptProd with an email, or corporate with a caSecret";
        issues.add(`${key}.issuer`, "is selfSigned, whom no client of production trusts", fix);
    }
    if (rootLifetimeDays >= 2 * lifetimeDays) return;
    const words = `is ${rootLifetimeDays}, less than twice the ${lifetimeDays} days of what the root signs: that would outlive it`;
    issues.add(`${key}.rootLifetimeDays`, words, `set at least ${2 * lifetimeDays}`);
}

/**
 * Domains that nobody can own, so that no public authority issues for them.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names/
 */
const ownedByNobody = /(^|\.)(local|localhost|internal|test|example|invalid|onion|home\.arpa)$/;

type Asked = Extract<CertificateSettings, { readonly solver: string }>;

/** Let's Encrypt issues for names that somebody owns, and for a wildcard only by a record of its domain. */
function checkHost({ key: place, host }: NamedHost, { issuer, solver }: Asked, issues: Issues): void {
    if (!host.includes(".") || ownedByNobody.test(host)) {
        const words = `is ${host}, for which issuer ${issuer} cannot issue: nobody can own it`;
        const fix = `name a host of a domain of yours, or set ${key}.issuer to selfSigned (in dev) or corporate`;
        issues.add(place, words, fix);
    } else if (solver === "http01" && host.startsWith("*.")) {
        const words = `is ${host}, which solver http01 cannot prove: no single host answers for it`;
        issues.add(place, words, `name each host, or set ${key}.solver to dns01`);
    }
}

/** The stack's part of a cloud, as far as names go. */
export interface Names {
    /** Key of the cloud's section in the stack file. */
    readonly section: string;
    /** Zone that the stack keeps; undefined where names are kept elsewhere. */
    readonly zone: string | undefined;
    readonly identities: Readonly<
        Record<
            string,
            { readonly namespace: string; readonly serviceAccount: string; readonly permissions: readonly string[] }
        >
    >;
}

/** Refuses proofs by records where the stack keeps no zone of the hosts, or where nobody may write into it. */
export function checkProof(
    { section, zone, identities }: Names,
    { edge }: Pick<Certified, "edge">,
    issues: Issues,
): void {
    checkWriters({ section, zone, identities }, issues);
    const { certificates: chosen } = edge;
    if (chosen === undefined || !("solver" in chosen) || chosen.solver !== "dns01") return;
    if (zone === undefined) {
        const words = "is dns01, but the stack keeps no zone of names";
        issues.add(`${key}.solver`, words, "set http01, or have the cloud keep a zone (dnsZone)");
        return;
    }
    for (const { key: place, host } of namedHosts(edge)) {
        if (isInZone(host, zone)) continue;
        const words = `is ${host}, which is no name of the stack's zone ${zone}: solver dns01 cannot prove it`;
        issues.add(place, words, `name a host of ${zone}, or set ${key}.solver to http01`);
    }
    if (Object.values(identities).some(isWriter)) return;
    const words = `has nobody who proves names, as ${key}.solver dns01 asks for`;
    issues.add(`${section}.identities`, words, `add cert-manager: ${JSON.stringify(writer)}`);
}

const writer = {
    namespace: "cert-manager",
    serviceAccount: "cert-manager",
    permissions: ["dnsZone.prove"],
} as const;

function isWriter({ namespace, serviceAccount, permissions }: Names["identities"][string]): boolean {
    const isOwn = namespace === writer.namespace && serviceAccount === writer.serviceAccount;
    return isOwn && permissions.includes(writer.permissions[0]);
}

function checkWriters({ section, zone, identities }: Names, issues: Issues): void {
    if (zone !== undefined) return;
    for (const [name, { permissions }] of Object.entries(identities)) {
        if (!permissions.includes(writer.permissions[0])) continue;
        const words = "may prove names (dnsZone.prove), but the stack keeps no zone of names";
        issues.add(`${section}.identities.${name}`, words, `set ${section}.dnsZone, or take the permission away`);
    }
}
