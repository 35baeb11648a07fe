import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, type Registration } from "./graph";
import { settingsOf } from "./stack";

function only(graph: Graph, type: string, name: string): Registration {
    const found = graph.all.filter((each) => each.type === type && each.name === name);
    const [one] = found;
    if (one === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${name}`);
    return one;
}

const chartOf = (graph: Graph) => only(graph, "kubernetes:helm.sh/v4:Chart", "cert-manager");

describe("a certificate of dev", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph("dev");
    });

    test("is for both hosts, for the 365 days of the guide, with a key that is new at each renewal", () => {
        expect(graph.named("Certificate", "tars-tls-cert").inputs.spec).toMatchObject({
            secretName: "tars-tls-cert",
            commonName: "tars.local",
            subject: { organizations: ["TARS"] },
            dnsNames: ["tars.local", "api.tars.local"],
            duration: "8760h",
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
            issuerRef: { kind: "ClusterIssuer", name: "tars-ca-1" },
        });
    });

    test("comes after its issuer, that after the controller, and this after its definitions and its ways through the network", () => {
        const [certificate, issuer] = [
            graph.named("Certificate", "tars-tls-cert"),
            graph.named("ClusterIssuer", "tars-ca-1"),
        ];
        const chart = chartOf(graph);
        const definitions = only(graph, "kubernetes:yaml/v2:ConfigGroup", "cert-manager-definitions");
        expect(graph.waitsFor(certificate, issuer)).toBe(true);
        expect(graph.waitsFor(issuer, chart)).toBe(true);
        for (const earlier of [
            definitions,
            inNamespace(graph, "cert-manager").named("NetworkPolicy", "api-server"),
            inNamespace(graph, "cert-manager").named("NetworkPolicy", "webhook"),
        ])
            expect(graph.waitsFor(chart, earlier)).toBe(true);
    });

    test("is issued by a chart without definitions and without hooks, on one pod each", () => {
        expect(chartOf(graph).inputs).toMatchObject({
            chart: "oci://quay.io/jetstack/charts/cert-manager",
            version: "v1.21.1",
            skipCrds: true,
            values: {
                crds: { enabled: false },
                startupapicheck: { enabled: false },
                replicaCount: 1,
                cainjector: { replicaCount: 1 },
                webhook: { replicaCount: 1 },
                config: { gatewayAPI: { enabled: false } },
                global: { leaderElection: { namespace: "cert-manager" } },
            },
        });
    });

    test("has its key in no input: neither the program nor its state ever knows it", () => {
        expect(graph.all.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
    });
});

describe("a certificate of production", () => {
    test("on Azure is proven in the stack's zone, by an identity that may write nothing but that zone", async () => {
        const graph = await anotherGraph("prod-azure");
        const annotations = graph.named("ServiceAccount", "cert-manager").inputs.metadata.annotations;
        expect(Object.keys(annotations)).toEqual(["azure.workload.identity/client-id", "tars-platform/identity"]);
        expect(chartOf(graph).inputs).toMatchObject({
            values: {
                podLabels: { "azure.workload.identity/use": "true" },
                replicaCount: 2,
                webhook: { replicaCount: 3 },
            },
        });
        expect(graph.named("ClusterIssuer", "letsencrypt-prod").inputs.spec.acme.solvers).toEqual([
            {
                selector: { dnsZones: ["tars.example.com"] },
                dns01: {
                    azureDNS: {
                        subscriptionID: "00000000-0000-0000-0000-000000000000",
                        resourceGroupName: "tars-production",
                        hostedZoneName: "tars.example.com",
                        environment: "AzurePublicCloud",
                    },
                },
            },
        ]);
        const [right, ...others] = graph.all.filter(
            ({ type, name }) => type.endsWith(":RoleAssignment") && name.startsWith("identities-cert-manager-"),
        );
        expect(others).toEqual([]);
        expect(right?.inputs.roleDefinitionId).toMatch(/befefa01-2a29-4197-83a8-272ff33ce314$/);
        expect(right?.inputs.scope).toBe("dns-public-id");
    });

    test("on AWS is proven in the stack's zone, by pods that start once AWS knows whose they are", async () => {
        const { aws } = settingsOf("prod-aws");
        const writer = { namespace: "cert-manager", serviceAccount: "cert-manager", permissions: ["dnsZone.prove"] };
        const graph = await anotherGraph("prod-aws", {
            aws: {
                ...Object(aws),
                dnsZone: "aws.tars.example.com",
                identities: { ...Object(aws).identities, "cert-manager": writer },
            },
            edge: {
                host: "aws.tars.example.com",
                apiHost: "api.aws.tars.example.com",
                certificates: { issuer: "letsencryptProd", email: "platform@example.com", solver: "dns01" },
                dns: { records: "manual" },
            },
        });
        const association = only(
            graph,
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "cert-manager-association",
        );
        expect(graph.waitsFor(chartOf(graph), association)).toBe(true);
        const { policy } = only(graph, "aws:iam/rolePolicy:RolePolicy", "cert-manager-policy").inputs;
        expect(JSON.parse(String(policy)).Statement).toEqual([
            {
                Effect: "Allow",
                Action: ["route53:ChangeResourceRecordSets"],
                Resource: ["arn:aws:route53:::hostedzone/*"],
                Condition: {
                    "ForAllValues:StringLike": {
                        "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
                            "_acme-challenge.aws.tars.example.com",
                            "_acme-challenge.*.aws.tars.example.com",
                        ],
                    },
                    "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
                },
            },
            { Effect: "Allow", Action: ["route53:GetChange"], Resource: ["arn:aws:route53:::change/*"] },
        ]);
        expect(graph.named("ClusterIssuer", "letsencrypt-prod").inputs.spec.acme.solvers[0].dns01.route53).toEqual({
            region: "eu-central-1",
            hostedZoneID: expect.any(String),
        });
    });
});
