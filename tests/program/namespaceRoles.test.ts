import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { judgedResources } from "../../cli/src/judgedResources";
import { mockMonitor, type Registration } from "../../cli/src/registrations";
import { demandAtPeak } from "../../components/foundation/demand";
import { usualPluginFolders } from "../../components/foundation/pluginFolders";
import { TenantNamespace } from "../../components/kubernetes/namespace";
import { namespaceRoles, rolesIn, ServiceRole } from "../../components/kubernetes/namespaceRoles";
import { planQuota } from "../../components/kubernetes/quota";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { readGraph } from "./graph";

test("the table has the figures of requirements/003", () => {
    expect(namespaceRoles).toEqual([
        {
            namespace: "vector-store",
            serviceAccount: "pinecone-service",
            role: "pinecone-reader",
            resources: ["pods", "services"],
        },
        {
            namespace: "monitoring",
            serviceAccount: "monitoring-service",
            role: "metrics-reader",
            resources: ["pods", "services", "endpoints"],
        },
    ]);
});

test("a role comes with its namespace: one that the stack does not make gets nothing", async () => {
    expect(rolesIn(["tars"])).toEqual([]);
    expect(rolesIn(["tars", "monitoring"]).map(({ role }) => role)).toEqual(["metrics-reader"]);
    const { objects } = await readGraph("dev", { data: { vectors: { kind: "off" } } });
    const own = namespaceRoles.flatMap(({ serviceAccount, role }) => [serviceAccount, role]);
    expect(objects.filter(({ inputs }) => own.includes(inputs.metadata?.name))).toEqual([]);
});

describe.each(namespaceRoles)("$role", (plan) => {
    let made: readonly Registration[];
    beforeAll(async () => {
        made = await registrationsOf(plan);
    });
    const inputsOf = (kind: string) => Object(made.find(({ type }) => type.endsWith(`:${kind}`))?.inputs);

    test("lets its service account get, list and watch what the documents name, in its own namespace", () => {
        const { namespace, serviceAccount, role, resources } = plan;
        expect(inputsOf("Role")).toMatchObject({
            metadata: { name: role, namespace },
            rules: [{ apiGroups: [""], resources, verbs: ["get", "list", "watch"] }],
        });
        expect(inputsOf("RoleBinding")).toMatchObject({
            metadata: { namespace },
            roleRef: { kind: "Role", name: role },
            subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
        });
        expect(inputsOf("ServiceAccount")).toMatchObject({
            metadata: { name: serviceAccount, namespace },
            automountServiceAccountToken: false,
        });
    });

    test("breaks no rule of the pack", () => {
        const { findings } = judge(judgedResources(made), defaultConfiguration);
        const mandatory = findings.filter(({ level }) => level === "mandatory");
        expect(mandatory.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
    });
});

const noPools = { system: undefined, compute: undefined, memory: undefined, gpu: undefined, spot: undefined };

async function registrationsOf(plan: (typeof namespaceRoles)[number]): Promise<readonly Registration[]> {
    const monitor = mockMonitor();
    await pulumi.runtime.setMocks(monitor.mocks, "tars-platform", "test", false);
    monitor.listen(pulumi.runtime.getMonitor());
    const ownership = { owner: "o", environment: "dev", dataClass: "internal", costCentre: "c" } as const;
    await pulumi.runtime.runInPulumiStack(async () => {
        const cluster = {
            provider: new Provider("cluster", { clusterIdentifier: "test" }),
            identity: pulumi.output("00000000-0000-0000-0000-000000000000"),
            isGuarded: false,
            nodes: { ...noPools, general: { labels: {}, tolerations: [] } },
            storageClasses: { fast: "f", standard: "s", cold: "c" },
            scratchClass: undefined,
            snapshotClass: undefined,
            entrance: {
                annotations: {},
                externalTrafficPolicy: "Local",
                clientAddress: "preserved",
                trustedHops: 0,
                clients: ["10.0.0.0/8"],
                front: undefined,
            } as const,
            monitoringNamespace: "monitoring",
            mostNodes: 3,
            pluginFolders: usualPluginFolders,
            apiRanges: ["10.0.0.0/8"],
            secretStore: undefined,
            scaler: undefined,
            teams: undefined,
            loadBalancerController: undefined,
            backupStore: undefined,
            followedStore: undefined,
        };
        const { namespace } = plan;
        const quota = planQuota(demandAtPeak([]), undefined);
        new TenantNamespace(namespace, { cluster, ownership, namespace, quota });
        new ServiceRole(plan.role, { cluster, ownership, plan });
    });
    await pulumi.runtime.disconnect();
    return monitor.registrations();
}
