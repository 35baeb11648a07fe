import type { Issues } from "../../foundation/issues";
import { writer } from "../../settings/dnsChecks";
import type { Settings } from "../../settings/schema";
import type { IdentityBinding } from "../contract";

/** The stack's part of a cloud, as far as a firewall before the gateway goes. */
export interface Behind {
    /** Key of the cloud's section in the stack file. */
    readonly section: string;
    readonly identities: Readonly<Record<string, IdentityBinding>>;
}

/** Refuses a firewall that nobody would come to, that calls another gateway, or that stands in the way of a proof. */
export function checkFront(behind: Behind, { edge }: Pick<Settings, "edge">, issues: Issues): void {
    if (edge.exposure === "internal") {
        const words = "is for callers from the Internet, but edge.exposure is internal";
        issues.add("edge.firewall", words, "remove it, or set edge.exposure to public");
    }
    if (edge.controller === "nginx") {
        const words = "is nginx, but edge.firewall calls the gateway of Istio";
        issues.add("edge.controller", words, "set istio, or remove the firewall");
    }
    checkSolver(edge.certificates, issues);
    checkWriters(behind, issues);
}

/** A proof at the host is asked for by plain HTTP, which the firewall's load balancer sends on to HTTPS: the gateway never hears of it. */
function checkSolver(certificates: Settings["edge"]["certificates"], issues: Issues): void {
    if (!("solver" in certificates) || certificates.solver === "dns01") return;
    const words = "is http01, but edge.firewall answers plain HTTP before the gateway could give the proof";
    issues.add("edge.certificates.solver", words, "set dns01, or remove the firewall");
}

/** Records of a load balancer with a firewall are the stack's own, so there is no ExternalDNS that an identity could be for. */
function checkWriters({ section, identities }: Behind, issues: Issues): void {
    for (const [name, { namespace, serviceAccount }] of Object.entries(identities)) {
        if (namespace !== writer.namespace || serviceAccount !== writer.serviceAccount) continue;
        const words =
            "is for ExternalDNS, which a stack with edge.firewall does not have: it writes those records itself";
        issues.add(`${section}.identities.${name}`, words, "remove the identity, or the firewall");
    }
}
