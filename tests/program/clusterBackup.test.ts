import { backupOperator } from "../../components/cloud/contract";
import { backedUp, clusterRights, includedResources, ownRights } from "../../components/recovery/backedUp";
import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { settingsOf } from "./stack";

const inBackup = (graph: Graph, kind: string) =>
    graph.of(kind).filter(({ inputs }) => inputs.metadata.namespace === backupOperator.namespace);

const chartOf = (graph: Graph) => {
    const [chart, ...others] = graph.of("Chart").filter(({ inputs }) => inputs.chart === "velero");
    if (chart === undefined || others.length > 0) throw new Error("not one chart of Velero");
    return chart;
};

test("a given cluster, which has no store for backups, has no Velero", async () => {
    const graph = await anotherGraph("dev");
    expect(graph.of("Chart").map(({ inputs }) => inputs.chart)).not.toContain("velero");
    expect(graph.of("Namespace").map(({ inputs }) => inputs.metadata.name)).not.toContain("backup");
});

const pluginOf = { aws: "velero-plugin-for-aws", azure: "velero-plugin-for-microsoft-azure" } as const;
const stackOf = { aws: "prod-aws", azure: "prod-azure" } as const;

describe.each(["aws", "azure"] as const)("on %s", (cloud) => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph(stackOf[cloud]);
    });

    test("the server is there once, from its pinned chart, with the plugin of its store and no agent on nodes", () => {
        const { inputs } = chartOf(graph);
        expect(inputs).toMatchObject({ version: "12.1.0", namespace: "backup", skipCrds: true });
        expect(inputs.values).toMatchObject({
            // By which volumes of CSI drivers are copied at all.
            configuration: { features: "EnableCSI" },
            deployNodeAgent: false,
            backupsEnabled: false,
            credentials: { useSecret: false },
            rbac: { create: false, clusterAdministrator: false },
            serviceAccount: { server: { create: false, name: "velero", automountServiceAccountToken: false } },
        });
        const [plugin, ...others] = inputs.values.initContainers;
        expect(others).toEqual([]);
        expect(plugin.image).toBe(`docker.io/velero/${pluginOf[cloud]}:v1.14.2`);
    });

    test("its store is the container of backups, waited for before anything is to be written there", () => {
        const [location] = inBackup(graph, "BackupStorageLocation");
        const [schedule] = inBackup(graph, "Schedule");
        if (location === undefined || schedule === undefined) throw new Error("no store or no schedule");
        expect(location.inputs.spec).toMatchObject({ provider: cloud, default: true, accessMode: "ReadWrite" });
        expect(location.inputs.spec.objectStorage.bucket).toMatch(/backups/);
        expect(location.inputs.metadata.annotations).toEqual({
            "pulumi.com/waitFor": "jsonpath={.status.phase}=Available",
        });
        expect(graph.waitsFor(location, chartOf(graph))).toBe(true);
        expect(graph.waitsFor(schedule, location)).toBe(true);
    });

    test("every six hours it backs up what is listed, keeps it for 35 days, and has volumes copied where they are", () => {
        const [schedule] = inBackup(graph, "Schedule");
        expect(schedule?.inputs.spec).toEqual({
            schedule: "15 */6 * * *",
            skipImmediately: false,
            template: {
                ttl: "840h0m0s",
                storageLocation: "default",
                includedNamespaces: ["*"],
                includedResources,
                includeClusterResources: true,
                snapshotVolumes: true,
                snapshotMoveData: false,
            },
        });
        const [snapshots] = graph.of("VolumeSnapshotClass");
        expect(snapshots?.inputs.metadata.labels).toHaveProperty(["velero.io/csi-volumesnapshot-class"], "true");
    });

    test("it is who it is before it starts, and calls the API server, its store and nobody else", () => {
        const account = graph.named("ServiceAccount", "velero");
        expect(graph.waitsFor(chartOf(graph), account)).toBe(true);
        expect(account.inputs.metadata.annotations).toHaveProperty("tars-platform/identity");
        const policies = inBackup(graph, "NetworkPolicy").map(
            ({ inputs }) => [inputs.metadata.name, inputs.spec] as const,
        );
        const { store, metrics, ...others } = Object.fromEntries(policies);
        expect(Object.keys(others).sort()).toEqual(["allow-dns", "api-server", "default-deny"]);
        expect(metrics.policyTypes).toEqual(["Ingress"]);
        const reached = store.egress.flatMap(({ to }: { to: { ipBlock: { cidr: string } }[] }) =>
            to.map(({ ipBlock }) => ipBlock.cidr),
        );
        expect(reached).toEqual(
            cloud === "aws"
                ? ["169.254.170.23/32", "0.0.0.0/0"]
                : ["10.20.0.0/16", "20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"],
        );
    });

    test("it may read what it backs up, and write nothing of it", () => {
        const [role] = graph.of("ClusterRole").filter(({ inputs }) => inputs.metadata.name === "velero-backup");
        expect(role?.inputs.rules).toEqual(clusterRights);
        const [own] = inBackup(graph, "Role");
        expect(own?.inputs.rules).toEqual(ownRights);
        const [wide] = graph.of("ClusterRoleBinding").filter(({ inputs }) => inputs.roleRef.name === "velero-backup");
        expect(wide?.inputs.subjects).toEqual([{ kind: "ServiceAccount", name: "velero", namespace: "backup" }]);
    });
});

test("no backup holds Secrets, and only copies of volumes are written", () => {
    expect(includedResources.filter((name) => /secret/.test(name))).toEqual([
        "clustersecretstores.external-secrets.io",
        "externalsecrets.external-secrets.io",
        "pushsecrets.external-secrets.io",
    ]);
    const writing = clusterRights.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
    expect(writing.flatMap(({ resources }) => resources)).toEqual(["volumesnapshots", "volumesnapshotcontents"]);
    expect(Object.values(backedUp).flat()).not.toContain("secrets");
    // What the server gets and makes at its start (pkg/repository/keys/keys.go of Velero v1.18.1), and no more.
    const secrets = ownRights.filter(({ resources }) => resources.some((name) => name === "secrets"));
    expect(secrets).toEqual([
        { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["velero-repo-credentials"], verbs: ["get"] },
    ]);
    // To have a volume copied it looks at the claim, the pods that use it, its volume and the class by which it is copied.
    const readable = clusterRights.flatMap(({ apiGroups, resources }) =>
        resources.map((name) => [name, ...apiGroups].join(".")),
    );
    for (const needed of [
        "namespaces.",
        "nodes.",
        "pods.",
        "persistentvolumeclaims.",
        "persistentvolumes.",
        "customresourcedefinitions.apiextensions.k8s.io",
        "storageclasses.storage.k8s.io",
        "volumesnapshotclasses.snapshot.storage.k8s.io",
    ])
        expect(readable).toContain(needed);
});

test("a stack says how often and for how long", async () => {
    const graph = await anotherGraph("staging", { clusterBackup: { everyHours: 24, keepDays: 7 } });
    const [schedule] = inBackup(graph, "Schedule");
    expect(schedule?.inputs.spec).toMatchObject({ schedule: "15 2 * * *", template: { ttl: "168h0m0s" } });
    expect(chartOf(graph).inputs.values.configuration.defaultBackupTTL).toBe("168h0m0s");
});

test("backups of Azure are locked version by version, or nobody could say that one is done", async () => {
    expect(settingsOf("prod-azure").cloud).toBe("azure");
    const graph = await anotherGraph("prod-azure");
    const containers = graph.all.filter(
        ({ type, name }) => type === "azure-native:storage:BlobContainer" && /^storage-(backups|data)$/.test(name),
    );
    const locked = containers.map(({ name, inputs }) => [name, inputs.immutableStorageWithVersioning]);
    expect(Object.fromEntries(locked)).toEqual({
        "storage-backups": { enabled: true },
        "storage-data": undefined,
    });
});
