import * as fs from "node:fs";
import * as path from "node:path";
import { shortName } from "../../simulator/session/events";
import { goldenGraph } from "../support/goldenGraph";
import { copyProject, type Ended, type Project } from "../support/project";
import { processesAfter } from "../support/traces";

jest.setTimeout(60 * 60_000);

interface Pod {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

interface Step {
    readonly op: string;
    readonly urn: string;
}

/** What each stack of production must come to: pods by kind of node, those of DaemonSets apart, and what closing its API server changes. */
const stacks = [
    {
        stack: "prod-aws",
        pods: { system: 38, general: 53, "memory-optimized": 4, gpu: 1 },
        quorums: [
            "ClickHouseKeeperInstallation clickhouse/clickhouse: 2 of 3",
            "Cluster tars/postgres: 2 of 3",
            "StatefulSet elasticsearch/elasticsearch-es-hot: 2 of 3",
            "StatefulSet elasticsearch/elasticsearch-es-master: 2 of 3",
            "StrimziPodSet kafka/kafka-broker: 2 of 3",
            "StrimziPodSet kafka/kafka-controller: 2 of 3",
            "StatefulSet tars/redis-ha: 2 of 3",
            "StatefulSet tars/redis-ha-sentinel: 2 of 3",
            "StatefulSet vector-store/qdrant: 2 of 3",
        ],
        closing: { cloud: "aws", changes: ["update Cluster eks", "update Cluster eks-eksCluster"] },
    },
    {
        stack: "prod-azure",
        pods: { system: 30, general: 41, "memory-optimized": 4, gpu: 1 },
        quorums: [
            "StatefulSet elasticsearch/elasticsearch-es-hot: 2 of 3",
            "StatefulSet elasticsearch/elasticsearch-es-master: 2 of 3",
            "ClickHouseKeeperInstallation clickhouse/clickhouse: 2 of 3",
            "StatefulSet vector-store/qdrant: 2 of 3",
            "StrimziPodSet kafka/kafka-broker: 2 of 3",
            "StrimziPodSet kafka/kafka-controller: 2 of 3",
        ],
        closing: {
            cloud: "azure",
            changes: [
                "create PrivateZone dns-api-server",
                "create RoleAssignment aks-links-names",
                "create RoleAssignment aks-names",
                "create VirtualNetworkLink dns-api-server-link",
                "update ManagedCluster aks-cluster",
                // Whoever asks the API server has no need to leave the network any more.
                "update NetworkPolicy backup-api-server",
                "update NetworkPolicy cert-manager-api-server",
                "update NetworkPolicy clickhouse-operator-api-server",
                "update NetworkPolicy elastic-operator-api-server",
                "update NetworkPolicy external-dns-api-server",
                "update NetworkPolicy external-secrets-api-server",
                "update NetworkPolicy image-scanning-api-server",
                "update NetworkPolicy image-signatures-api-server",
                "update NetworkPolicy istio-nodes-istio-cni",
                "update NetworkPolicy istiod-traffic",
                "update NetworkPolicy kafka-operator-api-server",
                "update NetworkPolicy kafka-operator-operator-api-server",
                "update NetworkPolicy pinecone-service-pinecone-service-api-server",
            ],
        },
    },
] as const;

/** Protected with the component that makes them, which is all that the golden graph has of it. */
const childrenOfEks = [
    "AccessEntry eks-role-tars-break-glass",
    "AccessEntry eks-role-tars-developers",
    "AccessEntry eks-role-tars-viewers",
    "AccessPolicyAssociation eks-role-tars-break-glass-administrator",
    "Cluster eks-eksCluster",
    "kubernetes eks-eks-k8s",
];

/** An API server that the stack's first update may come to from outside, beside what its stack file says. */
const opened = { kind: "public", allowedCidrs: ["203.0.113.0/28"] } as const;

/** It shares its cloud with production, which shows all else: here is what only a stack has that nobody has to keep. */
test("staging comes up in its simulated cloud, changes nothing at a second preview, and goes away whole", async () => {
    const project = copyProject();
    try {
        const file = path.join(project.folder, "report.json");
        const ended = await project.tars("simulate", "staging", "--json", file);
        expect(ended.code === 0 ? "" : ended.stderr).toBe("");
        const { pods, policies, protected: guarded, retained, refusedFor } = JSON.parse(fs.readFileSync(file, "utf8"));
        expect(pods.replicasByNodeType).toEqual({ system: 30, general: 26 });
        expect(pods.misplaced).toEqual([]);
        expect(pods.ready).toBe(pods.total);
        expect(policies.mandatory).toBe(0);
        expect({ guarded, retained, refusedFor }).toEqual({ guarded: [], retained: [], refusedFor: [] });
        expect(fs.existsSync(path.join(project.state, "staging.simulate"))).toBe(false);
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    } finally {
        await project.remove();
    }
});

/** One story a stack, in this order: up, another team beside it, its API server open and closed, a zone lost, down. */
describe.each(stacks)("$stack in its simulated cloud", ({ stack, pods, quorums, closing }) => {
    let project: Project;
    let up: Ended;
    const reportFile = (): string => path.join(project.folder, "report.json");
    const report = () => JSON.parse(fs.readFileSync(reportFile(), "utf8"));

    beforeAll(async () => {
        project = copyProject();
        up = await project.tars("simulate", stack, "--keep", "--json", reportFile());
    });
    afterAll(() => project.remove());

    it("comes up as its first preview says, breaks no mandatory rule, and changes nothing at a second preview", () => {
        expect(up.code === 0 ? "" : up.stderr).toBe("");
        expect(report().policies).toEqual({
            packs: [expect.stringContaining("tars")],
            mandatory: 0,
            advisory: expect.any(Number),
        });
    });

    it("has every pod ready, on nodes of the kind that is right for it", () => {
        const found = report().pods;
        expect(found.ready).toBe(found.total);
        expect(found.replicasByNodeType).toEqual(pods);
        expect(found.misplaced).toEqual([]);
    });

    it("carries another team's stack, whose pods are what the platform's cloud has for them", async () => {
        const engine = (...words: readonly string[]): Promise<Ended> =>
            project.tars("pulumi", "--project", "examples/team-app", ...words, "--non-interactive", "--color", "never");
        expect(await engine("up", "--yes")).toMatchObject({ code: 0 });
        expect(await engine("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
        const outputs = JSON.parse((await project.tars("pulumi", "stack", "output", "--json")).stdout);
        const { annotations, podLabels } = outputs.ground.identities["team-app"];
        const account = await get("serviceaccount", "api-watcher");
        expect(account.metadata.annotations ?? {}).toEqual(annotations);
        const teamPods: readonly Pod[] = (await get("pods")).items;
        expect(teamPods).toHaveLength(2);
        for (const { metadata, status } of teamPods) {
            expect(metadata.labels).toMatchObject(podLabels);
            expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
        }
        expect(await engine("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
    });

    const get = async (...words: readonly string[]) =>
        JSON.parse((await project.tars("kubectl", "get", ...words, "--namespace", "team-app", "-o", "json")).stdout);

    it("is open to an allow-list, as its first update may need it, and is closed without the replacement of anything", async () => {
        const engine = (...words: readonly string[]): Promise<Ended> =>
            project.tars("pulumi", ...words, "--non-interactive", "--color", "never");
        const file = path.join(project.folder, `Pulumi.${stack}.yaml`);
        const own = fs.readFileSync(file);
        project.configure(stack, (config) => {
            const key = `tars-platform:${closing.cloud}`;
            config[key] = { ...Object(config[key]), apiAccess: opened };
        });
        const open = await engine("up", "--yes", "--skip-preview");
        fs.writeFileSync(file, own);
        expect(open.code === 0 ? "" : open.stdout).toBe("");
        expect(open.stdout).not.toContain("replaced");
        const steps: readonly Step[] = JSON.parse((await engine("preview", "--json")).stdout).steps;
        const changes = steps.filter(({ op }) => op !== "same" && op !== "read");
        expect(sorted(changes.map(({ op, urn }) => `${op} ${shortName(urn)}`))).toEqual(closing.changes);
    });

    it("comes through the loss of a zone, and goes away as its owner has to take it away", async () => {
        const scenario = ["--scenario", "zone-lost", "--json", reportFile()];
        expect(await project.tars("simulate", stack, ...scenario)).toMatchObject({ code: 0 });
        const [{ name, ok, measured }] = report().scenarios;
        expect({ name, ok, notReady: measured.notReady }).toEqual({ name: "zone-lost", ok: true, notReady: [] });
        expect(sorted(measured.quorums)).toEqual(sorted(quorums));
        const guarded = withOption(stack, "protect");
        // Definitions are protected with the group that reads them, which the golden graph shows by itself.
        const isDefinition = (name: string) => /^\S+ (\S+-definitions|mesh-gateway-api):/.test(name);
        const found: readonly string[] = report().protected;
        expect(sorted(found.filter((name) => !isDefinition(name)))).toEqual(
            sorted([...guarded, ...(stack === "prod-aws" ? childrenOfEks : [])]),
        );
        expect(found.some(isDefinition)).toBe(true);
        expect(report().refusedFor.length).toBeGreaterThan(0);
        expect(sorted(report().retained)).toEqual(sorted(withOption(stack, "retainOnDelete")));
    });

    it("leaves nothing running and no state", async () => {
        expect(fs.existsSync(path.join(project.state, `${stack}.simulate`))).toBe(false);
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    });
});

/** Resources of a golden graph that the engine protects or leaves. */
function withOption(stack: string, option: "protect" | "retainOnDelete"): readonly string[] {
    return goldenGraph(stack)
        .filter(({ options }) => options?.[option] === true)
        .map(({ urn }) => shortName(urn));
}

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();
