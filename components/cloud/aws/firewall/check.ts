import type { Issues } from "../../../foundation/issues";
import { namedHosts } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import type { AwsSettings } from "../settings";

/** Refuses a firewall that nobody would come to, or whose certificate nobody could prove. */
export function checkFirewall(
    { dnsZone: zone }: Pick<AwsSettings, "dnsZone">,
    { edge }: Pick<Settings, "edge">,
    issues: Issues,
): void {
    if (edge.firewall === undefined) return;
    if (edge.exposure === "internal") {
        const words = "is for callers from the Internet, but edge.exposure is internal";
        issues.add("edge.firewall", words, "remove it, or set edge.exposure to public");
    }
    if (edge.controller === "nginx") {
        const words = "is nginx, but edge.firewall calls the gateway of Istio";
        issues.add("edge.controller", words, "set istio, or remove the firewall");
    }
    checkSolver(edge.certificates, issues);
    if (zone !== undefined) {
        checkHosts(zone, edge, issues);
        return;
    }
    const words = "has its names and the proof of its certificate in the stack's zone, but the stack keeps none";
    issues.add("edge.firewall", words, "set aws.dnsZone to the zone of the hosts, or remove the firewall");
}

/** A proof at the host is asked for by plain HTTP, which the firewall's load balancer sends on to HTTPS: the gateway never hears of it. */
function checkSolver(certificates: Settings["edge"]["certificates"], issues: Issues): void {
    if (!("solver" in certificates) || certificates.solver === "dns01") return;
    const words = "is http01, but edge.firewall answers plain HTTP before the gateway could give the proof";
    issues.add("edge.certificates.solver", words, "set dns01, or remove the firewall");
}

/** Where the gateway's own certificate is proven by the zone too, its check has said the same. */
function checkHosts(zone: string, edge: Settings["edge"], issues: Issues): void {
    if ("solver" in edge.certificates && edge.certificates.solver === "dns01") return;
    for (const { key, host } of namedHosts(edge)) {
        if (host === zone || host.endsWith(`.${zone}`)) continue;
        const words = `is ${host}, which is no name of the stack's zone ${zone}: the certificate of edge.firewall cannot be proven`;
        issues.add(key, words, `name a host of ${zone}, or remove the firewall`);
    }
}
