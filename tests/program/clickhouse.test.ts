import { imagesOf } from "../../cli/src/images/lock";
import { planSettings } from "../../components/data/clickhouse/settings";
import type { ClickHouseServers } from "../../components/foundation/clickHouseNames";
import { clickHouseSizes } from "../../components/foundation/clickHouseSizes";
import { systemLoads } from "../../components/settings/systemLoads";
import { specSchema, unknownTo } from "./definitions";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, type Raw, settingsWith } from "./stack";

jest.setTimeout(600_000);

/** Production on AWS with two shards, a slow volume, and a user of each kind. */
const asked = () =>
    settingsWith("prod-aws", "data.clickhouse", {
        kind: "cluster",
        shards: 2,
        coldStorage: "500Gi",
        databases: ["analytics", "reports"],
        profiles: { slow: { memory: "2Gi", seconds: 600, threads: 4 } },
        quotas: { few: { minutes: 60, queries: 100, readRows: 1_000_000, seconds: 600 } },
        users: {
            backend: { namespace: "tars", serviceAccount: "tars-backend", databases: ["analytics"], access: "own" },
            reader: {
                namespace: "team-reports",
                serviceAccount: "reader",
                databases: ["analytics", "reports"],
                profile: "slow",
                quota: "few",
            },
        },
    });

let graph: Graph;
let own: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws", { data: asked().data });
    own = inNamespace(graph, "clickhouse");
});
const servers = () => own.named("ClickHouseInstallation", "clickhouse");
const keepers = () => own.named("ClickHouseKeeperInstallation", "clickhouse");
const podOf = ({ inputs }: ReturnType<typeof servers>) => inputs.spec.templates.podTemplates[0].spec;
const chart = () => {
    const [found, ...others] = graph.of("Chart").filter(({ name }) => name === "clickhouse-operator");
    if (found === undefined || others.length > 0) throw new Error("not one chart of Altinity's operator");
    return found;
};

describe("ClickHouse in production", () => {
    test("has two copies of each shard and three Keepers, never two on a node, no two copies in a zone", () => {
        expect(servers().inputs.spec.configuration.clusters[0].layout).toEqual({ shardsCount: 2, replicasCount: 2 });
        expect(keepers().inputs.spec.configuration.clusters[0].layout).toEqual({ replicasCount: 3 });
        for (const [object, matchLabels] of [
            [servers(), { "clickhouse.altinity.com/chi": "clickhouse" }],
            [keepers(), { "clickhouse-keeper.altinity.com/chk": "clickhouse" }],
        ] as const) {
            const { affinity, topologySpreadConstraints, priorityClassName } = podOf(object);
            expect(affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
                { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } },
            ]);
            expect(topologySpreadConstraints).toEqual([
                expect.objectContaining({
                    topologyKey: "topology.kubernetes.io/zone",
                    whenUnsatisfiable: "DoNotSchedule",
                    labelSelector: { matchLabels },
                }),
            ]);
            expect(priorityClassName).toBe("tars-data");
        }
        const [spread] = podOf(servers()).topologySpreadConstraints;
        expect(spread.matchLabelKeys).toEqual(["clickhouse.altinity.com/shard"]);
    });

    test("keeps its volumes whatever goes, and is kept from going", () => {
        for (const object of [servers(), keepers()]) {
            const { defaults, templates } = object.inputs.spec;
            expect(defaults.storageManagement).toEqual({ provisioner: "StatefulSet", reclaimPolicy: "Retain" });
            for (const claim of templates.volumeClaimTemplates) expect(claim.reclaimPolicy).toBe("Retain");
            expect(object.options?.protect).toBe(true);
            expect(object.inputs.metadata.annotations).toMatchObject({
                "pulumi.com/waitFor": "jsonpath={.status.status}=Completed",
            });
        }
        const names = servers().inputs.spec.templates.volumeClaimTemplates.map(({ name }: { name: string }) => name);
        expect(names).toEqual(["data", "cold"]);
    });

    test("has no port that speaks in the clear, and no user without a password", () => {
        const { configuration } = servers().inputs.spec;
        expect(configuration.clusters[0]).toMatchObject({ secure: "yes", insecure: "no" });
        expect(configuration.settings).toMatchObject({
            http_port: "_removed_",
            tcp_port: "_removed_",
            mysql_port: "_removed_",
            postgresql_port: "_removed_",
            interserver_http_port: "_removed_",
            https_port: "8443",
            tcp_port_secure: "9440",
            interserver_https_port: "9009",
            "openSSL/server/disableProtocols": "sslv2,sslv3,tlsv1,tlsv1_1,tlsv1_2",
            "openSSL/client/verificationMode": "strict",
        });
        for (const user of ["default", "backend", "reader"]) {
            const reference = configuration.users[`${user}/password_sha256_hex`].valueFrom.secretKeyRef;
            expect(reference.name).toBe("clickhouse-passwords");
        }
        expect(configuration.clusters[0].secret.valueFrom.secretKeyRef.key).toBe("cluster");
    });

    test("asks Keepers by certificate alone, and they each other", () => {
        expect(keepers().inputs.spec.configuration.settings).toMatchObject({
            "keeper_server/tcp_port": "_removed_",
            "keeper_server/tcp_port_secure": "2181",
            "keeper_server/raft_configuration/secure": "true",
            "openSSL/server/verificationMode": "strict",
            "openSSL/server/dhParamsFile": "_removed_",
            "logger/log": "_removed_",
            "keeper_server/coordination_settings/latest_logs_cache_size_threshold": `${128 * 2 ** 20}`,
        });
        // What it is read by once lasts longer than any pod.
        expect(own.named("Certificate", "keeper-tls").inputs.spec.duration).toBe("43800h0m0s");
        expect(servers().inputs.spec.configuration.zookeeper.nodes).toEqual(
            [0, 1, 2].map((copy) => ({ host: `chk-clickhouse-main-0-${copy}`, port: 2181, secure: "yes" })),
        );
        const names = (certificate: string) => own.named("Certificate", certificate).inputs.spec.dnsNames;
        expect(names("keeper-tls")).toContain("chk-clickhouse-main-0-2");
        expect(names("clickhouse-tls")).toEqual(
            expect.arrayContaining(["clickhouse.clickhouse.svc", "chi-clickhouse-main-1-1"]),
        );
        expect(own.named("Certificate", "clickhouse-trust").inputs.spec.usages).toEqual(["code signing"]);
    });

    test("gives each user what it is named for, and its own login to read, and nothing else", () => {
        const { users, profiles, quotas } = servers().inputs.spec.configuration;
        expect(users).toMatchObject({
            "backend/profile": "standard",
            "backend/quota": "standard",
            "reader/profile": "slow",
            "reader/quota": "few",
            "reader/grants/query": [
                "GRANT SHOW, SELECT, dictGet ON analytics.*",
                "GRANT SHOW, SELECT, dictGet ON reports.*",
            ],
        });
        expect(users["backend/grants/query"]).toContain("GRANT CLUSTER, REMOTE ON *.*");
        expect(profiles).toMatchObject({
            "slow/max_memory_usage": `${2 * 2 ** 30}`,
            "slow/max_execution_time": "600",
            "slow/max_threads": "4",
            "slow/constraints/max_memory_usage/min": "1",
            "slow/constraints/max_memory_usage/max": `${2 * 2 ** 30}`,
            "slow/constraints/max_execution_time/max": "600",
            "slow/constraints/max_threads/max": "4",
        });
        expect(quotas).toMatchObject({ "few/interval/duration": "3600", "few/interval/queries": "100" });
        expect(own.named("Role", "consumer-reader").inputs.rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["user-reader", "clickhouse-trust"],
                verbs: ["get", "watch"],
            },
        ]);
        expect(own.named("RoleBinding", "consumer-reader").inputs.subjects).toEqual([
            { kind: "ServiceAccount", name: "reader", namespace: "team-reports" },
        ]);
        // What is in them no graph shows.
        for (const secret of ["user-backend", "user-reader", "clickhouse-passwords"]) {
            expect(own.named("Secret", secret).inputs.type).toBe("Opaque");
        }
    });

    test("is called by its users, its own and its operator, and by nobody else", () => {
        const consumers = own.named("NetworkPolicy", "consumers").inputs.spec;
        expect(consumers.podSelector.matchLabels).toEqual({ "clickhouse.altinity.com/chi": "clickhouse" });
        const callers = consumers.ingress.map(
            ({
                from: [peer],
            }: {
                from: readonly [{ podSelector: { matchLabels: Readonly<Record<string, string>> } }];
            }) => peer.podSelector.matchLabels["app.kubernetes.io/name"],
        );
        expect(callers).toEqual(["tars-backend", "reader", "clickhouse-backup"]);
        const way = inNamespace(graph, "tars").named("NetworkPolicy", "clickhouse-backend").inputs.spec;
        expect(way.egress[0].ports).toEqual([
            { protocol: "TCP", port: 8443 },
            { protocol: "TCP", port: 9440 },
        ]);
        const opened = own
            .of("NetworkPolicy")
            .flatMap(({ inputs }) => inputs.spec.ingress ?? [])
            .filter(({ from }: { from?: unknown[] }) => from === undefined || from.length === 0);
        expect(opened).toEqual([]);
    });

    test("is outside of the mesh in a namespace that is as restricted as any", () => {
        const { labels } = own.named("Namespace", "clickhouse").inputs.metadata;
        expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
        expect(Object.keys(labels).filter((label) => label.includes("istio"))).toEqual([]);
    });

    test("has each container bounded, as another user than root, without a token, on a file system that it cannot write", () => {
        for (const object of [servers(), keepers()]) {
            const { containers, ...pod } = podOf(object);
            expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
            expect(containers).toHaveLength(1);
            expect(containers[0].securityContext).toMatchObject({
                runAsNonRoot: true,
                runAsUser: 101,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
            expect(Object.keys(containers[0].resources.limits).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
        }
        const [{ resources }] = podOf(servers()).containers;
        expect(resources.limits).toEqual(resources.requests);
    });

    test("has its operator log in by a password of its own, and takes nothing of the chart's that anybody can read", () => {
        expect(chart().inputs).toMatchObject({ version: "0.25.6", namespace: "clickhouse", skipCrds: true });
        expect(chart().inputs.values).toMatchObject({
            crdHook: { enabled: false },
            secret: { create: false },
            metrics: { enabled: false },
            rbac: { create: true, namespaceScoped: true },
            configs: { files: { "config.yaml": { clickhouse: { access: { scheme: "https", port: 8443 } } } } },
        });
        // The chart's own would have this name.
        expect(own.named("Secret", "altinity-clickhouse-operator").inputs.type).toBe("Opaque");
    });

    test("names every image that its operator runs, so that the stack's lock can hold it to one content", () => {
        const images = imagesOf(graph.all).filter((image) => /clickhouse/.test(image));
        expect(images).toEqual([
            "docker.io/altinity/clickhouse-operator:0.25.6",
            "docker.io/clickhouse/clickhouse-keeper:25.8.20.4",
            "docker.io/clickhouse/clickhouse-server:25.8.20.4",
        ]);
    });

    test("says nothing that its operator's own definitions do not know", () => {
        const folder = "clickhouse-operator/CustomResourceDefinition-";
        const schemas = [
            [servers(), specSchema(`${folder}clickhouseinstallations.clickhouse.altinity.com`)],
            [keepers(), specSchema(`${folder}clickhousekeeperinstallations.clickhouse-keeper.altinity.com`)],
        ] as const;
        for (const [{ inputs, kind }, schema] of schemas) {
            expect(unknownTo(schema, inputs.spec, kind)).toEqual([]);
            const spoiled = { ...inputs.spec, defaults: { storageManagement: { reclaimPolicy: "Keep" } }, shards: 2 };
            expect(unknownTo(schema, spoiled, "spec")).toEqual([
                "spec.defaults.storageManagement.reclaimPolicy",
                "spec.shards",
            ]);
        }
    });

    test("comes after its Keepers, these after their operator, and that after its kinds and what bounds its pods", () => {
        expect(graph.waitsFor(servers(), keepers())).toBe(true);
        expect(graph.waitsFor(keepers(), chart())).toBe(true);
        expect(graph.waitsFor(keepers(), own.named("Certificate", "keeper-tls"))).toBe(true);
        const isOfServers = ({ name }: Graph["all"][number]) => !name.startsWith("clickhouse-backups-");
        const policies = own.of("NetworkPolicy").filter(isOfServers);
        for (const policy of policies) expect(graph.waitsFor(chart(), policy)).toBe(true);
    });

    test("has room in its namespace's quota for all of its pods and volumes", () => {
        const { hard } = own.named("ResourceQuota", "quota").inputs.spec;
        // Four servers with two volumes each, three Keepers, and the operator; the job that backs up, and two drills with as many volumes as a server.
        expect([hard.pods, hard.persistentvolumeclaims]).toEqual(["11", "15"]);
    });
});

test("what is old moves to the slow volume where there is one, and what servers write about themselves ends", () => {
    const { data } = parsed(asked()).settings;
    if (data.clickhouse.kind !== "cluster") throw new Error("no ClickHouse");
    expect(planSettings(data.clickhouse)).toMatchObject({
        "storage_configuration/disks/cold/path": "/var/lib/clickhouse-cold/",
        "storage_configuration/policies/tiered/volumes/default/disk": "default",
        "storage_configuration/policies/tiered/volumes/cold/disk": "cold",
        "merge_tree/storage_policy": "tiered",
        "query_log/engine": expect.stringContaining("INTERVAL 30 DAY"),
        "metric_log/ttl": "event_date + INTERVAL 30 DAY DELETE",
        text_log: "_removed_",
    });
    const without: ClickHouseServers = { ...data.clickhouse, coldStorage: undefined };
    const paths = Object.keys(planSettings(without));
    expect(paths.filter((path) => path.startsWith("storage_configuration"))).toEqual([]);
});

test("before production one server and one Keeper are enough", () => {
    const { data } = parsed(settingsWith("dev", "data.clickhouse", { kind: "cluster" })).settings;
    if (data.clickhouse.kind !== "cluster") throw new Error("no ClickHouse");
    expect(data.clickhouse).toMatchObject({ shards: 1, replicas: 1, keepers: 1, storage: "5Gi" });
    expect(clickHouseSizes(data.clickhouse).server.replicas).toEqual({ min: 1, max: 1 });
});

test("what ClickHouse is made of is counted where a stack has it, and only there", () => {
    const names = (raw: Raw) => systemLoads(parsed(raw).settings).pods.map(({ name }) => name);
    const all = ["clickhouse-operator", "clickhouse-keeper", "clickhouse-server"];
    expect(names(asked())).toEqual(expect.arrayContaining(all));
    const off = settingsWith("prod-aws", "data.clickhouse", { kind: "off" });
    expect(names(off).filter((name) => name.startsWith("clickhouse"))).toEqual([]);
});
