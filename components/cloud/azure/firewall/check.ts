import type { Issues } from "../../../foundation/issues";
import { isInZone, namedHosts } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import { checkFront } from "../../common/firewall";
import type { AzureSettings } from "../settings";
import { keptAt } from "./certificate";
import { groupOfRule } from "./rules";
import type { AzureFirewallSettings } from "./settings";

type Edge = Pick<Settings, "edge">;

/** Refuses a firewall that nobody would come to, that has no certificate, or that would not believe the gateway. */
export function checkFirewall(section: AzureSettings, { edge }: Edge, issues: Issues): void {
    const { firewall: own, subscription, identities, dnsZone } = section;
    if (edge.firewall === undefined) {
        if (own === undefined) return;
        issues.add("azure.firewall", "is set, but edge.firewall is not", "set edge.firewall: {}, or remove this");
        return;
    }
    checkFront({ section: "azure", identities }, { edge }, issues);
    checkCounted(edge.firewall.counted, issues);
    checkNames(dnsZone, edge, issues);
    if (own === undefined) {
        const words = "is missing: edge.firewall shows callers a certificate that its owner keeps in a vault";
        issues.add("azure.firewall", words, "set certificate to the id of its secret, or remove edge.firewall");
        return;
    }
    checkPlace(own, subscription, issues);
    checkInstances(own, issues);
    checkTrust(own, edge, issues);
}

/** @see https://learn.microsoft.com/azure/application-gateway/key-vault-certs (the warning below "Supported certificates") */
function checkPlace({ certificate }: AzureFirewallSettings, subscription: string, issues: Issues): void {
    const kept = keptAt(certificate);
    if (kept.subscription === subscription) return;
    const words = `is in subscription ${kept.subscription}, and an application gateway reads from vaults of its own only (${subscription})`;
    issues.add("azure.firewall.certificate", words, "keep the certificate in a vault of the stack's subscription");
}

function checkInstances({ instances: { min, max } }: AzureFirewallSettings, issues: Issues): void {
    if (max >= min) return;
    const words = `is ${max}, but there are ${min} instances at least`;
    issues.add("azure.firewall.instances.max", words, `set at least ${min}, or lower instances.min`);
}

/**
 * Azure calls the gateway only with a certificate for the asked host, by a root that everybody trusts or that it was given. Where roots are
 * given, it trusts no other.
 *
 * @see https://learn.microsoft.com/azure/application-gateway/ssl-overview#end-to-end-tls-with-the-v2-sku
 */
function checkTrust({ trustedRoots }: AzureFirewallSettings, { certificates }: Settings["edge"], issues: Issues): void {
    const { issuer } = certificates;
    if (issuer === "selfSigned") {
        const words =
            "is selfSigned, whose root is made in the cluster: edge.firewall would have to know it before, and believes no other";
        issues.add("edge.certificates.issuer", words, "set letsencryptProd or corporate, or remove the firewall");
        return;
    }
    const isTrusted = issuer === "letsencryptProd";
    if (isTrusted && trustedRoots.length > 0) {
        const words =
            "is set, but everybody trusts the root of issuer letsencryptProd, and edge.firewall would trust only these";
        issues.add("azure.firewall.trustedRoots", words, "remove it");
    }
    if (isTrusted || trustedRoots.length > 0) return;
    const words = `is missing: edge.firewall does not believe a gateway whose certificate is of issuer ${issuer}, whom not everybody trusts`;
    issues.add("azure.firewall.trustedRoots", words, "give its root certificate (base64 -w0 root.pem)");
}

function checkCounted(counted: readonly string[], issues: Issues): void {
    counted.forEach((rule, index) => {
        if (groupOfRule(rule) !== undefined) return;
        const words = `is ${rule}, which is no rule of Microsoft_DefaultRuleSet 2.1`;
        issues.add(`edge.firewall.counted.${index}`, words, "give a rule's number, such as 942100, or remove it");
    });
}

/** Hosts whose records nobody would write. Without a zone of the stack's own, names are others' business. */
function checkNames(zone: string | undefined, edge: Settings["edge"], issues: Issues): void {
    if (zone === undefined || edge.dns.records === "manual") return;
    const elsewhere = new Set(edge.dns.elsewhere);
    for (const { key, host } of namedHosts(edge)) {
        if (isInZone(host, zone) || elsewhere.has(host)) continue;
        const words = `is ${host}, which is no name of the stack's zone ${zone}: no record can lead it to edge.firewall`;
        issues.add(key, words, `name a host of ${zone}, or list it in edge.dns.elsewhere`);
    }
}
