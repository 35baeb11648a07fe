import type { Issues } from "../foundation/issues";
import type { Settings } from "./schema";

/** What a stack's zone is to a pair of stacks. */
export interface Shared {
    /** Key of the cloud's section in the stack file. */
    readonly section: string;
    /** Zone of the hosts; undefined where names are kept elsewhere. */
    readonly zone: string | undefined;
    /** Key and value of the setting by which the zone is another stack's; undefined value where this stack makes it. */
    readonly other: { readonly key: string; readonly value: string | undefined };
}

const key = "edge.failover";

/** Refuses a pair of stacks of which one could never answer, or whose records could not be in one zone. */
export function checkFailover(
    { section, zone, other }: Shared,
    { edge }: Pick<Settings, "edge">,
    issues: Issues,
): void {
    const { failover, exposure, certificates, dns, controller, firewall } = edge;
    if (failover === undefined) return;
    if (zone === undefined) issues.add(key, "is set, but the stack has no zone of names", `set ${section}.dnsZone`);
    if (dns.records === "manual") {
        const words = "is manual, so that nobody writes the health-checked records of edge.failover";
        issues.add("edge.dns.records", words, "set managed, or remove edge.failover");
    }
    if (controller !== "istio") {
        const words = `is ${controller}, whose routes are not written as one of a pair`;
        issues.add("edge.controller", words, "set istio, or remove edge.failover");
    }
    if (firewall !== undefined) {
        const words = "is set, and the records of its load balancer are not written as one of a pair";
        issues.add("edge.firewall", words, "remove it, or remove edge.failover");
    }
    if (exposure !== "public") {
        const words = `is ${exposure}, but whoever checks the health of ${failover.name} comes from the Internet`;
        issues.add("edge.exposure", words, "set public, or remove edge.failover");
    }
    if ("solver" in certificates && certificates.solver === "http01") {
        const words = "is http01, by which only the stack that is asked at the moment could prove the hosts";
        issues.add("edge.certificates.solver", words, "set dns01, or remove edge.failover");
    }
    if (failover.role === "primary" || zone === undefined || other.value !== undefined) return;
    const words = `is secondary, but the stack would make a zone ${zone} of its own, which does not have the primary's records`;
    issues.add(`${key}.role`, words, `set ${other.key} to the id of the primary's zone (its output ground.dnsZone.id)`);
}

/** Refuses a pair where no health-checked records are written. @param instead what else to do */
export function refuseFailover({ edge }: Pick<Settings, "edge">, instead: string, issues: Issues): void {
    if (edge.failover === undefined) return;
    const words =
        "is set, but nobody checks the health of a stack whose names are kept elsewhere (cloud: aws or azure)";
    issues.add(key, words, `remove it, and ${instead} (docs/dns.md)`);
}
