import { recordWriter } from "../../components/cloud/contract";
import { managesRecords, writer } from "../../components/settings/dnsChecks";
import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { type Raw, settingsOf } from "./stack";

type Changes = Readonly<Record<string, unknown>>;

/** The graph of one stack is captured once in a program's life, and once here. */
const captured = new Map<string, Promise<Graph>>();
function graphOf(stack: string, changes: Changes = {}): Promise<Graph> {
    const key = JSON.stringify([stack, changes]);
    const graph = captured.get(key) ?? anotherGraph(stack, changes);
    captured.set(key, graph);
    return graph;
}

/** What production on AWS has beside its stack file where it keeps a zone. */
function zoneOnAws(): Changes {
    const { aws }: Raw = settingsOf("prod-aws");
    const identities = { ...Object(aws).identities, "external-dns": { ...writer } };
    return { aws: { ...Object(aws), dnsZone: "aws.tars.example.com", identities } };
}

const chartsOf = (graph: Graph) => graph.of("Chart").filter(({ inputs }) => inputs.chart === "external-dns");
const chartOf = (graph: Graph) => {
    const [chart, ...others] = chartsOf(graph);
    if (chart === undefined || others.length > 0) throw new Error("not one chart of ExternalDNS");
    return chart;
};

test("the identity that the settings ask for is the one that the platform looks for", () => {
    expect(writer).toEqual({ ...recordWriter, permissions: ["dnsZone.write"] });
});

test.each<[records: "managed" | "manual", zone: string | undefined, isManaged: boolean]>([
    ["managed", "example.com", true],
    ["managed", undefined, false],
    ["manual", "example.com", false],
])("records that are %s, in zone %s: %s", (records, zone, isManaged) => {
    const { edge } = jest.requireActual<typeof import("../../components/settings/edge")>(
        "../../components/settings/edge",
    );
    const settings = { edge: { ...edge.parse({ dns: { records } }), certificates: Object() } };
    expect(managesRecords(settings, zone)).toBe(isManaged);
});

test.each<[why: string, stack: string, changes: () => Changes]>([
    ["keeps no zone", "prod-aws", () => ({})],
    ["is given", "dev", () => ({})],
    [
        "has somebody else write records",
        "prod-azure",
        () => ({ edge: { ...Object(settingsOf("prod-azure").edge), dns: { records: "manual" } } }),
    ],
])("nobody writes records where the cloud %s", async (_, stack, changes) => {
    const graph = await graphOf(stack, changes());
    expect(chartsOf(graph)).toEqual([]);
    expect(graph.of("Namespace").map(({ inputs }) => inputs.metadata.name)).not.toContain("external-dns");
});

describe.each<[stack: string, changes: () => Changes, zone: string, owner: string, provider: string]>([
    ["prod-azure", () => ({}), "tars.example.com", "tars-production.westeurope", "azure"],
    ["prod-aws", zoneOnAws, "aws.tars.example.com", "tars-production.eu-central-1", "aws"],
])("%s", (stack, changes, zone, owner, provider) => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf(stack, changes());
    });

    test("runs one ExternalDNS from its pinned chart, for its zone and under its cluster's name", () => {
        expect(chartOf(graph).inputs).toMatchObject({
            version: "1.21.1",
            repositoryOpts: { repo: "https://kubernetes-sigs.github.io/external-dns/" },
            namespace: "external-dns",
            skipCrds: true,
            values: {
                provider: { name: provider },
                image: { repository: "registry.k8s.io/external-dns/external-dns", tag: "v0.21.0" },
                sources: ["gateway-httproute", "service"],
                domainFilters: [zone],
                policy: "sync",
                registry: "txt",
                txtOwnerId: owner,
                deploymentStrategy: { type: "Recreate" },
                serviceAccount: { create: false, name: "external-dns" },
            },
        });
    });

    test("puts the TXT record of the zone's own name, and of a wildcard, where they can be", () => {
        const { txtPrefix, extraArgs } = chartOf(graph).inputs.values;
        const beside = (host: string) => `${txtPrefix.replace("%{record_type}", "a")}${host}`;
        expect(beside(zone).endsWith(`.${zone}`)).toBe(true);
        expect(extraArgs["txt-wildcard-replacement"]).toMatch(/^[a-z]+$/);
    });

    test("takes names from the platform's namespace and its gateway alone, and reads no more than that", () => {
        const { values } = chartOf(graph).inputs;
        expect(values).toMatchObject({ namespaced: true, sourceNamespace: "tars", gatewayNamespace: "istio-ingress" });
        expect(values.extraArgs).toMatchObject({
            "gateway-name": "tars-gateway",
            "service-type-filter": "LoadBalancer",
        });
        const role = graph.named("ClusterRole", "external-dns-namespaces");
        const verbs = ["get", "list", "watch"];
        expect(role.inputs.rules).toEqual([{ apiGroups: [""], resources: ["namespaces"], verbs }]);
        expect(graph.named("ClusterRoleBinding", "external-dns-namespaces").inputs.subjects).toEqual([
            { kind: "ServiceAccount", name: "external-dns", namespace: "external-dns" },
        ]);
    });

    test("comes after the namespaces that it reads, and outlives the routes whose records it removes", () => {
        const chart = chartOf(graph);
        for (const namespace of ["tars", "istio-ingress"])
            expect(graph.waitsFor(chart, graph.named("Namespace", namespace))).toBe(true);
        // Those of services inside of the mesh have no record.
        const routes = graph.of("HTTPRoute").filter(({ inputs }) => inputs.spec.parentRefs[0].kind !== "Service");
        expect(routes).toHaveLength(2);
        for (const route of [...routes, graph.named("Gateway", "tars-gateway")])
            expect(graph.waitsFor(route, chart)).toBe(true);
        expect(chart.inputs.values.triggerLoopOnEvent).toBe(true);
    });

    test("starts once the cloud knows whose its pods are, and calls its cloud, the API server and nobody else", () => {
        const account = graph.named("ServiceAccount", "external-dns");
        expect(graph.waitsFor(chartOf(graph), account)).toBe(true);
        expect(account.inputs.metadata.annotations).toHaveProperty("tars-platform/identity");
        const policies = graph
            .of("NetworkPolicy")
            .filter(({ inputs }) => inputs.metadata.namespace === "external-dns")
            .map(({ inputs }) => [inputs.metadata.name, inputs.spec] as const);
        const { "name-service": cloud, metrics, ...others } = Object.fromEntries(policies);
        expect(Object.keys(others).sort()).toEqual(["allow-dns", "api-server", "default-deny"]);
        const [internet, credentials] = cloud.egress;
        expect(internet.ports).toEqual([{ protocol: "TCP", port: 443 }]);
        expect(internet.to[0].ipBlock.except).toContain("10.0.0.0/8");
        expect(credentials.to).toEqual([{ ipBlock: { cidr: "169.254.170.23/32" } }]);
        expect(metrics.ingress[0].ports).toEqual([{ protocol: "TCP", port: 7979 }]);
    });

    test("is a hardened pod whose token ends", () => {
        const { values } = chartOf(graph).inputs;
        expect(values.securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
        expect(values.podSecurityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
        expect(values.automountServiceAccountToken).toBe(false);
        expect(values.extraVolumes[0].projected.sources[0]).toEqual({
            serviceAccountToken: { path: "token", expirationSeconds: 3600 },
        });
        expect(Object.keys(values.resources.limits).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
    });
});

test("on AWS its role changes records of the one zone, and finds it among all", async () => {
    const graph = await graphOf("prod-aws", zoneOnAws());
    const own = graph.all.filter(({ type, name }) => type.endsWith(":RolePolicy") && name === "external-dns-policy");
    const statements = own.flatMap(({ inputs }) => JSON.parse(String(inputs.policy)).Statement);
    const zone = expect.stringMatching(/^arn:aws:route53:::hostedzone\/[^*]+$/);
    expect(statements).toEqual([
        {
            Effect: "Allow",
            Action: ["route53:ChangeResourceRecordSets"],
            Resource: [zone],
            Condition: {
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"],
                },
            },
        },
        { Effect: "Allow", Action: ["route53:ListResourceRecordSets"], Resource: [zone] },
        { Effect: "Allow", Action: ["route53:ListHostedZones"], Resource: ["*"] },
    ]);
    const { policy } = graph.all.find(({ type }) => type === "aws:iam/policy:Policy")?.inputs ?? {};
    for (const { Action: actions } of statements) for (const action of actions) expect(policy).toContain(action);
    expect(chartOf(graph).inputs.values).toMatchObject({
        env: [{ name: "AWS_DEFAULT_REGION", value: "eu-central-1" }],
        extraArgs: { "aws-zone-type": "public" },
    });
});

test("on Azure its identity writes the zone, reads the group, and finds both in a file without a password", async () => {
    const graph = await graphOf("prod-azure");
    const rights = graph.all.filter(
        ({ type, name }) => type.endsWith(":RoleAssignment") && name.startsWith("identities-external-dns-"),
    );
    expect(rights.map(({ inputs }) => [String(inputs.roleDefinitionId).split("/").at(-1), inputs.scope])).toEqual([
        ["befefa01-2a29-4197-83a8-272ff33ce314", "dns-public-id"],
        ["acdd72a7-3385-48ef-bd42-f606fba81ae7", "group-id"],
    ]);
    const { values } = chartOf(graph).inputs;
    expect(values.podLabels).toEqual({ "azure.workload.identity/use": "true" });
    expect(values.extraVolumeMounts[1]).toMatchObject({ mountPath: "/etc/kubernetes", readOnly: true });
    const { data } = graph.named("ConfigMap", "external-dns-cloud").inputs;
    expect(JSON.parse(data["azure.json"])).toEqual({
        tenantId: "00000000-0000-0000-0000-000000000000",
        subscriptionId: "00000000-0000-0000-0000-000000000000",
        resourceGroup: "tars-production",
        useWorkloadIdentityExtension: true,
    });
});

/** The second of two stacks: another region, the same hosts, the zone that the first one keeps. */
function secondary(): Changes {
    const { aws, edge }: Raw = settingsOf("prod-aws");
    const prover = { namespace: "cert-manager", serviceAccount: "cert-manager", permissions: ["dnsZone.prove"] };
    const identities = { ...Object(aws).identities, "external-dns": { ...writer }, "cert-manager": prover };
    return {
        aws: { ...Object(aws), dnsZone: "tars.example.com", dnsZoneId: "Z0123456789ABC", identities },
        edge: {
            ...Object(edge),
            certificates: { issuer: "letsencryptProd", email: "platform@example.com", solver: "dns01" },
            failover: { role: "secondary", name: "second.tars.example.com" },
        },
    };
}

describe("the second of two stacks", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await graphOf("prod-aws", secondary());
    });
    const [host, apiHost, own] = ["aws.tars.example.com", "api.aws.tars.example.com", "second.tars.example.com"];

    test("makes no zone, and writes the first one's", () => {
        expect(graph.all.filter(({ type }) => type === "aws:route53/zone:Zone")).toEqual([]);
        const role = graph.all.find(({ type, name }) => type.endsWith(":RolePolicy") && name === "external-dns-policy");
        expect(String(role?.inputs.policy)).toContain("arn:aws:route53:::hostedzone/Z0123456789ABC");
    });

    test("is called by its own name, in a way that its gateway answers", () => {
        const checks = graph.all.filter(({ type }) => type === "aws:route53/healthCheck:HealthCheck");
        expect(checks.map(({ inputs }) => inputs)).toEqual([
            expect.objectContaining({ type: "HTTP", fqdn: own, port: 80, resourcePath: "/health" }),
        ]);
        const redirect = graph.named("HTTPRoute", "tars-gateway-redirect").inputs.spec;
        expect(redirect.hostnames).toContain(own);
        expect(redirect.rules[0].filters[0].requestRedirect.statusCode).toBeLessThan(400);
    });

    test("has records of the common hosts beside the first one's, and one of its own name without conditions", () => {
        const prefix = "external-dns.alpha.kubernetes.io";
        const both = graph.named("HTTPRoute", "tars-backend").inputs;
        expect(both.spec.hostnames).toEqual([host, apiHost]);
        expect(both.metadata.annotations).toEqual({
            [`${prefix}/set-identifier`]: "tars-production.eu-central-1",
            [`${prefix}/aws-failover`]: "SECONDARY",
            [`${prefix}/aws-health-check-id`]: "dns-health-id",
        });
        const alone = graph.named("HTTPRoute", "tars-backend-own").inputs;
        expect(alone.spec.hostnames).toEqual([own]);
        expect(alone.metadata.annotations).toBeUndefined();
    });

    test("answers for all of them, each on the listener of its name", () => {
        const { listeners } = graph.named("Gateway", "tars-gateway").inputs.spec;
        const hostOf = new Map<string, string>(
            listeners.map((listener: Readonly<Record<string, string>>) => [listener.name, listener.hostname]),
        );
        for (const name of ["tars-backend", "tars-backend-own"]) {
            const { parentRefs, hostnames } = graph.named("HTTPRoute", name).inputs.spec;
            const listened = parentRefs.map(({ sectionName }: Readonly<Record<string, string>>) =>
                hostOf.get(String(sectionName)),
            );
            expect(listened).toEqual(hostnames);
        }
        expect(graph.named("Certificate", "tars-tls-cert").inputs.spec.dnsNames).toEqual([host, apiHost, own]);
    });
});
