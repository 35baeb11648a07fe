import { serverOf } from "../../components/cloud/azure/access";
import { confirmCaller } from "../../components/cloud/azure/account";
import { azureNames, namingOf, stableGuid, uniqueSuffix } from "../../components/cloud/azure/names";
import { nameServerOf, planNetwork, planPools } from "../../components/cloud/azure/plan";
import { poolName } from "../../components/cloud/azure/pools";
import { azureSettings } from "../../components/cloud/azure/settings";
import { parsed, refusal, settingsOf, settingsWith } from "./stack";

const stack = "prod-azure";
const changed = (key: string, value: unknown) => settingsWith(stack, `azure.${key}`, value);

/** One spoilt value a row: where, what, and the words that tell a person what is wrong. */
const refused: readonly [key: string, value: unknown, words: string][] = [
    ["subscription", "my-subscription", "azure.subscription: must be a UID"],
    ["tenant", undefined, "azure.tenant: is missing"],
    ["name", "Tars", "azure.name: must be 2 to 10 lower-case letters and digits"],
    ["name", "tars-platform", "azure.name: must be 2 to 10 lower-case letters and digits"],
    ["region", "West Europe", "azure.region: must be a region as Azure writes it"],
    ["zones", ["4"], 'azure.zones.0: must be "1" or "2" or "3", got "4"'],
    ["zones", [], "azure.zones: must be at least 1 entries long"],
    ["zones", ["1", "1"], "azure.zones: must not name anything twice"],
    ["kubernetesVersion", "1.36.2", 'azure.kubernetesVersion: must be a minor version in quotes, such as "1.36"'],
    ["adminGroups", [], "azure.adminGroups: must be at least 1 entries long"],
    ["pools.general.machine", "m6i.4xlarge", "azure.pools.general.machine: must be "],
    ["pools.general.nodes", { min: 6, max: 4 }, "azure.pools.general.nodes: min is 6 and max is 4"],
    ["pools.memory.nodes", { initial: 9 }, "azure.pools.memory.nodes.initial: is 9, outside 1 to 5"],
    ["pools.system.nodes", { min: 0 }, "azure.pools.system.nodes.min: is 0, but AKS needs a system node"],
    [
        "pools.system.machine",
        "Standard_B8s_v2",
        "azure.pools.system.machine: Standard_B8s_v2 is burstable or has less than 4 cores",
    ],
    ["pools.gpu.machine", "Standard_D16ds_v6", "azure.pools.gpu.machine: Standard_D16ds_v6 has no GPU"],
    [
        "pools.gpu.sharing",
        { kind: "mig", profile: "1g.10gb" },
        "azure.pools.gpu.sharing.profile: 1g.10gb is no slice of the GPU of Standard_NV36ads_A10_v5 (A10)",
    ],
    [
        "pools.gpu",
        { machine: "Standard_NC40ads_H100_v5", sharing: { kind: "mig", profile: "1g.10gb" } },
        "use 1g.12gb, 2g.24gb, 3g.47gb, 7g.94gb",
    ],
    [
        "pools.gpu",
        { machine: "Standard_NC40ads_H100_v5", sharing: { kind: "mig", profile: "1g.12gb" } },
        "azure.pools.gpu.nodes.min: is 0, but AKS's scaler knows no slices of a pool without nodes",
    ],
    ["network.cidr", "10.20.0.1/16", "azure.network.cidr: must be an IPv4 range with no bits beyond its prefix"],
    ["network.cidr", "10.2.0.0/16", "azure.network.podCidr: 10.0.0.0/14 shares 10.2.0.0/16 with azure.network.cidr"],
    ["network.cidr", "10.20.0.0/23", "azure.network.cidr: has 512 addresses, but its subnets take 2048"],
    ["network.cidr", "100.64.0.0/16", "azure.network.cidr: 100.64.0.0/16 is not private"],
    ["network.podCidr", "10.8.0.0/20", "azure.network.podCidr: 10.8.0.0/20 has room for 16 nodes of 256 pod addresses"],
    [
        "network.serviceCidr",
        "10.1.0.0/16",
        "azure.network.serviceCidr: 10.1.0.0/16 shares 10.1.0.0/16 with azure.network.podCidr",
    ],
    ["network.serviceCidr", "172.16.0.0/12", "azure.network.serviceCidr: 172.16.0.0/12 is no /13 to /28"],
    [
        "network.joined",
        ["10.20.128.0/24"],
        "azure.network.cidr: 10.20.0.0/16 shares 10.20.128.0/24 with azure.network.joined.0",
    ],
    ["network.egress", { kind: "firewall" }, "azure.network.egress.nextHop: is missing"],
    [
        "network.egress",
        { kind: "firewall", nextHop: "10.20.0.4" },
        "azure.network.egress.nextHop: 10.20.0.4 is in this network (10.20.0.0/16)",
    ],
    ["apiAccess", { kind: "public" }, "azure.apiAccess.allowedCidrs: is missing"],
    ["apiAccess", { kind: "public", allowedCidrs: [] }, "azure.apiAccess.allowedCidrs: must be at least 1 entries"],
    [
        "apiAccess",
        { kind: "public", allowedCidrs: ["203.0.113.0/28", "0.0.0.0/0"] },
        "azure.apiAccess.allowedCidrs.1: 0.0.0.0/0 lets too many in: in this environment a range has at least /24",
    ],
    ["apiAccess", { kind: "private" }, "azure.apiAccess.via: is missing"],
    [
        "coreQuota",
        { regular: 300, spot: 240 },
        "azure.coreQuota.regular: is 300, but the pools at their maximum with the nodes of an upgrade take 672: " +
            "system 8 x 4 + general 16 x 16 + compute 14 x 8 + memory 7 x 8 + gpu 6 x 36",
    ],
    ["coreQuota", { regular: 800 }, "azure.coreQuota.spot: is 0, but the pools at their maximum"],
    ["identities", { "Team App": {} }, "azure.identities"],
    [
        "identities.team-app",
        { namespace: "team-app", serviceAccount: "team-app", permissions: ["everything"] },
        'azure.identities.team-app.permissions.0: must be "objectStore.read" or',
    ],
    ["maintenance", { hours: 2 }, "azure.maintenance.hours: must be at least 4, got 2"],
    ["maintenance", { startTime: "25:00" }, "azure.maintenance.startTime: must be a time in quotes"],
    ["logRetentionDays", 90, "azure.logRetentionDays: must be at least 365, got 90"],
    ["auditArchive", "tarsaudit", "azure.auditArchive: must be the id of a storage account"],
    ["dnsZone", "tars_example", "azure.dnsZone: must be DNS labels joined by dots"],
    ["acountBaseline", "managed", 'azure.acountBaseline: is no setting\n      fix: did you mean "accountBaseline"?'],
];

describe("the place in Azure", () => {
    test("of the production stack is accepted", () => {
        expect(parsed(settingsOf(stack)).cloud.pools.map(({ role }) => role)).toEqual([
            "system",
            "general",
            "compute",
            "memory",
            "gpu",
            "spot",
        ]);
    });

    test.each(refused)("with %s = %j is refused", (key, value, words) => {
        expect(refusal(changed(key, value))).toContain(words);
    });

    test("is told every problem at once", () => {
        const raw = changed("apiAccess", { kind: "public", allowedCidrs: ["0.0.0.0/0"] });
        Object.assign(Object(raw.azure), { coreQuota: { regular: 1 }, network: { cidr: "10.5.0.0/16" } });
        const message = refusal(raw);
        expect(message).toMatch(/^Pulumi\.\S+ has 4 problems:/);
        for (const key of ["network.serviceCidr", "apiAccess.allowedCidrs.0", "coreQuota.regular", "coreQuota.spot"]) {
            expect(message).toContain(`azure.${key}: `);
        }
    });

    test("may have a wider allow-list in a stack for staging, from the same table", () => {
        const raw = changed("apiAccess", { kind: "public", allowedCidrs: ["203.0.0.0/16"] });
        expect(refusal(raw)).toContain("at least /24");
        expect(() => parsed({ ...raw, environment: "staging", data: {} })).not.toThrow();
    });

    test("with pods that fit no node of their role is refused", () => {
        const raw = settingsWith(stack, "sizes.ollama", { requests: { memory: "500Gi" }, limits: { memory: "500Gi" } });
        expect(refusal(raw)).toContain("sizes.ollama: one pod requests 4100m cpu, 512128Mi");
    });
});

describe("the caller", () => {
    const example = "00000000-0000-0000-0000-000000000000";
    const real = "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e";
    const examples = [{ key: "azure.dnsZone", value: "tars.example.com", fix: "name a domain of yours" }];

    test("of the stack's own subscription and tenant passes, however the ids are written", () => {
        const own = { subscription: real, tenant: real, examples: [] };
        expect(confirmCaller({ subscriptionId: real.toUpperCase(), tenantId: real }, own)).toBe(real);
    });

    test("of another is refused, with both ids and the way to log in", () => {
        const stackOf = { subscription: real, tenant: example, examples: [] };
        const other = () => confirmCaller({ subscriptionId: example, tenantId: real }, stackOf);
        expect(other).toThrow(`azure.tenant: is ${example}, but Azure says that the caller is in ${real}`);
        expect(other).toThrow(`az account set --subscription ${real}`);
    });

    test("of a real subscription is refused while the stack has examples, and the example's own is not", () => {
        const at = (id: string) => () =>
            confirmCaller({ subscriptionId: id, tenantId: id }, { subscription: id, tenant: id, examples });
        expect(at(real)).toThrow("azure.dnsZone: is still the example tars.example.com");
        expect(at(example)).not.toThrow();
    });
});

describe("names in Azure", () => {
    test("fit the shortest rules even with the longest stack name", () => {
        const naming = namingOf("abcdefghij", "production");
        for (const kind of ["resourceGroup", "cluster", "dnsPrefix", "virtualNetwork", "workspace"] as const) {
            expect(naming(kind, "nodes").length).toBeLessThanOrEqual(azureNames[kind].longest);
        }
        expect(naming("registry").length + 8).toBeLessThanOrEqual(50);
    });

    test("of what is shared with all of Azure differ by subscription, and stay the same", () => {
        expect(uniqueSuffix("a", "b")).toBe(uniqueSuffix("a", "b"));
        expect(uniqueSuffix("a", "b")).not.toBe(uniqueSuffix("b", "a"));
        expect(uniqueSuffix("a", "b")).toMatch(/^[0-9a-f]{8}$/);
        expect(stableGuid("x")).not.toBe(stableGuid("y"));
    });

    test("that a kind does not take are refused", () => {
        expect(() => namingOf("tars")("vault", "x".repeat(30))).toThrow("at most 24 characters");
        expect(() => namingOf("tars")("nodePool", "a_b")).toThrow("lower-case letters and digits");
    });
});

describe("the name of a pool", () => {
    const nameWith = (pools: object, zones = ["1", "2", "3"]) => {
        const section = azureSettings.parse({ ...Object(settingsOf(stack).azure), pools, zones });
        const plan = planPools(section).find(({ role }) => role === "general");
        if (plan === undefined) throw new Error("no general pool");
        return poolName(section, plan);
    };
    const committed = nameWith({});

    test.each<[string, object, string[]]>([
        ["machines", { general: { machine: "Standard_D8ds_v6" } }, ["1", "2", "3"]],
        ["disks", { general: { disk: "200Gi" } }, ["1", "2", "3"]],
        ["zones", {}, ["1", "2"]],
    ])("is another one for other %s, which AKS changes in no pool", (_, pools, zones) => {
        expect(nameWith(pools, zones)).toMatch(/^general[0-9a-f]{4}$/);
        expect(nameWith(pools, zones)).not.toBe(committed);
    });

    test("stays when its bounds change, or how many nodes an upgrade takes at a time", () => {
        expect(nameWith({ general: { nodes: { min: 7, max: 20, initial: 8 }, maxSurge: "50%" } })).toBe(committed);
    });
});

describe("the plan of addresses", () => {
    const section = (pools: object) => azureSettings.parse({ ...Object(settingsOf(stack).azure), pools });

    test("moves no subnet when pools grow", () => {
        const [small, large] = [section({}), section({ general: { nodes: { max: 900 } }, compute: {} })].map(
            planNetwork,
        );
        if (!small?.fits || !large?.fits) throw new Error("the plans do not fit");
        expect(large.subnets.slice(0, 3)).toEqual(small.subnets.slice(0, 3));
    });

    test("puts the name server at the tenth address of the services", () => {
        expect(nameServerOf("10.4.0.0/14")).toBe("10.4.0.10");
    });
});

describe("Azure's kubeconfig", () => {
    const encoded = (text: string) => Buffer.from(text).toString("base64");

    test("says where the server is and who vouches for it", () => {
        const text =
            "clusters:\n- cluster:\n    certificate-authority-data: LS0t\n    server: https://a.azmk8s.io:443\n  name: a\n";
        expect(serverOf(encoded(text))).toEqual({ endpoint: "https://a.azmk8s.io:443", certificateAuthority: "LS0t" });
    });

    test("that says neither is refused", () => {
        expect(() => serverOf(encoded("kind: Config"))).toThrow("names no server with a certificate authority");
    });
});
