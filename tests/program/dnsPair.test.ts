import { judgedResources } from "../../cli/src/judgedResources";
import { recordWriter } from "../../components/cloud/contract";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { azure as simulated } from "../../simulator/providers/azure";
import { checkAlone } from "../../simulator/providers/cloud/checks";
import { differences } from "../../simulator/providers/cloud/differences";
import { AzureRun } from "../engine/azureCloud";
import { anotherGraph } from "./anotherGraph";
import { azureGraph } from "./azureGraph";
import type { Graph, Registration } from "./graph";
import { type Raw, settingsOf } from "./stack";

/** Two stacks on Azure that answer for the same hosts. */

const subscription = "00000000-0000-0000-0000-000000000000";
const [host, apiHost] = ["tars.example.com", "api.tars.example.com"];
const [first, second] = ["first.tars.example.com", "second.tars.example.com"];
const firstGroup = `/subscriptions/${subscription}/resourceGroups/tars-production`;
const zoneId = `${firstGroup}/providers/Microsoft.Network/dnszones/example.com`;

interface Changed {
    readonly failover: Readonly<Record<"role" | "name", string>>;
    readonly azure?: Readonly<Record<string, unknown>>;
    readonly edge?: Readonly<Record<string, unknown>>;
}

/** What production on Azure has instead of its stack file's own as one of two. */
function oneOfTwo({ failover, azure, edge }: Changed) {
    const own: Raw = settingsOf("prod-azure");
    return {
        azure: { ...Object(own.azure), dnsZone: "example.com", ...azure },
        edge: { ...Object(own.edge), failover, ...edge },
    };
}

const place = { name: "twin", region: "northeurope", network: { cidr: "10.21.0.0/16" } };
const changes = {
    // Hosts of another zone are proven by nobody; a corporate authority asks for no proof.
    primary: oneOfTwo({
        failover: { role: "primary", name: first },
        edge: {
            otherHosts: ["www.example.org"],
            dns: { elsewhere: ["www.example.org"] },
            certificates: { issuer: "corporate", caSecret: "company" },
        },
    }),
    secondary: oneOfTwo({ failover: { role: "secondary", name: second }, azure: { ...place, dnsZoneId: zoneId } }),
} as const;

async function graphOf(role: keyof typeof changes): Promise<Graph> {
    return anotherGraph("prod-azure", changes[role]);
}

let primary: Graph;
let secondary: Graph;
beforeAll(async () => {
    primary = await graphOf("primary");
    secondary = await graphOf("secondary");
});

const profile = "dns-traffic-profile";
const withoutTags = ({ inputs }: Pick<Registration, "inputs">) =>
    Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "tags"));

/** The profile that the first stack makes, as its name follows from where the zone is. */
const profileName = expect.stringMatching(/^hosts-[0-9a-f]{8}$/);
const graphs = () => ({ primary: azureGraph(primary), secondary: azureGraph(secondary) });

describe("the profile", () => {
    test("is the first stack's alone, in the zone's group, and answers with the first of its endpoints that is well", () => {
        const { primary, secondary } = graphs();
        expect(secondary.all("trafficmanager:Profile")).toEqual([]);
        expect(primary.one("trafficmanager:Profile").inputs).toMatchObject({
            resourceGroupName: "tars-production",
            profileName,
            location: "global",
            trafficRoutingMethod: "Priority",
            dnsConfig: { relativeName: profileName, ttl: 60 },
            tags: { "managed-by": "pulumi" },
        });
    });

    test("asks each stack in a way that its gateway answers, and takes no other answer", () => {
        const { primary: azure } = graphs();
        const { monitorConfig } = azure.inputs(azure.one("trafficmanager:Profile"));
        const redirect = primary.named("HTTPRoute", "tars-gateway-redirect").inputs.spec;
        const { statusCode } = redirect.rules[0].filters[0].requestRedirect;
        expect(monitorConfig).toEqual({
            protocol: "HTTP",
            port: 80,
            path: "/health",
            intervalInSeconds: 30,
            timeoutInSeconds: 10,
            toleratedNumberOfFailures: 3,
            expectedStatusCodeRanges: [{ min: statusCode, max: statusCode }],
        });
        // The probe names the endpoint's target as its host.
        expect(redirect.hostnames).toContain(first);
        expect(secondary.named("HTTPRoute", "tars-gateway-redirect").inputs.spec.hostnames).toContain(second);
    });
});

test("each stack puts itself into the one profile, by a name of its own", () => {
    const { primary, secondary } = graphs();
    const ends = [primary, secondary].map((azure) => azure.inputs(azure.one("trafficmanager:Endpoint")));
    const place = { resourceGroupName: "tars-production", profileName, endpointType: "ExternalEndpoints" };
    expect(ends).toEqual([
        { ...place, endpointName: "primary", target: first, priority: 1 },
        { ...place, endpointName: "secondary", target: second, priority: 2 },
    ]);
    expect(ends[1].profileName).toBe(ends[0].profileName);
    expect(ends[0].profileName).toBe(primary.inputs(primary.one("trafficmanager:Profile")).profileName);
});

describe("the hosts in common", () => {
    test("are aliases of the profile in the first stack's zone, there once it is in the profile; others are elsewhere", () => {
        const { primary: azure, secondary: other } = graphs();
        expect(other.all("dns:RecordSet")).toEqual([]);
        const records = azure.all("dns:RecordSet");
        const alias = { resourceGroupName: "tars-production", zoneName: "dns-public", recordType: "CNAME", ttl: 60 };
        const targetResource = { id: "dns-traffic-profile-id" };
        expect(records.map(({ inputs }) => inputs)).toEqual([
            { ...alias, relativeRecordSetName: "api.tars", targetResource },
            { ...alias, relativeRecordSetName: "tars", targetResource },
        ]);
        const endpoint = azure.one("trafficmanager:Endpoint");
        expect(primary.waitsFor(endpoint, azure.one("trafficmanager:Profile"))).toBe(true);
        for (const record of records) {
            expect(primary.waitsFor(record, endpoint)).toBe(true);
            expect(primary.waitsFor(record, azure.one("dns:Zone"))).toBe(true);
        }
    });

    test.each(["primary", "secondary"])(
        "are nothing to the ExternalDNS of the %s, which writes its own name",
        (role) => {
            const [graph, own] = role === "primary" ? [primary, first] : [secondary, second];
            const both = graph.named("HTTPRoute", "tars-backend").inputs;
            expect(both.spec.hostnames.slice(0, 2)).toEqual([host, apiHost]);
            // Any value but `dns-controller` (source/annotations/annotations.go of ExternalDNS v0.21.0).
            expect(both.metadata.annotations).toEqual({
                "external-dns.alpha.kubernetes.io/controller": "traffic-manager",
            });
            const alone = graph.named("HTTPRoute", "tars-backend-own").inputs;
            expect(alone.spec.hostnames).toEqual([own]);
            expect(alone.metadata.annotations).toBeUndefined();
            expect(graph.named("Certificate", "tars-tls-cert").inputs.spec.dnsNames).toContain(own);
        },
    );
});

describe("the second stack", () => {
    const rightsOf = (identity: string) =>
        graphs()
            .secondary.all("authorization:RoleAssignment")
            .filter(({ name }) => name.startsWith(`identities-${identity}-`))
            .map(({ inputs }) => [String(inputs.roleDefinitionId).split("/").at(-1), inputs.scope]);

    test("makes no zone, and has its rights at the first one's and in that one's group", () => {
        expect(graphs().secondary.all("dns:Zone")).toEqual([]);
        const [contributor, reader] = ["befefa01-2a29-4197-83a8-272ff33ce314", "acdd72a7-3385-48ef-bd42-f606fba81ae7"];
        expect(rightsOf("external-dns")).toEqual([
            [contributor, zoneId],
            [reader, firstGroup],
        ]);
        expect(rightsOf("cert-manager")).toEqual([[contributor, zoneId]]);
        expect(graphs().secondary.inputs(graphs().secondary.one("resources:ResourceGroup"))).toMatchObject({
            resourceGroupName: "twin-production",
        });
    });

    test("tells ExternalDNS and cert-manager where the zone is, and marks its records as its own", () => {
        const { data } = secondary.named("ConfigMap", `${recordWriter.namespace}-cloud`).inputs;
        const place = { subscriptionId: subscription, resourceGroup: "tars-production" };
        expect(JSON.parse(data["azure.json"])).toMatchObject(place);
        const [chart] = secondary.of("Chart").filter(({ inputs }) => inputs.chart === "external-dns");
        expect(chart?.inputs.values).toMatchObject({
            domainFilters: ["example.com"],
            txtOwnerId: "twin-production.northeurope",
        });
        const [solver] = secondary.named("ClusterIssuer", "letsencrypt-prod").inputs.spec.acme.solvers;
        expect(solver.dns01.azureDNS).toMatchObject({
            subscriptionID: subscription,
            resourceGroupName: "tars-production",
            hostedZoneName: "example.com",
        });
    });
});

test("in one simulated Azure the second stack finds what the first one makes, by the names and ids that it came to itself", async () => {
    const run = new AzureRun();
    try {
        const made = new Map<string, string>();
        const make = async (graph: Graph, name: string) => {
            const [type = "", inputs] = graph.all.flatMap((one) =>
                one.name === name && one.type.startsWith("azure-native:") ? [one.type, one.inputs] : [],
            );
            const known = JSON.stringify(inputs)
                .replaceAll(/"([\w-]+)-id"/g, (text, name) => made.get(name) ?? text)
                // The zone is called by what it says of itself, which nobody answers in a graph.
                .replaceAll('"dns-public"', '"example.com"');
            const outputs = await run.make(String(type).replace("azure-native:", ""), name, JSON.parse(known));
            made.set(name, JSON.stringify(outputs.id));
            return outputs;
        };
        const [alias, apiAlias] = [`dns-traffic-host-${host}`, `dns-traffic-host-${apiHost}`];
        const firsts = ["group", "dns-public", "dns-traffic-profile", "dns-traffic-endpoint", alias, apiAlias];
        for (const name of firsts) await make(primary, name);
        await expect(make(secondary, "dns-traffic-endpoint")).resolves.toMatchObject({ target: second, priority: 2 });
        expect(made.get(alias)).toContain("/dnsZones/example.com/CNAME/tars");
    } finally {
        run.close();
    }
});

const terms = { ...bareTerms, ...readPackFiles(rules), environment: "production" } as const;

test("the policy pack has nothing against the profile, and sees when its tags are missing", () => {
    const told = (all: Graph["all"]) =>
        judge(judgedResources(all), defaultConfiguration, terms).findings.flatMap(({ name, rule, level }) =>
            name === profile ? [[rule, level]] : [],
        );
    expect(told(primary.all)).toEqual([]);
    const bare = primary.all.map((one) => (one.name === profile ? { ...one, inputs: withoutTags(one) } : one));
    expect(told(bare)).toEqual([["STK-02", "mandatory"]]);
});

describe.each(["primary", "secondary"] as const)("of the %s", (role) => {
    const graph = () => (role === "primary" ? primary : secondary);

    test("the simulator has every kind, takes what the stack gives it, and knows what each change of it does", () => {
        const made = graph().all.filter(({ type, name }) => type.startsWith("azure-native:") && name.startsWith("dns"));
        const traffic = made.filter(({ name }) => name.startsWith("dns-traffic-"));
        expect(traffic).toHaveLength(role === "primary" ? 4 : 1);
        for (const { type, name, inputs } of traffic) {
            const kind = simulated.kinds[type];
            if (kind === undefined) throw new Error(`no kind ${type}`);
            const given = JSON.parse(JSON.stringify(inputs));
            expect([name, checkAlone(kind, given, {})]).toEqual([name, []]);
            const unknown = differences({}, given, kind.changes).filter(({ change }) => change === "unknown");
            expect([name, unknown]).toEqual([name, []]);
        }
    });

    test("the policy pack finds nothing mandatory, and leaves nothing mandatory undecided in a first preview", async () => {
        const advisory = new Set(rules.filter(({ level }) => level === "advisory").map(({ id }) => id));
        const found = judge(judgedResources(graph().all), defaultConfiguration, terms).findings;
        const broken = found.filter(({ level }) => level === "mandatory");
        expect(broken.map(({ rule, resource, message }) => `${rule} ${resource}: ${message}`)).toEqual([]);
        jest.resetModules();
        const { captureGraph } = await import("../../cli/src/graph");
        const early = judgedResources(await captureGraph("prod-azure", changes[role], "unknown"));
        const { findings } = judge(early, defaultConfiguration, terms);
        const undecided = findings.filter(({ decided, rule }) => !decided && !advisory.has(rule));
        expect(undecided.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    });
});
