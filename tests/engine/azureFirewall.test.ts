import type { Properties } from "../../simulator/providers/properties";
import { AzureRun, at, group } from "./azureCloud";
import { grant, makeNetwork, makeSubnet, makeVault } from "./azureGround";

/** What the simulated Azure asks of an application gateway, its policy, its certificate and its names. */

let azure: AzureRun;
beforeEach(async () => {
    azure = new AzureRun();
    await makeNetwork(azure);
});
afterEach(() => azure.close());

const text = (made: Properties, name = "id") => String(made[name]);
const open = { name: "azure", direction: "Inbound", access: "Allow", protocol: "Tcp", priority: 100 };
const managed = { ...open, sourceAddressPrefix: "GatewayManager", destinationPortRange: "65200-65535" };

async function subnet(securityRules: Properties[] = [managed], range = "10.20.1.0/24"): Promise<string> {
    const rules = { ...group, networkSecurityGroupName: "gateways", securityRules };
    const made = await azure.make("network:NetworkSecurityGroup", "rules", rules);
    return makeSubnet(azure, "gateways", range, { networkSecurityGroup: { id: text(made) } });
}

async function address(sku = "Standard"): Promise<string> {
    const args = { ...group, publicIpAddressName: "edge", sku: { name: sku }, publicIPAllocationMethod: "Static" };
    return text(await azure.make("network:PublicIPAddress", "address", args));
}

const limit = {
    name: "rate",
    priority: 10,
    ruleType: "RateLimitRule",
    action: "Block",
    rateLimitThreshold: 1,
    matchConditions: [],
    groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
};

const policy = (more: Properties = {}) =>
    azure.make("network:WebApplicationFirewallPolicy", "policy", {
        ...group,
        policyName: "edge",
        managedRules: { managedRuleSets: [{ ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" }] },
        customRules: [limit],
        ...more,
    });

/** Who reads the certificate, with a right to what is at `scope`. */
async function reader(scope?: string): Promise<string> {
    const made = await azure.make("managedidentity:UserAssignedIdentity", "reader", {
        ...group,
        resourceName: "reader",
    });
    if (scope !== undefined) await grant(azure, scope, text(made, "principalId"), "secretsUser");
    return text(made);
}

const own = at("Microsoft.Network/applicationGateways/edge");
const part = (kind: string, name: string) => ({ id: `${own}/${kind}/${name}` });
/** In a vault of somebody else. */
const certificate = at("Microsoft.KeyVault/vaults/company/secrets/edge").replace("/tars/", "/certificates/");

interface Given {
    readonly subnet: string;
    readonly address: string;
    readonly policy: string;
    readonly reader: string;
}

async function given(more: Partial<Given> = {}): Promise<Given> {
    return {
        subnet: more.subnet ?? (await subnet()),
        address: more.address ?? (await address()),
        policy: more.policy ?? text(await policy()),
        reader: more.reader ?? (await reader(certificate)),
    };
}

const gateway = (from: Given, more: Properties = {}) =>
    azure.make("network:ApplicationGateway", "gateway", {
        ...group,
        applicationGatewayName: "edge",
        sku: { name: "WAF_v2", tier: "WAF_v2" },
        autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
        zones: ["1", "2", "3"],
        identity: { type: "UserAssigned", userAssignedIdentities: [from.reader] },
        firewallPolicy: { id: from.policy },
        gatewayIPConfigurations: [{ name: "subnet", subnet: { id: from.subnet } }],
        frontendIPConfigurations: [{ name: "callers", publicIPAddress: { id: from.address } }],
        frontendPorts: [{ name: "https", port: 443 }],
        sslCertificates: [{ name: "callers", keyVaultSecretId: "https://company.vault.azure.net/secrets/edge" }],
        httpListeners: [
            {
                name: "https",
                protocol: "Https",
                frontendPort: part("frontendPorts", "https"),
                sslCertificate: part("sslCertificates", "callers"),
            },
        ],
        requestRoutingRules: [{ name: "https", priority: 100, httpListener: part("httpListeners", "https") }],
        ...more,
    });

test("a gateway, its policy and its names come up in their order, and go in reverse", async () => {
    const from = await given();
    const made = await gateway(from);
    expect(made).toMatchObject({ id: own, provisioningState: "Succeeded", operationalState: "Running" });
    const zone = await azure.make("dns:Zone", "zone", {
        resourceGroupName: "tars",
        zoneName: "tars.example.com",
        location: "global",
    });
    const place = { resourceGroupName: "tars", zoneName: "tars.example.com", recordType: "A", ttl: 300 };
    const alias = { relativeRecordSetName: "@", targetResource: { id: from.address } };
    const record = await azure.make("dns:RecordSet", "record", { ...place, ...alias });
    expect(record).toMatchObject({ id: `${zone.id}/A/@`, fqdn: "tars.example.com." });

    await expect(azure.remove("network:PublicIPAddress", "address", from.address)).rejects.toThrow("still in use by");
    await expect(azure.remove("network:WebApplicationFirewallPolicy", "policy", from.policy)).rejects.toThrow(
        /still in use by .*applicationGateways\/edge/,
    );
    await azure.remove("dns:RecordSet", "record", record.id);
    await azure.remove("network:ApplicationGateway", "gateway", made.id);
    await azure.remove("network:WebApplicationFirewallPolicy", "policy", from.policy);
    await azure.remove("network:PublicIPAddress", "address", from.address);
});

describe("a gateway is refused", () => {
    test("in a subnet that Azure itself cannot reach", async () => {
        const from = await given({ subnet: await subnet([{ ...managed, destinationPortRange: "443" }]) });
        await expect(gateway(from)).rejects.toThrow(
            "ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup",
        );
    });

    test("in a subnet without room for its instances", async () => {
        const from = await given({ subnet: await subnet([managed], "10.20.1.0/28") });
        await expect(gateway(from, { autoscaleConfiguration: { minCapacity: 2, maxCapacity: 12 } })).rejects.toThrow(
            "has room for 11 of 12 instances",
        );
        await expect(
            gateway(from, { autoscaleConfiguration: { minCapacity: 2, maxCapacity: 11 } }),
        ).resolves.toBeDefined();
    });

    test("beside something else in its subnet", async () => {
        const shared = await subnet();
        await azure.make("network:PrivateEndpoint", "endpoint", {
            ...group,
            privateEndpointName: "vault",
            subnet: { id: shared },
            privateLinkServiceConnections: [
                { name: "vault", privateLinkServiceId: await makeVault(azure), groupIds: ["vault"] },
            ],
        });
        await expect(gateway(await given({ subnet: shared }))).rejects.toThrow("with what is no application gateway");
    });

    test("without somebody who may read its certificate", async () => {
        const unread = "https://company.vault.azure.net/secrets/edge, which its identity may not read";
        await expect(gateway(await given({ reader: await reader() }))).rejects.toThrow(unread);
    });

    test("when who reads has a right to another secret only", async () => {
        const from = await given({ reader: await reader(`${certificate}-other`) });
        await expect(gateway(from)).rejects.toThrow("which its identity may not read");
    });

    test("not when who reads may read all of the vault", async () => {
        const from = await given({ reader: await reader(await makeVault(azure)) });
        const sslCertificates = [
            { name: "callers", keyVaultSecretId: "https://tars-vault.vault.azure.net/secrets/edge" },
        ];
        await expect(gateway(from, { sslCertificates })).resolves.toBeDefined();
    });

    test("whose right is at a secret of a vault that the stack does not have", async () => {
        const missing = at("Microsoft.KeyVault/vaults/missing/secrets/edge");
        await expect(reader(missing)).rejects.toThrow("names a place that does not exist");
    });

    test.each([
        ["names a part that is not there", { httpListeners: [{ name: "other", protocol: "Http" }] }, "has no https"],
        [
            "names a part of another gateway",
            {
                requestRoutingRules: [{ name: "a", priority: 1, httpListener: { id: `${own}2/httpListeners/https` } }],
            },
            "which is another gateway",
        ],
        [
            "has two rules of one priority",
            {
                requestRoutingRules: [
                    { name: "a", priority: 1 },
                    { name: "b", priority: 1 },
                ],
            },
            "two rules with the priority 1",
        ],
        ["has a rule without a priority", { requestRoutingRules: [{ name: "a" }] }, "a priority of 1-20000"],
        [
            "speaks HTTPS without a certificate",
            { httpListeners: [{ name: "https", protocol: "Https" }] },
            "which is to speak HTTPS without a certificate",
        ],
        [
            "has more instances at least than at most",
            { autoscaleConfiguration: { minCapacity: 3, maxCapacity: 2 } },
            "more instances at least (3) than at most (2)",
        ],
        ["is in a zone that there is not", { zones: ["4"] }, "zones"],
    ])("that %s", async (_, more, reason) => {
        await expect(gateway(await given(), more)).rejects.toThrow(reason);
    });

    test("at an address that is not of its kind", async () => {
        await expect(gateway(await given({ address: await address("Basic") }))).rejects.toThrow("no Standard address");
    });
});

test("a gateway keeps its zones, and what callers see of it changes in place", async () => {
    const from = await given();
    const made = await gateway(from);
    await expect(
        azure.change("network:ApplicationGateway", "gateway", made.id, { ...made, zones: ["1"] }),
    ).rejects.toThrow("Azure does not let zones change");
    const changes = await azure.differ(
        "network:ApplicationGateway",
        { sslPolicy: { minProtocolVersion: "TLSv1_2" }, customErrorConfigurations: [] },
        { sslPolicy: { minProtocolVersion: "TLSv1_3" }, customErrorConfigurations: [{ statusCode: "HttpStatus502" }] },
    );
    expect(changes).toContainEqual(expect.stringMatching(/^sslPolicy.*: update$/));
    expect(changes).toContainEqual(expect.stringMatching(/^customErrorConfigurations.*: replace$/));
});

test.each([
    ["no rule set", { managedRules: { managedRuleSets: [] } }, "must have a rule set"],
    [
        "two rules of one priority",
        { customRules: [limit, { ...limit, name: "again" }] },
        "two rules with the priority 10",
    ],
    [
        "a limit for nobody",
        { customRules: [{ ...limit, groupByUserSession: [] }] },
        "whose requests it counts together",
    ],
])("a policy with %s is refused", async (_, more, reason) => {
    await expect(policy(more)).rejects.toThrow(reason);
});

test.each([
    ["leads nowhere", {}, "aRecords must be there, or targetResource"],
    [
        "leads to two places",
        { aRecords: [{ ipv4Address: "203.0.113.1" }], targetResource: { id: "sample" } },
        "aRecords must not be beside targetResource",
    ],
    ["is of an unknown type", { recordType: "Z" }, "recordType must be"],
    ["has a star in the middle", { relativeRecordSetName: "a.*", aRecords: [] }, "relativeRecordSetName must be"],
    [
        "is text of a resource",
        { recordType: "TXT", targetResource: { id: "sample" } },
        "targetResource is for A, AAAA and CNAME",
    ],
    [
        "is in a zone that is not there",
        { aRecords: [{ ipv4Address: "203.0.113.1" }] },
        "names a place that does not exist",
    ],
])("a record that %s is refused", async (_, more, reason) => {
    const place = { resourceGroupName: "tars", zoneName: "tars.example.com", recordType: "A" };
    await expect(
        azure.make("dns:RecordSet", "record", { ...place, relativeRecordSetName: "www", ...more }),
    ).rejects.toThrow(reason);
});
