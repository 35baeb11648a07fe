import { output } from "@pulumi/pulumi";
import { accessMatrix, isOpen } from "../../cli/src/access/matrix";
import { planStore } from "../../components/data/postgresBackup";
import { drillLabel } from "../../components/foundation/dataBackups";
import { databaseSize } from "../../components/settings/databaseCluster";
import { systemLoads } from "../../components/settings/systemLoads";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, type Raw, settingsOf } from "./stack";

jest.setTimeout(600_000);

let graph: Graph;
let tars: Graph;
let operators: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    tars = inNamespace(graph, "tars");
    operators = inNamespace(graph, "cnpg-system");
});
const cluster = () => tars.named("Cluster", "postgres");
const chart = (name: string) => {
    const found = graph.of("Chart").filter(({ inputs }) => inputs.chart === name);
    if (found[0] === undefined || found.length > 1) throw new Error(`not one chart ${name}`);
    return found[0];
};

const callersOf = (name: string) =>
    accessMatrix(graph.all)
        .filter(({ to }) => to === name)
        .filter(isOpen)
        .map(({ from, port }) => `${from}:${port}`)
        .sort();

describe("production on AWS, whose database an operator runs", () => {
    test("has three instances, each on a node of its own, spread over zones, with volumes for data and log", () => {
        const { spec } = cluster().inputs;
        expect(spec).toMatchObject({
            instances: 3,
            imageName: expect.stringMatching(
                /^ghcr\.io\/cloudnative-pg\/postgresql:18\.6-\d+-standard-trixie@sha256:[0-9a-f]{64}$/,
            ),
            storage: { size: "100Gi" },
            walStorage: { size: "20Gi" },
            enablePDB: true,
            enableSuperuserAccess: false,
            priorityClassName: "tars-data",
            seccompProfile: { type: "RuntimeDefault" },
        });
        expect(spec.affinity).toMatchObject({ podAntiAffinityType: "required", topologyKey: "kubernetes.io/hostname" });
        expect(spec.topologySpreadConstraints).toEqual([
            expect.objectContaining({ topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" }),
        ]);
        expect(spec.storage.storageClass).toEqual(spec.walStorage.storageClass);
    });

    test("gives each instance exactly what it requests", () => {
        const { resources } = cluster().inputs.spec;
        expect(resources.requests).toMatchObject({ cpu: "2", memory: "8Gi" });
        expect(resources.limits).toEqual(resources.requests);
    });

    test("counts what is written once a second instance has it, and lets nobody in without TLS and a password", () => {
        const { postgresql } = cluster().inputs.spec;
        expect(postgresql.synchronous).toEqual({
            method: "any",
            number: 1,
            dataDurability: "required",
            failoverQuorum: true,
        });
        expect(postgresql.pg_hba).toEqual([
            "hostnossl all all all reject",
            "hostssl tars_analytics tars_user all scram-sha-256",
            "hostssl all tars_manifest all scram-sha-256",
            "hostssl team_app team_app all scram-sha-256",
            "hostssl all all all reject",
        ]);
        expect(postgresql.parameters).toMatchObject({
            ssl_min_protocol_version: "TLSv1.3",
            "pgaudit.log": "ddl,role,write",
        });
    });

    test("says how long what is deleted stays, and is kept from being deleted itself", () => {
        expect(cluster().inputs.metadata.annotations).toMatchObject({
            "pulumi.com/waitFor": "condition=Ready",
            "tars-platform/retention-days": "30",
        });
        expect(cluster().inputs.metadata.labels).toMatchObject({ "data-class": "confidential" });
        expect(cluster().options?.protect).toBe(true);
    });

    test("makes the database of the guide, with the generated password where readers of the outputs look for it", () => {
        expect(cluster().inputs.spec.bootstrap.initdb).toMatchObject({
            database: "tars_analytics",
            owner: "tars_user",
            secret: { name: "postgres-password" },
        });
        const secret = tars.named("Secret", "postgres-password");
        expect(secret.urn).toMatch(/tars:data:Postgres\$kubernetes:core\/v1:Secret::postgres-password$/);
        expect(secret.inputs.type).toBe("kubernetes.io/basic-auth");
        expect(secret.inputs.metadata.labels).toHaveProperty(["cnpg.io/reload"], "true");
        expect(tars.of("StatefulSet").map(({ inputs }) => inputs.metadata.name)).not.toContain("postgres");
    });

    test("archives its log and a backup of every day in a folder of the store, under an identity and no key", () => {
        const store = tars.named("ObjectStore", "postgres-backups");
        const [plugin] = cluster().inputs.spec.plugins;
        expect(plugin).toEqual({
            name: "barman-cloud.cloudnative-pg.io",
            isWALArchiver: true,
            parameters: { barmanObjectName: "postgres-backups", serverName: "postgres-18" },
        });
        expect(store.inputs.spec.retentionPolicy).toBe("30d");
        expect(store.inputs.spec.configuration.destinationPath).toMatch(/^s3:\/\/.*backups.*\/postgres$/);
        // Named for the plugin's sake, which would else let instances read every Secret beside them.
        expect(store.inputs.spec.configuration.s3Credentials).toEqual({
            inheritFromIAMRole: true,
            region: { name: "postgres-password", key: "region" },
        });
        expect(graph.waitsFor(store, tars.named("Secret", "postgres-password"))).toBe(true);
        expect(store.inputs.spec.instanceSidecarConfiguration.resources.requests).toMatchObject({ cpu: "250m" });
        const schedule = tars.named("ScheduledBackup", "postgres-18-daily").inputs.spec;
        expect(schedule).toMatchObject({ immediate: true, backupOwnerReference: "self", method: "plugin" });
        expect(schedule.schedule.split(" ")).toHaveLength(6);
        expect(graph.waitsFor(cluster(), store)).toBe(true);
        expect(graph.waitsFor(store, chart("plugin-barman-cloud"))).toBe(true);
        expect(graph.waitsFor(tars.named("ScheduledBackup", "postgres-18-daily"), cluster())).toBe(true);
    });

    test("has its operator and the plugin from their pinned charts, which wait for what stands around them", () => {
        expect(chart("cloudnative-pg").inputs).toMatchObject({ version: "0.29.0", skipCrds: true });
        expect(chart("cloudnative-pg").inputs.values).toMatchObject({
            replicaCount: 2,
            crds: { create: false },
            config: { data: { WATCH_NAMESPACE: "tars" } },
            podAnnotations: { "ambient.istio.io/bypass-inbound-capture": "true" },
            rbac: { aggregateClusterRoles: false },
        });
        expect(chart("plugin-barman-cloud").inputs).toMatchObject({ version: "0.7.0", namespace: "cnpg-system" });
        for (const policy of operators.of("NetworkPolicy").filter(({ name }) => !name.includes("tars"))) {
            if (["default-deny", "allow-dns", "allow-mesh"].includes(policy.inputs.metadata.name)) continue;
            expect(graph.waitsFor(chart("cloudnative-pg"), policy)).toBe(true);
        }
        expect(graph.waitsFor(cluster(), chart("cloudnative-pg"))).toBe(true);
        expect(operators.named("PodDisruptionBudget", "cloudnative-pg").inputs.spec.maxUnavailable).toBe(1);
        expect(operators.named("Namespace", "cnpg-system").inputs.metadata.labels).toMatchObject({
            "istio.io/dataplane-mode": "ambient",
            "pod-security.kubernetes.io/enforce": "restricted",
        });
    });

    test("lets the plugin read one Secret, the one that it lets instances read, and no other anywhere", () => {
        const rules = [...graph.of("ClusterRole"), ...graph.of("Role")]
            .filter(({ inputs }) => inputs.metadata.name === "plugin-barman-cloud")
            .flatMap(({ inputs }) => inputs.rules)
            .filter(({ resources }) => resources.includes("secrets"));
        expect(rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["postgres-password"],
                verbs: ["get", "list", "watch"],
            },
        ]);
        expect(chart("plugin-barman-cloud").inputs.values).toMatchObject({
            rbac: { create: false },
            certificate: { createClientCertificate: false, createServerCertificate: false },
        });
        for (const side of ["server", "client"]) {
            expect(operators.named("Certificate", `barman-cloud-${side}`).inputs.spec).toMatchObject({
                secretName: `barman-cloud-${side}-tls`,
                issuerRef: { kind: "Issuer", name: "webhook" },
            });
        }
    });

    test("lets its operator, its own instances and the pooler in, and nobody else, in the network and in the mesh", () => {
        expect(callersOf("tars/postgres")).toEqual([
            "cnpg-system/cloudnative-pg:5432",
            "cnpg-system/cloudnative-pg:8000",
            "tars/postgres-logins:5432",
            "tars/postgres-manifest:5432",
            "tars/postgres-pooler:5432",
            "tars/postgres:5432",
            "tars/postgres:8000",
        ]);
        expect(callersOf("tars/postgres-pooler")).toEqual(["tars/tars-backend:5432", "team-app/api-watcher:5432"]);
        const rules = tars
            .of("AuthorizationPolicy")
            .filter(({ inputs }) => inputs.spec.selector?.matchLabels?.["cnpg.io/cluster"] === "postgres");
        expect(rules).toHaveLength(1);
    });

    test("has two poolers before the instance that writes, which take TLS alone and show its certificate by their own name", () => {
        const { spec } = tars.named("Pooler", "postgres-pooler").inputs;
        expect(spec).toMatchObject({ cluster: { name: "postgres" }, type: "rw", instances: 2 });
        expect(spec.pgbouncer).toMatchObject({
            poolMode: "session",
            image: "ghcr.io/cloudnative-pg/pgbouncer:1.25.1",
            parameters: { client_tls_sslmode: "require", max_client_conn: "1000", default_pool_size: "16" },
        });
        for (const { resources } of [...spec.template.spec.containers, ...spec.template.spec.initContainers]) {
            expect(resources.limits).toMatchObject({ cpu: "1", memory: "128Mi" });
        }
        const { certificates } = cluster().inputs.spec;
        expect(certificates.serverAltDNSNames).toEqual(
            ["", ".tars", ".tars.svc", ".tars.svc.cluster.local"].map((rest) => `postgres-pooler${rest}`),
        );
        expect(tars.named("PodDisruptionBudget", "postgres-pooler").inputs.spec.maxUnavailable).toBe(1);
        expect(graph.waitsFor(tars.named("Deployment", "tars-backend"), tars.named("Pooler", "postgres-pooler"))).toBe(
            true,
        );
    });

    test("lets the pooler out to the API server and to the instances, and nowhere else", () => {
        const own = tars
            .of("NetworkPolicy")
            .filter(({ inputs }) => inputs.spec.podSelector.matchLabels?.["cnpg.io/poolerName"] === "postgres-pooler");
        expect(own.map(({ inputs }) => inputs.metadata.name).sort()).toEqual([
            "postgres-pooler",
            "postgres-pooler-api-server",
        ]);
        const { egress } = tars.named("NetworkPolicy", "postgres-pooler").inputs.spec;
        expect(egress).toEqual([
            expect.objectContaining({
                to: [
                    {
                        podSelector: {
                            matchLabels: expect.objectContaining({ "app.kubernetes.io/component": "database" }),
                        },
                    },
                ],
            }),
        ]);
    });

    test("lets its instances out to the API server and to the store, and nowhere else", () => {
        const { egress } = tars.named("NetworkPolicy", "postgres-store").inputs.spec;
        const reached = egress.flatMap(({ to }: { to: { ipBlock: { cidr: string } }[] }) =>
            to.map(({ ipBlock }) => ipBlock.cidr),
        );
        expect(reached).toEqual(["169.254.170.23/32", "0.0.0.0/0"]);
        const own = tars
            .of("NetworkPolicy")
            .filter(({ inputs }) => inputs.spec.podSelector.matchLabels?.["cnpg.io/cluster"] === "postgres");
        expect(own.map(({ inputs }) => inputs.metadata.name).sort()).toEqual([
            "postgres",
            "postgres-api-server",
            "postgres-store",
        ]);
    });

    test("tells the backend its name and who vouches for it, and shows it no key", () => {
        expect(tars.named("ConfigMap", "tars-config").inputs.data).toMatchObject({
            POSTGRES_HOST: "postgres-pooler",
            POSTGRES_PORT: "5432",
            PGSSLMODE: "verify-full",
            PGSSLROOTCERT: "/etc/postgres-authorities/ca.crt",
        });
        const pod = tars.named("Deployment", "tars-backend").inputs.spec.template.spec;
        expect(pod.volumes).toContainEqual({
            name: "etc-postgres-authorities",
            secret: { secretName: "postgres-ca", items: [{ key: "ca.crt", path: "ca.crt" }], defaultMode: 0o440 },
        });
        expect(graph.waitsFor(tars.named("Deployment", "tars-backend"), cluster())).toBe(true);
        expect(tars.named("DestinationRule", "postgres").inputs.spec.host).toBe(
            "postgres-pooler.tars.svc.cluster.local",
        );
    });

    test("writes in a folder of its own, as whoever backs the cluster up does in another", () => {
        const written = (identity: string): readonly string[] => {
            const policy = graph.all.find(({ name }) => name === `${identity}-policy`)?.inputs.policy;
            const statements: { Action: string[]; Resource: string[] }[] = JSON.parse(`${policy}`).Statement;
            return statements.flatMap(({ Action, Resource }) => (Action.includes("s3:PutObject") ? Resource : []));
        };
        const bucket = "arn:aws:s3:::tars-production-123456789012-eu-central-1-backups";
        expect(written("postgres")).toEqual([`${bucket}/postgres/*`]);
        expect(written("backup")).toEqual([`${bucket}/velero/*`]);
        const { objectStorage } = graph.of("BackupStorageLocation")[0]?.inputs.spec ?? {};
        expect(objectStorage.prefix).toBe("velero");
    });

    test("is who it is by an identity of its own, which its pods are given before they start", () => {
        const account = tars.named("ServiceAccount", "postgres");
        expect(account.inputs.metadata.annotations).toHaveProperty("tars-platform/identity");
        expect(cluster().inputs.spec.serviceAccountName).toBe("postgres");
        expect(graph.waitsFor(cluster(), account)).toBe(true);
    });

    test("has room in the namespace's quota for every instance, its archiver and both volumes", () => {
        const { sizes, data } = parsed(settingsOf("prod-aws")).settings;
        expect(sizes.postgres).toMatchObject({ replicas: { min: 3, max: 3 }, surge: 0, walStorage: "20Gi" });
        expect(sizes.postgres.sidecar?.requests).toEqual({ cpu: "250m", memory: "512Mi" });
        expect(databaseSize(sizes.postgres, { ...data, postgres: { kind: "inCluster", users: {} } })).toBe(
            sizes.postgres,
        );
        const { hard } = tars.named("ResourceQuota", "quota").inputs.spec;
        expect(hard.persistentvolumeclaims).toBe(`${3 * 2 + 2}`);
    });
});

describe("the drill of its restore", () => {
    const jobOf = (name: string) =>
        inNamespace(graph, name === "postgres-drill" ? "data-backups" : "tars").named("CronJob", name).inputs;
    const podOf = (name: string) => jobOf(name).spec.jobTemplate.spec.template.spec;
    const environmentOf = ({ env }: Raw) =>
        Object.fromEntries((env as readonly Raw[]).map(({ name, value }) => [name, value]));

    test("is two jobs by the clock, without a token, and promises what the stack says", () => {
        for (const name of ["postgres-manifest", "postgres-drill"]) {
            expect(podOf(name)).toMatchObject({ automountServiceAccountToken: false, restartPolicy: "Never" });
            expect(jobOf(name).metadata.annotations).toMatchObject({
                "tars-platform/rpo-minutes": "15",
                "tars-platform/rto-minutes": "120",
            });
        }
        expect(jobOf("postgres-manifest").spec.schedule).toBe("30 2 * * *");
        expect(jobOf("postgres-drill").spec).toMatchObject({ schedule: "30 4 * * *", concurrencyPolicy: "Forbid" });
        expect(jobOf("postgres-drill").metadata.labels[drillLabel]).toBe("postgres");
        expect(jobOf("postgres-drill").spec.jobTemplate.spec.backoffLimit).toBe(0);
    });

    test("restores into a server of its own, of the instances' image, on a volume that goes with the pod", () => {
        const { initContainers, containers, volumes } = podOf("postgres-drill");
        const [fetching, server] = initContainers;
        expect(server).toMatchObject({
            name: "scratch",
            restartPolicy: "Always",
            image: cluster().inputs.spec.imageName,
        });
        expect(server.command[0]).toBe("/usr/lib/postgresql/18/bin/postgres");
        expect(environmentOf(fetching)).toMatchObject({
            STORE_FOLDER: "postgres",
            SERVER_NAME: "postgres-18",
            RPO_MINUTES: "15",
            AWS_DEFAULT_REGION: "eu-central-1",
        });
        expect(environmentOf(containers[0])).toMatchObject({ RTO_MINUTES: "120", SCRATCH: "/scratch" });
        const [{ ephemeral }] = volumes.filter((volume: Raw) => volume.ephemeral !== undefined);
        expect(ephemeral.volumeClaimTemplate.spec.resources.requests.storage).toBe("120Gi");
        expect(`${ephemeral.volumeClaimTemplate.spec.storageClassName}`).toMatch(/scratch/);
    });

    test("knows what to compare with from who may read and lock tables, and calls the instance that writes", () => {
        expect(cluster().inputs.spec.managed.roles).toEqual([
            expect.objectContaining({
                name: "tars_manifest",
                inRoles: ["pg_read_all_data", "pg_maintain"],
                passwordSecret: { name: "postgres-user-tars-manifest" },
            }),
            expect.objectContaining({ name: "team_app", login: true }),
        ]);
        const secret = tars.named("Secret", "postgres-user-tars-manifest");
        expect(secret.inputs.type).toBe("kubernetes.io/basic-auth");
        expect(graph.waitsFor(cluster(), secret)).toBe(true);
        const [recording] = podOf("postgres-manifest").containers;
        expect(environmentOf(recording)).toMatchObject({
            PGHOST: "postgres-rw",
            PGSSLMODE: "verify-full",
            PGUSER: "tars_manifest",
            STORE_FOLDER: "postgres-manifest/postgres-18",
        });
        expect(JSON.stringify(environmentOf(recording))).not.toMatch(/PGPASSWORD/);
    });

    test("has a way to the database for the manifest alone, and may read the store and nothing else", () => {
        const open = accessMatrix(graph.all).filter(isOpen);
        const from = (name: string) => open.filter((path) => path.from === name).map(({ to }) => to);
        expect(from("tars/postgres-manifest").filter((to) => to.startsWith("tars/"))).toEqual(["tars/postgres"]);
        expect(from("data-backups/postgres-drill").filter((to) => to.startsWith("tars/"))).toEqual([]);
        const policyOf = (identity: string) =>
            graph.all.filter(({ name }) => name === `${identity}-policy`).map(({ inputs }) => `${inputs.policy}`);
        expect(policyOf("postgres-drill").join()).toMatch(/"s3:GetObject".*\/postgres\/\*/);
        expect(policyOf("postgres-drill").join()).not.toMatch(/Put|Delete|GenerateDataKey/);
        expect(policyOf("postgres-drill").join()).toMatch(/"s3:GetObject".*\/postgres-manifest\/\*/);
        expect(policyOf("postgres-manifest").join()).toMatch(/"s3:PutObject".*\/postgres-manifest\/\*/);
        expect(policyOf("postgres-manifest").join()).not.toMatch(/\/postgres\/\*/);
    });

    test("takes what its programs import, and no program of other services", () => {
        const scripts = tars.named("ConfigMap", "postgres-manifest-scripts").inputs.data;
        expect(Object.keys(scripts).sort()).toEqual([
            ...["backups.py", "bases.py", "blob.py", "compare.py", "fetch.py", "log.py", "record.py", "report.py"],
            ...["s3.py", "stores.py", "tables.py", "web.py"],
        ]);
    });
});

test("begins with the backups that its stack file names, as they were at a moment, and archives elsewhere", async () => {
    const recover = { archive: "postgres-18", time: "2026-11-20T08:00:00Z" };
    const data = { postgres: { kind: "cluster", archive: "postgres-18-2", recover } };
    const { spec } = inNamespace(await anotherGraph("prod-aws", { data }), "tars").named("Cluster", "postgres").inputs;
    expect(spec.bootstrap).toEqual({
        recovery: {
            source: "origin",
            database: "tars_analytics",
            owner: "tars_user",
            secret: { name: "postgres-password" },
            recoveryTarget: { targetTime: "2026-11-20T08:00:00Z" },
        },
    });
    const inStore = (serverName: string) => ({ barmanObjectName: "postgres-backups", serverName });
    const name = "barman-cloud.cloudnative-pg.io";
    expect(spec.externalClusters).toEqual([{ name: "origin", plugin: { name, parameters: inStore("postgres-18") } }]);
    expect(spec.plugins).toEqual([{ name, isWALArchiver: true, parameters: inStore("postgres-18-2") }]);
});

test("without a pooler callers have the instance that writes to themselves", async () => {
    const direct = inNamespace(await anotherGraph("prod-aws", { data: { postgres: { kind: "cluster" } } }), "tars");
    expect(direct.of("Pooler")).toEqual([]);
    expect(direct.named("ConfigMap", "tars-config").inputs.data.POSTGRES_HOST).toBe("postgres-rw");
    const { ingress } = direct.named("NetworkPolicy", "postgres").inputs.spec;
    expect(JSON.stringify(ingress)).toContain('"app.kubernetes.io/name":"tars-backend"');
});

test("of one instance nothing waits for another, and no budget keeps it on its node", async () => {
    const data = { postgres: { kind: "cluster", instances: 1 } };
    const { spec } = inNamespace(await anotherGraph("prod-aws", { data }), "tars").named("Cluster", "postgres").inputs;
    expect(spec.postgresql.synchronous).toBeUndefined();
    expect(spec.enablePDB).toBe(false);
});

test("what runs databases is counted where a stack has one of them, and only there", () => {
    const names = (stack: string) => systemLoads(parsed(settingsOf(stack)).settings).pods.map(({ name }) => name);
    expect(names("prod-aws")).toEqual(expect.arrayContaining(["postgres-operator", "postgres-plugin"]));
    expect(names("dev")).not.toEqual(expect.arrayContaining(["postgres-operator"]));
});

test("a store is written to by its own address, in a folder of the database, as the cloud lets its pods log in", async () => {
    const config = { storageAccount: "account" };
    const login = { azureCredentials: { useDefaultAzureCredentials: true } };
    const url = output("https://account.blob.core.windows.net/backups");
    const plan = planStore(
        { provider: "azure", bucket: output("backups"), url, login, s3: undefined, config, reach: [] },
        14,
    );
    const path = await new Promise((resolve) => plan.configuration.destinationPath.apply(resolve));
    expect(path).toBe("https://account.blob.core.windows.net/backups/postgres");
    expect(plan.configuration).toMatchObject(login);
    expect(plan.retentionPolicy).toBe("14d");
});
