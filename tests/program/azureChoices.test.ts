import { anotherGraph } from "./anotherGraph";
import { azureGraph, type Inputs } from "./azureGraph";
import type { Graph } from "./graph";
import { settingsOf } from "./stack";

/** The production stack with some settings of its place in Azure changed. A program runs once a load, so each graph has its own modules. */
async function graphWith(changes: object, environment = "production"): Promise<Graph> {
    const { azure, edge } = settingsOf("prod-azure");
    // Without a zone of the stack's own, hosts are proven by an answer at the host.
    const certificates = { issuer: "letsencryptProd", email: "platform@example.com" };
    return anotherGraph("prod-azure", {
        azure: { ...Object(azure), ...changes },
        edge: { ...Object(edge), certificates },
        // What production keeps in Kafka is more than another environment has room for.
        data: {},
        environment,
    });
}

/** Choices that do not touch each other, together: a graph takes seconds. */
const others = {
    network: { cidr: "10.20.0.0/16", joined: ["10.100.0.0/16"], egress: { kind: "firewall", nextHop: "10.100.0.4" } },
    pools: {
        gpu: {
            machine: "Standard_NC24ads_A100_v4",
            nodes: { min: 1, initial: 1 },
            sharing: { kind: "mig", profile: "3g.40gb" },
        },
    },
    identities: {
        "chromadb-backup": {
            namespace: "data-backups",
            serviceAccount: "chromadb-backup",
            permissions: ["backups.write"],
        },
        "chromadb-drill": {
            namespace: "data-backups",
            serviceAccount: "chromadb-drill",
            permissions: ["backups.read"],
        },
        backup: { namespace: "backup", serviceAccount: "velero", permissions: ["backups.write"] },
        secrets: {
            namespace: "external-secrets",
            serviceAccount: "external-secrets",
            permissions: ["secretStore.read", "secretStore.write"],
        },
    },
    dnsZone: undefined,
    accountBaseline: "managed",
    protection: "released",
    auditReads: false,
    defender: false,
    azurePolicy: false,
};

let [committed, open, changed, passing]: Graph[] = [];
beforeAll(async () => {
    committed = await graphWith({});
    open = await graphWith({ apiAccess: { kind: "public", allowedCidrs: ["203.0.113.0/28"] } });
    changed = await graphWith(others);
    passing = await graphWith({}, "staging");
}, 180_000);

const graphOf = (graph: Graph | undefined): Graph => {
    if (graph === undefined) throw new Error("no graph");
    return graph;
};
const asked = (graph: Graph | undefined) => azureGraph(graphOf(graph));
const clusterOf = (graph: Graph | undefined): Inputs => asked(graph).inputs(asked(graph).cluster());

test("a stack with an allow-list becomes private by a change to the access of its API server alone", () => {
    const { apiServerAccessProfile: before, ...rest } = clusterOf(open);
    const { apiServerAccessProfile: after, ...same } = clusterOf(committed);
    expect(rest).toEqual(same);
    expect(before).toMatchObject({ enablePrivateCluster: false, authorizedIPRanges: ["203.0.113.0/28"] });
    expect([before.subnetId, before.enableVnetIntegration]).toEqual([after.subnetId, after.enableVnetIntegration]);
    const urns = new Set(graphOf(committed).all.map(({ urn }) => urn));
    expect(graphOf(open).all.filter(({ urn }) => !urns.has(urn))).toEqual([]);
});

test("a stack behind a firewall sends what leaves its nodes there, and has no address of its own", () => {
    const { all, one, inputs } = asked(changed);
    expect([...all("network:NatGateway"), ...all("network:PublicIPAddress")]).toEqual([]);
    const [route] = inputs(one("network:RouteTable")).routes;
    expect(route).toMatchObject({
        addressPrefix: "0.0.0.0/0",
        nextHopType: "VirtualAppliance",
        nextHopIpAddress: "10.100.0.4",
    });
    expect(inputs(one("network:Subnet", "network-subnet-nodes")).routeTable.id).toBe("network-routes-id");
    expect(clusterOf(changed).networkProfile.outboundType).toBe("userDefinedRouting");
});

test("a stack that keeps the subscription's baseline has its Defender plans and policies, and another has none", () => {
    const { all, inputs } = asked(changed);
    const plans = all("security:Pricing").map((plan) => inputs(plan));
    const names = plans.map(({ pricingName }) => pricingName);
    expect(names.sort()).toEqual(["Arm", "Containers", "KeyVaults", "StorageAccounts"]);
    expect(plans.find(({ pricingName }) => pricingName === "Containers").extensions).toContainEqual({
        name: "ContainerRegistriesVulnerabilityAssessments",
        isEnabled: "True",
    });
    const scopes = all("authorization:PolicyAssignment").map((policy) => inputs(policy).scope);
    expect(scopes).toEqual(Array(2).fill("/subscriptions/00000000-0000-0000-0000-000000000000"));
    const external = asked(committed);
    expect([...external.all("security:Pricing"), ...external.all("authorization:PolicyAssignment")]).toEqual([]);
});

test("a stack that cuts its GPUs into slices has AKS do so, and pods ask for a slice", () => {
    const { one, inputs } = asked(changed);
    expect(inputs(one("containerservice:AgentPool", "aks-pool-gpu")).gpuInstanceProfile).toBe("MIG3g");
    const [container] = graphOf(changed).named("StatefulSet", "ollama").inputs.spec.template.spec.containers;
    expect(container.resources.limits).toHaveProperty(["nvidia.com/mig-3g.40gb"], expect.anything());
});

test("a stack that is released can be destroyed, and what must outlive it still does", () => {
    const { all, one } = asked(changed);
    expect(all("authorization:ManagementLockByScope")).toEqual([]);
    expect(one("keyvault:Vault").options).toEqual({ retainOnDelete: true });
    expect(one("containerregistry:Registry").options).toBeUndefined();
});

test("a stack that keeps nothing leaves its keys to the vault that goes with it, as whoever deploys may not delete a key", () => {
    const { all, one } = asked(passing);
    expect(one("keyvault:Vault").options?.retainOnDelete ?? false).toBe(false);
    for (const { options } of all("keyvault:Key")) expect(options).toEqual({ retainOnDelete: true });
});

test("a stack has Defender's sensor, the policy add-on and audit records of reads by switch", () => {
    const audited = (graph: Graph | undefined) =>
        asked(graph)
            .inputs(asked(graph).one("monitor:DiagnosticSetting", "aks-logs"))
            .logs.map(({ category }: Inputs) => category)
            .filter((category: string) => category.startsWith("kube-audit"));
    expect([clusterOf(committed), clusterOf(changed)].map(({ securityProfile }) => securityProfile.defender)).toEqual([
        { securityMonitoring: { enabled: true }, logAnalyticsWorkspaceResourceId: "logs-workspace-id" },
        { securityMonitoring: { enabled: false } },
    ]);
    const added = [committed, changed].map((graph) => clusterOf(graph).addonProfiles.azurepolicy);
    expect(added).toEqual([{ enabled: true }, { enabled: false }]);
    expect([audited(committed), audited(changed)]).toEqual([["kube-audit"], ["kube-audit-admin"]]);
});

test("a stack without spot nodes, a zone of its own or identities but those that operators need has none of them", () => {
    const { all } = asked(changed);
    const pools = all("containerservice:AgentPool").map(({ name }) => name);
    expect(pools).toEqual(["aks-pool-general", "aks-pool-gpu"]);
    expect(all("dns:Zone")).toEqual([]);
    expect(all("managedidentity:FederatedIdentityCredential").map(({ name }) => name)).toEqual([
        "identities-backup-trust",
        "identities-chromadb-backup-trust",
        "identities-chromadb-drill-trust",
        "identities-secrets-trust",
    ]);
});
