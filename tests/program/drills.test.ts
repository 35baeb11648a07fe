import { accessMatrix, isOpen } from "../../cli/src/access/matrix";
import { planProfiles, planUsers } from "../../components/data/clickhouse/users";
import { chromadbDrillSize, dataBackupLoads, drillLabel } from "../../components/foundation/dataBackups";
import { bytes, millicores } from "../../components/foundation/quantities";
import { drillLabel as policyLabel } from "../../policy/rules/data/backups";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace } from "./graph";
import { parsed, type Raw, settingsOf } from "./stack";

jest.setTimeout(600_000);

const settingsWith = (stack: string, changes: Raw = {}) =>
    parsed({ ...settingsOf(stack), ...changes }, `Pulumi.${stack}.yaml`).settings;

test("the label of a drill is the one that the policy pack asks for", () => {
    expect(drillLabel).toBe(policyLabel);
});

describe("a stack that says nothing", () => {
    test("of a cloud has both jobs, with what a day's work needs", () => {
        expect(settingsWith("prod-aws").serviceBackups.chromadb).toEqual({
            kind: "store",
            everyHours: 6,
            keepDays: 35,
            rpoHours: 12,
            rtoMinutes: 60,
            drillEveryDays: 1,
        });
        expect(settingsWith("prod-aws").serviceBackups.elasticsearch).toEqual({
            kind: "store",
            everyHours: 6,
            keepDays: 35,
            rpoHours: 12,
            rtoMinutes: 240,
            drillEveryDays: 7,
        });
        expect(settingsWith("prod-aws").serviceBackups.clickhouse).toEqual({
            kind: "store",
            everyHours: 24,
            keepDays: 35,
            rpoHours: 48,
            rtoMinutes: 240,
            drillEveryDays: 7,
            restores: false,
        });
        expect(settingsWith("prod-aws").serviceBackups.qdrant).toEqual({
            kind: "store",
            everyHours: 24,
            keepDays: 35,
            rpoHours: 48,
            rtoMinutes: 240,
            drillEveryDays: 7,
        });
    });

    test("of ClickHouse, or of a database in it, has none of ClickHouse's", () => {
        const { data, ...rest } = settingsOf("prod-aws");
        const without = (clickhouse: object) =>
            parsed({ ...rest, data: { ...(data as Raw), clickhouse } }).settings.serviceBackups.clickhouse;
        expect(without({ kind: "off" })).toEqual({ kind: "off", because: "there is no ClickHouse" });
        expect(without({ kind: "cluster" })).toMatchObject({ because: expect.stringMatching(/names no database/) });
    });

    test("of Elasticsearch, or of a stream in it, has no snapshots", () => {
        const { data, ...rest } = settingsOf("prod-aws");
        const without = (elasticsearch: object) =>
            parsed({ ...rest, data: { ...(data as Raw), elasticsearch } }).settings;
        expect(without({ kind: "off" }).serviceBackups.elasticsearch).toMatchObject({
            because: "there is no Elasticsearch",
        });
        const { serviceBackups, data: places } = without({ kind: "cluster", streams: {} });
        expect(serviceBackups.elasticsearch).toMatchObject({ because: expect.stringMatching(/names no stream/) });
        expect(places.elasticsearch).toMatchObject({ snapshots: undefined });
    });

    test("of a given cluster has none, and says why", () => {
        const { serviceBackups, sizes } = settingsWith("dev");
        const nowhere = { kind: "off", because: expect.stringMatching(/no store outside/) };
        expect(serviceBackups).toEqual({
            chromadb: nowhere,
            clickhouse: nowhere,
            elasticsearch: nowhere,
            qdrant: nowhere,
        });
        const { chromadb } = sizes;
        const services = { chromadb, clickhouse: chromadb, elasticsearch: chromadb, qdrant: chromadb };
        expect(dataBackupLoads(serviceBackups, services, "ambient")).toEqual([]);
    });
});

test.each([
    [false, ["GRANT SHOW, SELECT ON analytics.*"]],
    [
        true,
        [
            "GRANT SHOW, SELECT, INSERT, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, SYSTEM MERGES ON analytics.*",
            "GRANT REMOTE ON *.*",
        ],
    ],
])("who backs ClickHouse up may, with restores: %s, do no more than that takes", (restores, grants) => {
    const { data } = settingsWith("prod-aws", { serviceBackups: { clickhouse: { kind: "store", restores } } });
    if (data.clickhouse.kind === "off") throw new Error("production without ClickHouse");
    expect(planUsers(data.clickhouse)).toMatchObject({ "backup/grants/query": grants, "backup/profile": "backup" });
    expect(planProfiles(data.clickhouse)).toMatchObject({ "backup/max_execution_time": "86400" });
});

test("a drill has the room of the program and of a second ChromaDB", () => {
    const { sizes } = settingsWith("prod-aws");
    const size = chromadbDrillSize(sizes.chromadb, "ambient");
    expect(millicores(size.requests.cpu)).toBe(250 + millicores(sizes.chromadb.requests.cpu));
    expect(bytes(size.limits.memory)).toBe(bytes("512Mi") + bytes(sizes.chromadb.limits.memory));
    expect(size.storage).toBe(sizes.chromadb.storage);
});

describe("production on AWS", () => {
    let graph: Graph;
    let own: Graph;
    beforeAll(async () => {
        const chromadb = {
            kind: "store",
            everyHours: 12,
            rpoHours: 20,
            rtoMinutes: 45,
            drillEveryDays: 7,
            keepDays: 20,
        };
        const { data } = settingsOf("prod-aws");
        const { clickhouse } = data as { readonly clickhouse: object };
        const places = { ...(data as Raw), clickhouse: { ...clickhouse, shards: 2, coldStorage: "1Ti" } };
        graph = await anotherGraph("prod-aws", { serviceBackups: { chromadb }, data: places });
        own = inNamespace(graph, "data-backups");
    });
    const job = (name: string) => own.named("CronJob", name).inputs;
    const podOf = (name: string) => job(name).spec.jobTemplate.spec.template;
    const environmentOf = (name: string) =>
        Object.fromEntries(
            podOf(name).spec.containers[0].env.map(({ name: key, value }: Readonly<Record<string, string>>) => [
                key,
                value,
            ]),
        );

    test("backs up by the clock, one at a time, and tries the restore once a week before Sunday's morning", () => {
        expect(job("chromadb-backup").spec).toMatchObject({ schedule: "30 */12 * * *", concurrencyPolicy: "Forbid" });
        expect(job("chromadb-drill").spec).toMatchObject({ schedule: "30 4 * * 0", concurrencyPolicy: "Forbid" });
        expect(job("chromadb-drill").metadata.labels[drillLabel]).toBe("chromadb");
    });

    test("ends a drill at the time that a restore may take, and lets none pass with a backup that is too old", () => {
        expect(job("chromadb-drill").spec.jobTemplate.spec).toMatchObject({
            activeDeadlineSeconds: 2700,
            backoffLimit: 0,
        });
        expect(environmentOf("chromadb-drill")).toMatchObject({
            RPO_HOURS: "20",
            SCRATCH_URL: "http://127.0.0.1:8000",
        });
        expect(environmentOf("chromadb-backup")).toMatchObject({
            KEEP_DAYS: "20",
            SERVICE_URL: "http://chromadb.tars.svc.cluster.local:8000",
        });
    });

    test("gives the jobs no token and no right in the cluster, and each an account of its own", () => {
        for (const name of ["chromadb-backup", "chromadb-drill"]) {
            expect(podOf(name).spec).toMatchObject({ automountServiceAccountToken: false, restartPolicy: "Never" });
        }
        expect(
            own
                .of("ServiceAccount")
                .map(({ inputs }) => inputs.metadata.name)
                .sort(),
        ).toEqual(["chromadb-backup", "chromadb-drill", "postgres-drill"]);
        expect([...own.of("RoleBinding"), ...own.of("Role")]).toEqual([]);
        const bound = graph.of("ClusterRoleBinding").flatMap(({ inputs }) => inputs.subjects);
        expect(bound.filter((subject: Raw) => subject.namespace === "data-backups")).toEqual([]);
    });

    test("lets each job reach every folder that its pod is told of, and none that restores write there", () => {
        const jobs = graph.of("CronJob").flatMap(({ inputs }) => {
            const { serviceAccountName, containers } = inputs.spec.jobTemplate.spec.template.spec;
            const told: Readonly<Record<string, string>>[] = containers.flatMap(({ env }: Raw) => env ?? []);
            const folders = told.filter(({ name }) => /^(STORE|MANIFEST|SNAPSHOT)_FOLDER$/.test(name ?? ""));
            const isDrill = inputs.metadata.labels[drillLabel] !== undefined;
            return folders.map(({ name, value }) => ({ account: serviceAccountName, name, folder: value, isDrill }));
        });
        expect(jobs.length).toBeGreaterThan(10);
        for (const { account, name, folder, isDrill } of jobs) {
            const [policy] = graph.all.filter((one) => one.name === `${account}-policy`);
            const { Statement } = JSON.parse(`${policy?.inputs.policy}`);
            const may = (action: string) =>
                Statement.some(
                    ({ Action, Resource }: Raw) =>
                        [Action].flat().includes(action) &&
                        [Resource]
                            .flat()
                            .some((one) => `${folder}/`.startsWith(`${one}`.replace(/^.*?-backups\/|\*$/g, ""))),
                );
            const rights = { account, name, reads: may("s3:GetObject"), writes: may("s3:PutObject") };
            expect(rights).toEqual({ account, name, reads: true, writes: !isDrill });
        }
    });

    test("lets one write the folder of ChromaDB, and the other read it and nothing else", () => {
        const policyOf = (identity: string) =>
            JSON.parse(
                graph.all
                    .filter(({ name }) => name === `${identity}-policy`)
                    .map(({ inputs }) => `${inputs.policy}`)
                    .join(),
            );
        const actionsOn = (identity: string) =>
            policyOf(identity)
                .Statement.filter(({ Resource }: Raw) => `${Resource}`.includes("/chromadb/"))
                .flatMap(({ Action }: Raw) => Action);
        expect(actionsOn("chromadb-backup")).toContain("s3:PutObject");
        expect(actionsOn("chromadb-drill")).toEqual(["s3:GetObject"]);
        expect(JSON.stringify(policyOf("chromadb-drill"))).not.toMatch(/Put|Delete|GenerateDataKey/);
    });

    test("restores into a server of the drill's own, which nobody else reaches and whose volume goes with the pod", () => {
        const { initContainers, volumes } = podOf("chromadb-drill").spec;
        expect(initContainers).toEqual([
            expect.objectContaining({
                name: "scratch",
                restartPolicy: "Always",
                image: expect.stringContaining("ghcr.io/chroma-core/chroma:"),
                env: expect.arrayContaining([{ name: "CHROMA_LISTEN_ADDRESS", value: "127.0.0.1" }]),
            }),
        ]);
        const [claimed] = volumes.filter((volume: Raw) => volume.ephemeral !== undefined);
        const { resources, storageClassName } = claimed.ephemeral.volumeClaimTemplate.spec;
        expect(resources.requests.storage).toBe("100Gi");
        // In production volumes of every other class outlive their claims.
        expect(`${storageClassName}`).toMatch(/scratch/);
    });

    test("opens ChromaDB to the backup, and to the drill nothing", () => {
        const open = accessMatrix(graph.all).filter(isOpen);
        const from = (name: string) => open.filter((path) => path.from === `data-backups/${name}`).map(({ to }) => to);
        expect(from("chromadb-drill").filter((to) => to.startsWith("tars/"))).toEqual([]);
        expect(from("chromadb-backup").filter((to) => to.startsWith("tars/"))).toEqual(["tars/chromadb"]);
    });

    describe("for ClickHouse", () => {
        let jobs: Graph;
        beforeAll(() => {
            jobs = inNamespace(graph, "clickhouse");
        });
        const pod = (name: string) => jobs.named("CronJob", name).inputs.spec.jobTemplate.spec.template.spec;
        const variable = (name: string, key: string) =>
            pod(name).containers[0].env.find((each: Raw) => each.name === key)?.value;

        test("reads a server of each shard by the password of a user that may only read", () => {
            const host = (shard: number, copy: number) =>
                `https://chi-clickhouse-main-${shard}-${copy}.clickhouse.svc:8443`;
            const shards = [0, 1].map((shard) => [host(shard, 0), host(shard, 1)]);
            expect(JSON.parse(variable("clickhouse-backup", "SERVICE_SHARDS"))).toEqual(shards);
            expect(variable("clickhouse-backup", "SERVICE_DATABASES")).toBe("analytics");
            const [, login] = pod("clickhouse-backup").volumes;
            const names = login.projected.sources.map(({ secret }: Raw) => (secret as Raw).name);
            expect(names).toEqual(["user-backup", "clickhouse-trust"]);
            const { users } = jobs.named("ClickHouseInstallation", "clickhouse").inputs.spec.configuration;
            expect(users["backup/grants/query"]).toEqual(["GRANT SHOW, SELECT ON analytics.*"]);
        });

        test("restores into a server of the drill's own, which takes calls from its own pod alone", () => {
            const [server] = pod("clickhouse-drill").initContainers;
            expect(server).toMatchObject({
                image: expect.stringContaining("docker.io/clickhouse/clickhouse-server:25.8.20.4"),
                command: ["clickhouse-server", "--config-file=/etc/clickhouse-scratch/config.xml"],
            });
            const { data } = jobs.named("ConfigMap", "backup-scratch").inputs;
            expect(data["config.xml"]).toContain("<listen_host>127.0.0.1</listen_host>");
            expect(data["config.xml"]).toContain("<volumes><default><disk>default</disk></default><cold>");
            expect(data["config.xml"]).not.toMatch(/keeper|https_port|remote_servers/);
            const claimed = pod("clickhouse-drill").volumes.flatMap(({ ephemeral }: Raw) => ephemeral ?? []);
            const sizes = claimed.map((each: Raw) => JSON.stringify(each).match(/"storage":"(\w+)"/)?.[1]);
            expect(sizes).toEqual(["200Gi", "1Ti"]);
        });

        test("gives nobody a token or a right in the cluster, and no server a way to the store", () => {
            for (const name of ["clickhouse-backup", "clickhouse-drill"])
                expect(pod(name).automountServiceAccountToken).toBe(false);
            const open = accessMatrix(graph.all).filter(isOpen);
            const from = (name: string) =>
                open.filter((path) => path.from === `clickhouse/${name}`).map(({ to }) => to);
            expect(from("clickhouse-drill").filter((to) => to.startsWith("clickhouse/"))).toEqual([]);
            const out = jobs.of("NetworkPolicy").filter(({ inputs }) => JSON.stringify(inputs).includes('"0.0.0.0/0"'));
            const pods = out.map(({ inputs }) => inputs.spec.podSelector.matchLabels["app.kubernetes.io/name"]);
            expect(pods).toEqual(expect.arrayContaining(["clickhouse-backup", "clickhouse-drill"]));
            expect(pods).not.toContain(undefined);
        });

        test("has a drill that the servers stand for, and no reason to have none", () => {
            expect(jobs.named("CronJob", "clickhouse-drill").inputs.metadata.labels[drillLabel]).toBe("clickhouse");
            const { annotations } = jobs.named("ClickHouseInstallation", "clickhouse").inputs.metadata;
            expect(annotations["tars-platform/undrilled-because"]).toBeUndefined();
        });
    });

    describe("of Qdrant", () => {
        let jobs: Graph;
        beforeAll(() => {
            jobs = inNamespace(graph, "vector-store");
        });
        const pod = (name: string) => jobs.named("CronJob", name).inputs.spec.jobTemplate.spec.template.spec;
        const variable = (name: string, key: string) =>
            pod(name).containers[0].env.find((each: Raw) => each.name === key)?.value;

        test("asks each pod by its own name, believing who vouches for it, and writes to a folder that Qdrant may not", () => {
            const host = (pod: number) => `https://qdrant-${pod}.qdrant-headless:6333`;
            expect(variable("vectors-backup", "SERVICE_PODS")).toBe([0, 1, 2].map(host).join(","));
            expect(variable("vectors-backup", "STORE_FOLDER")).toBe("vectors");
            const [, login] = pod("vectors-backup").volumes;
            const names = login.projected.sources.map(({ secret }: Raw) => (secret as Raw).name);
            expect(names).toEqual(["qdrant-keys", "qdrant-tls"]);
        });

        test("restores into a server of the drill's own, which takes calls from its own pod alone", () => {
            const [server] = pod("vectors-drill").initContainers;
            expect(server.image).toMatch(/docker\.io\/qdrant\/qdrant:v1\.19\.0-unprivileged/);
            const env = Object.fromEntries(server.env.map(({ name, value }: Raw) => [name, value]));
            expect(env).toMatchObject({
                QDRANT__SERVICE__HOST: "127.0.0.1",
                QDRANT__STORAGE__TEMP_PATH: "/qdrant/storage/temp",
            });
            expect(variable("vectors-drill", "SCRATCH_URL")).toBe("http://127.0.0.1:6333");
            const claimed = pod("vectors-drill").volumes.flatMap(({ ephemeral }: Raw) => ephemeral ?? []);
            expect(JSON.stringify(claimed)).toContain('"storage":"200Gi"');
            expect(jobs.named("CronJob", "vectors-drill").inputs.metadata.labels[drillLabel]).toBe("qdrant");
        });

        test("lets the job that backs it up call Qdrant at one port, and the drill nobody in the cluster", () => {
            for (const name of ["vectors-backup", "vectors-drill"])
                expect(pod(name).automountServiceAccountToken).toBe(false);
            const open = accessMatrix(graph.all).filter(isOpen);
            const from = (name: string) =>
                open.filter((path) => path.from === `vector-store/${name}`).map(({ to }) => to);
            expect(from("vectors-backup")).toContain("vector-store/qdrant");
            expect(from("vectors-drill").filter((to) => to.startsWith("vector-store/"))).toEqual([]);
            const { rules } = jobs.named("AuthorizationPolicy", "qdrant").inputs.spec;
            expect(rules.at(-1)).toEqual({
                from: [{ source: { principals: ["cluster.local/ns/vector-store/sa/vectors-backup"] } }],
                to: [{ operation: { ports: ["6333"] } }],
            });
        });
    });

    test("says of what it does not try why", () => {
        const reason = (kind: string, name: string) =>
            graph.named(kind, name).inputs.metadata.annotations?.["tars-platform/undrilled-because"];
        expect(reason("StatefulSet", "chromadb")).toBeUndefined();
        expect(reason("Cluster", "postgres")).toBeUndefined();
        expect(reason("StatefulSet", "qdrant")).toBeUndefined();
        for (const [kind, name] of [
            ["StatefulSet", "ollama"],
            ["Kafka", "kafka"],
        ] as const) {
            expect(reason(kind, name)).toMatch(/\w+ \w+/);
        }
    });
});
