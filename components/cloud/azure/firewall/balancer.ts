import { ApplicationGateway, PublicIPAddress } from "@pulumi/azure-native/network";
import type { input } from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../../foundation/component";
import { keep } from "../protection";
import { placeOf, type Site } from "../site";
import type { AzureFirewallSettings } from "./settings";

export interface BalancerPlan {
    readonly site: Site;
    /** Subnet that nothing but application gateways is in. */
    readonly subnet: pulumi.Input<string>;
    /** Fixed address of the gateway's own load balancer. */
    readonly gateway: string;
    readonly firewall: Pick<AzureFirewallSettings, "instances" | "trustedRoots">;
    /** Address of the certificate's secret, without a version. */
    readonly certificate: string;
    /** Host by which the gateway's health is asked. */
    readonly host: string;
    /** Seconds after which a request that is not answered ends. */
    readonly requestSeconds: number;
}

/** What exists before the gateway does: who reads the certificate, and what judges requests. */
export interface Companions {
    readonly identity: pulumi.Input<string>;
    readonly policy: pulumi.Input<string>;
    /** What Azure asks for before it takes the gateway. */
    readonly after: pulumi.Resource[];
}

/** Where callers come to: an address in all zones that stays. */
export function createAddress(name: string, site: Site, child: ChildOptions): PublicIPAddress {
    const args = {
        ...placeOf(site),
        publicIpAddressName: edgeName(site),
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        zones: [...site.zones],
    };
    return new PublicIPAddress(`${name}-address`, args, { ...child, ...keep("callersAddress", site.rules) });
}

/** Name of what stands before the gateway. */
export function edgeName({ naming }: Site): string {
    return naming("networkPart", "edge");
}

/**
 * A load balancer of the application layer with a firewall, in all zones. It ends the callers' TLS, has requests judged, and calls the gateway
 * with TLS of its own under the name that the caller asked for (SNI), which the gateway's certificate must be for.
 *
 * @see https://learn.microsoft.com/azure/application-gateway/ssl-overview#end-to-end-tls-encryption
 */
export function createBalancer(
    name: string,
    plan: BalancerPlan,
    { address, identity, policy, after }: Companions & { readonly address: PublicIPAddress },
    child: ChildOptions,
): ApplicationGateway {
    const { site, subnet, firewall } = plan;
    const args = {
        ...placeOf(site),
        applicationGatewayName: edgeName(site),
        zones: [...site.zones],
        sku: { name: "WAF_v2", tier: "WAF_v2" },
        autoscaleConfiguration: { minCapacity: firewall.instances.min, maxCapacity: firewall.instances.max },
        enableHttp2: true,
        identity: { type: "UserAssigned" as const, userAssignedIdentities: [identity] },
        firewallPolicy: { id: policy },
        sslPolicy,
        gatewayIPConfigurations: [{ name: "subnet", subnet: { id: subnet } }],
        frontendIPConfigurations: [{ name: "callers", publicIPAddress: { id: address.id } }],
        ...planListeners(plan),
        ...planBackend(plan),
    };
    const kept = { ...child, ...keep("applicationGateway", site.rules), dependsOn: after };
    return new ApplicationGateway(`${name}-balancer`, args, kept);
}

/**
 * TLS 1.3 alone, as at the gateway. Its ciphers are given with it, and Azure wants none named. Towards the gateway Azure prefers TLS 1.3
 * whatever stands here, so that the gateway's own least version stays.
 *
 * @see https://learn.microsoft.com/azure/application-gateway/application-gateway-configure-ssl-policy-powershell#configure-a-custom-tls-policy
 * @see https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement#backend-tls-connections
 */
const sslPolicy = { policyType: "CustomV2", minProtocolVersion: "TLSv1_3", cipherSuites: [] };

/** Parts of a gateway that others of it name by their ids. */
type Part =
    | "frontendIPConfigurations"
    | "frontendPorts"
    | "sslCertificates"
    | "httpListeners"
    | "redirectConfigurations"
    | "rewriteRuleSets"
    | "backendAddressPools"
    | "backendHttpSettingsCollection"
    | "probes"
    | "trustedRootCertificates";

/** A part by its id, which Azure wants even within the gateway that the part is in. */
function part({ subscription, naming, ...site }: Site, kind: Part, name: string): { readonly id: string } {
    const group = `/subscriptions/${subscription}/resourceGroups/${naming("resourceGroup")}`;
    const own = `${group}/providers/Microsoft.Network/applicationGateways/${edgeName({ subscription, naming, ...site })}`;
    return { id: `${own}/${kind}/${name}` };
}

/** Plain HTTP is sent on to HTTPS, and HTTPS goes to the gateway. */
function planListeners({ site, certificate }: Pick<BalancerPlan, "site" | "certificate">) {
    const at = (kind: Part, name: string) => part(site, kind, name);
    const frontendIPConfiguration = at("frontendIPConfigurations", "callers");
    const listen = (name: string, protocol: "Http" | "Https") => {
        return { name, protocol, frontendIPConfiguration, frontendPort: at("frontendPorts", name) };
    };
    const onward = { redirectType: "Permanent", includePath: true, includeQueryString: true };
    return {
        frontendPorts: [
            { name: "http", port: 80 },
            { name: "https", port: 443 },
        ],
        sslCertificates: [{ name: "callers", keyVaultSecretId: certificate }],
        httpListeners: [
            listen("http", "Http"),
            { ...listen("https", "Https"), sslCertificate: at("sslCertificates", "callers") },
        ],
        redirectConfigurations: [{ name: "https", ...onward, targetListener: at("httpListeners", "https") }],
        requestRoutingRules: planRoutes(at),
    };
}

function planRoutes(
    at: (kind: Part, name: string) => { readonly id: string },
): input.network.ApplicationGatewayRequestRoutingRuleArgs[] {
    return [
        {
            name: "https",
            priority: 100,
            ruleType: "Basic",
            httpListener: at("httpListeners", "https"),
            backendAddressPool: at("backendAddressPools", "gateway"),
            backendHttpSettings: at("backendHttpSettingsCollection", "gateway"),
            rewriteRuleSet: at("rewriteRuleSets", "callers"),
        },
        {
            name: "http",
            priority: 200,
            ruleType: "Basic",
            httpListener: at("httpListeners", "http"),
            redirectConfiguration: at("redirectConfigurations", "https"),
        },
    ];
}

/** The application's own answer, which needs no token. */
const healthPath = "/health";

/** The gateway by the address of its load balancer. No host is set: the caller's goes on, in the request as in TLS. */
function planBackend({ site, gateway, firewall, host, requestSeconds }: BalancerPlan) {
    const trustedRootCertificates = firewall.trustedRoots.map((data, index) => ({ name: `root-${index}`, data }));
    const trusted = trustedRootCertificates.map(({ name }) => part(site, "trustedRootCertificates", name));
    return {
        trustedRootCertificates,
        backendAddressPools: [{ name: "gateway", backendAddresses: [{ ipAddress: gateway }] }],
        backendHttpSettingsCollection: [
            {
                name: "gateway",
                port: 443,
                protocol: "Https",
                cookieBasedAffinity: "Disabled",
                requestTimeout: requestSeconds,
                probe: part(site, "probes", "gateway"),
                trustedRootCertificates: trusted,
            },
        ],
        probes: [planProbe(host)],
        rewriteRuleSets: [planCallers()],
    };
}

function planProbe(host: string): input.network.ApplicationGatewayProbeArgs {
    const pace = { interval: 30, timeout: 30, unhealthyThreshold: 3 };
    return { name: "gateway", protocol: "Https", host, path: healthPath, ...pace };
}

/**
 * Azure writes an address with a port into X-Forwarded-For, and the gateway reads addresses there: so the header is written again without it.
 * What stands left of the last address the caller wrote.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-for
 * @see https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url#remove-port-information-from-the-x-forwarded-for-header
 */
function planCallers(): input.network.ApplicationGatewayRewriteRuleSetArgs {
    const header = { headerName: "X-Forwarded-For", headerValue: "{var_add_x_forwarded_for_proxy}" };
    const actionSet = { requestHeaderConfigurations: [header] };
    return { name: "callers", rewriteRules: [{ name: "address", ruleSequence: 100, actionSet }] };
}
