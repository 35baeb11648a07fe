import { externalDnsLoads } from "../foundation/externalDnsSizes";
import type { Issues } from "../foundation/issues";
import type { Load } from "../foundation/loads";
import type { Names } from "./certificateChecks";
import { isInZone, type NamedHost, namedHosts } from "./hosts";
import type { Settings } from "./schema";

type Edge = Pick<Settings, "edge">;

/** Who writes records: the operator's identity in the cloud. A test holds it to that of the contract. */
export const writer = {
    namespace: "external-dns",
    serviceAccount: "external-dns",
    permissions: ["dnsZone.write"],
} as const;

/**
 * Whether the stack has ExternalDNS: where its cloud keeps a zone, unless it says that somebody else writes the records. Those of a load balancer with a
 * firewall the stack writes itself, since the gateway behind it has no address that callers could come to.
 */
export function managesRecords({ edge }: Edge, zone: string | undefined): boolean {
    return zone !== undefined && edge.dns.records === "managed" && edge.firewall === undefined;
}

/** Pods that write records. @param zone name of the stack's zone, if it has one */
export function recordLoads(settings: Edge, zone: string | undefined): readonly Load[] {
    return managesRecords(settings, zone) ? externalDnsLoads : [];
}

/** Refuses hosts that no record could be written for, and records that nobody may write. */
export function checkRecords({ section, zone, identities }: Names, { edge }: Edge, issues: Issues): void {
    checkListed(edge, issues);
    if (zone === undefined) {
        checkPermissions({ section, zone, identities }, issues);
        return;
    }
    if (!managesRecords({ edge }, zone)) return;
    checkHosts({ section, zone }, edge, issues);
    if (Object.values(identities).some(isWriter)) return;
    const words = `gives ${writer.namespace}/${writer.serviceAccount} no dnsZone.write, and so nobody writes the hosts' records into ${zone}`;
    const row = `{ namespace: ${writer.namespace}, serviceAccount: ${writer.serviceAccount}, permissions: [dnsZone.write] }`;
    issues.add(`${section}.identities`, words, `add external-dns: ${row}, or set edge.dns.records to manual`);
}

function isWriter({ namespace, serviceAccount, permissions }: Names["identities"][string]): boolean {
    const isOwn = namespace === writer.namespace && serviceAccount === writer.serviceAccount;
    return isOwn && permissions.includes(writer.permissions[0]);
}

function checkListed(edge: Settings["edge"], issues: Issues): void {
    const named = new Set(namedHosts(edge).map(({ host }) => host));
    edge.dns.elsewhere.forEach((host, index) => {
        if (named.has(host)) return;
        issues.add(`edge.dns.elsewhere.${index}`, `is ${host}, which is no host of the platform`, "remove it");
    });
}

interface Zone {
    readonly section: string;
    readonly zone: string;
}

function checkHosts({ section, zone }: Zone, edge: Settings["edge"], issues: Issues): void {
    const elsewhere = new Set(edge.dns.elsewhere);
    const outside = ({ host }: NamedHost) => !isInZone(host, zone);
    for (const { key, host } of namedHosts(edge).filter(outside)) {
        if (elsewhere.has(host)) continue;
        const words = `is ${host}, which is no name of the stack's zone ${zone} (${section}.dnsZone): no record can be written for it`;
        issues.add(
            key,
            words,
            `name a host of ${zone}, or list it in edge.dns.elsewhere and write its record where its zone is`,
        );
    }
    edge.dns.elsewhere.forEach((host, index) => {
        if (!isInZone(host, zone)) return;
        const words = `is ${host}, a name of the stack's zone ${zone}, where ExternalDNS writes its record`;
        issues.add(`edge.dns.elsewhere.${index}`, words, "remove it, or set edge.dns.records to manual");
    });
}

function checkPermissions({ section, identities }: Names, issues: Issues): void {
    for (const [name, { permissions }] of Object.entries(identities)) {
        if (!permissions.includes(writer.permissions[0])) continue;
        const words = "may write records (dnsZone.write), but the stack keeps no zone of names";
        issues.add(`${section}.identities.${name}`, words, `set ${section}.dnsZone, or take the permission away`);
    }
}
