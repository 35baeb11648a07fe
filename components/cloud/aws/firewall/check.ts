import type { Issues } from "../../../foundation/issues";
import { isInZone, namedHosts } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import { checkFront } from "../../common/firewall";
import type { AwsSettings } from "../settings";

/** Refuses a firewall that nobody would come to, or whose certificate nobody could prove. */
export function checkFirewall(
    { dnsZone: zone, identities }: Pick<AwsSettings, "dnsZone" | "identities">,
    { edge }: Pick<Settings, "edge">,
    issues: Issues,
): void {
    if (edge.firewall === undefined) return;
    checkFront({ section: "aws", identities }, { edge }, issues);
    if (zone !== undefined) {
        checkHosts(zone, edge, issues);
        return;
    }
    const words = "has its names and the proof of its certificate in the stack's zone, but the stack keeps none";
    issues.add("edge.firewall", words, "set aws.dnsZone to the zone of the hosts, or remove the firewall");
}

/** Where the gateway's own certificate is proven by the zone too, its check has said the same. */
function checkHosts(zone: string, edge: Settings["edge"], issues: Issues): void {
    if ("solver" in edge.certificates && edge.certificates.solver === "dns01") return;
    for (const { key, host } of namedHosts(edge)) {
        if (isInZone(host, zone)) continue;
        const words = `is ${host}, which is no name of the stack's zone ${zone}: the certificate of edge.firewall cannot be proven`;
        issues.add(key, words, `name a host of ${zone}, or remove the firewall`);
    }
}
