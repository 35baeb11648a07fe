import * as child from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { imagesOf } from "../../cli/src/images/lock";
import { planDocuments, planPolicy, setupScript } from "../../components/data/elastic/lifecycle";
import { planLogins, planRoles } from "../../components/data/elastic/roles";
import type { ElasticsearchCluster } from "../../components/foundation/elasticNames";
import { systemLoads } from "../../components/settings/systemLoads";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, type Raw, settingsWith } from "./stack";

jest.setTimeout(600_000);

/** Production on AWS with cold nodes, and a user of each kind. */
const asked = () =>
    settingsWith("prod-aws", "data.elasticsearch", {
        kind: "cluster",
        nodes: { kind: "dedicated", cold: { count: 2 } },
        users: {
            backend: { namespace: "tars", serviceAccount: "tars-backend", writes: ["app-logs"] },
            reports: { namespace: "team-reports", serviceAccount: "reader", reads: ["app-logs", "system-logs"] },
        },
    });

let graph: Graph;
let own: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws", { data: asked().data });
    own = inNamespace(graph, "elasticsearch");
});
const cluster = () => own.named("Elasticsearch", "elasticsearch");
const group = (name: string) => {
    const found = cluster().inputs.spec.nodeSets.find((each: { readonly name: string }) => each.name === name);
    if (found === undefined) throw new Error(`no group ${name}`);
    return found;
};
const chart = () => {
    const [found, ...others] = graph.of("Chart").filter(({ name }) => name === "elastic-operator");
    if (found === undefined || others.length > 0) throw new Error("not one chart of ECK");
    return found;
};

const namesOf = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name);

function placeOf(raw: Raw): ElasticsearchCluster {
    const { elasticsearch } = parsed(raw).settings.data;
    if (elasticsearch.kind === "off") throw new Error("no Elasticsearch");
    return elasticsearch;
}

describe("Elasticsearch in production", () => {
    test("has groups of nodes that do one thing each, never two of a group on a node, spread over zones", () => {
        const groups = cluster().inputs.spec.nodeSets.map(
            ({ name, count, config }: { name: string; count: number; config: Record<string, string[]> }) =>
                `${name} ${count}: ${config["node.roles"]?.join(" ")}`,
        );
        expect(groups).toEqual([
            "master 3: master",
            "hot 3: data_content data_hot",
            "warm 2: data_warm",
            "cold 2: data_cold",
            "ingest 2: ingest",
            "coordinating 2: ",
        ]);
        for (const { name, zoneAwareness, podTemplate } of cluster().inputs.spec.nodeSets) {
            expect(zoneAwareness).toEqual({ topologyKey: "topology.kubernetes.io/zone" });
            const { podAntiAffinity } = podTemplate.spec.affinity;
            expect(podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
                {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: {
                        matchLabels: { "elasticsearch.k8s.elastic.co/statefulset-name": `elasticsearch-es-${name}` },
                    },
                },
            ]);
            expect(podTemplate.spec.priorityClassName).toBe("tars-data");
        }
    });

    test("keeps its volumes when it goes, and is kept from going", () => {
        expect(cluster().inputs.spec.volumeClaimDeletePolicy).toBe("DeleteOnScaledownOnly");
        expect(cluster().options?.protect).toBe(true);
        expect(cluster().inputs.metadata.annotations).toMatchObject({
            "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready",
            "tars-platform/retention-days": "90",
        });
        for (const name of ["master", "hot", "warm", "cold"]) {
            const [claim, ...others] = group(name).volumeClaimTemplates;
            expect(others).toEqual([]);
            expect(claim.metadata.name).toBe("elasticsearch-data");
            expect(namesOf(group(name).podTemplate.spec.volumes)).not.toContain("elasticsearch-data");
        }
        for (const name of ["ingest", "coordinating"]) {
            expect(group(name).volumeClaimTemplates).toBeUndefined();
            expect(namesOf(group(name).podTemplate.spec.volumes)).toContain("elasticsearch-data");
        }
    });

    test("takes TLS 1.3 alone, reads no file through its node's memory, and fetches nothing", () => {
        for (const { config } of cluster().inputs.spec.nodeSets) {
            expect(config).toMatchObject({
                "node.store.allow_mmap": false,
                "xpack.security.http.ssl.supported_protocols": ["TLSv1.3"],
                "xpack.security.transport.ssl.supported_protocols": ["TLSv1.3"],
                "xpack.security.audit.enabled": true,
                "ingest.geoip.downloader.enabled": false,
            });
        }
        expect(cluster().inputs.spec.http).not.toHaveProperty("tls");
    });

    test("has each container bounded, as another user than root, on a file system that it cannot write", () => {
        const [{ resources, securityContext }] = group("hot").podTemplate.spec.containers;
        expect(securityContext).toMatchObject({
            runAsNonRoot: true,
            runAsUser: 1000,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        expect(resources.limits).toEqual(resources.requests);
        expect(resources.limits).toEqual({ cpu: "1", memory: "4Gi", "ephemeral-storage": "512Mi" });
        for (const { podTemplate } of cluster().inputs.spec.nodeSets) {
            const scratch = podTemplate.spec.volumes.filter(({ name }: { name: string }) => name !== "store-token");
            for (const { emptyDir } of scratch) expect(emptyDir).toEqual({ sizeLimit: "512Mi" });
        }
        const [setup] = own.of("Job");
        expect(setup?.inputs.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
    });

    test("leads callers to nodes that do nothing else, and lets nobody else call", () => {
        const asks = { "elasticsearch.k8s.elastic.co/statefulset-name": "elasticsearch-es-coordinating" };
        expect(cluster().inputs.spec.http.service.spec.selector).toMatchObject(asks);
        const { podSelector, ingress } = own.named("NetworkPolicy", "consumers").inputs.spec;
        expect(podSelector.matchLabels).toMatchObject(asks);
        expect(ingress).toHaveLength(1);
        expect(ingress[0].ports).toEqual([{ protocol: "TCP", port: 9200 }]);
        // What puts streams in order, and what has snapshots taken.
        expect(ingress[0].from.slice(2)).toEqual(
            [
                ["tars", "tars-backend"],
                ["team-reports", "reader"],
            ].map(([namespace, name]) => ({
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
            })),
        );
        const way = inNamespace(graph, "tars").named("NetworkPolicy", "elasticsearch-backend").inputs.spec;
        expect(way.podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "tars-backend" });
        expect(way.egress[0].to[0].podSelector.matchLabels).toMatchObject(asks);
        const opened = own
            .of("NetworkPolicy")
            .flatMap(({ inputs }) => inputs.spec.ingress ?? [])
            .filter(({ from }: { from?: unknown[] }) => from === undefined || from.length === 0);
        expect(opened).toEqual([]);
    });

    test("lets who writes the policies manage every stream, for Elasticsearch rolls and deletes with its rights", () => {
        const { indices } = planRoles(placeOf(asked()))["tars-platform"] ?? {};
        expect(indices).toEqual([
            { names: ["system-logs", "system-logs-*", "app-logs", "app-logs-*"], privileges: ["manage"] },
        ]);
    });

    test("calls no role as Elasticsearch calls one of its own", () => {
        for (const { username, roles } of planLogins(placeOf(asked()))) expect(roles).toBe(`tars.${username}`);
    });

    test("gives claims labels that never change, and makes a job anew that has failed", () => {
        const { nodeSets } = cluster().inputs.spec;
        for (const { volumeClaimTemplates = [] } of nodeSets) {
            for (const { metadata } of volumeClaimTemplates) {
                expect(metadata.labels).toEqual({ "app.kubernetes.io/name": "elasticsearch" });
            }
        }
        expect(own.of("Job").map(({ inputs }) => inputs.metadata.annotations)).toEqual([
            { "pulumi.com/replaceUnready": "true" },
        ]);
    });

    test("gives each user what it is named for, and its own login to read, and nothing else", () => {
        expect(planRoles(placeOf(asked()))).toMatchObject({
            backend: {
                cluster: ["monitor"],
                indices: [
                    {
                        names: ["app-logs", "app-logs-*"],
                        privileges: expect.not.arrayContaining(["delete", "write", "all"]),
                    },
                ],
            },
            reports: { indices: [{ privileges: ["read", "view_index_metadata"] }] },
        });
        expect(own.named("Role", "consumer-reports").inputs.rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["login-reports", "elasticsearch-es-http-certs-public"],
                verbs: ["get", "watch"],
            },
        ]);
        const { fileRealm } = cluster().inputs.spec.auth;
        expect(fileRealm.map(({ secretName }: { secretName: string }) => secretName)).toEqual([
            "login-tars-platform",
            "login-tars-snapshots",
            "login-backend",
            "login-reports",
        ]);
    });

    test("has an operator with rights in its own namespace, and over the cluster to look at nodes alone", () => {
        expect(chart().inputs).toMatchObject({ version: "3.5.0", namespace: "elasticsearch", skipCrds: true });
        expect(chart().inputs.values).toMatchObject({
            managedNamespaces: ["elasticsearch"],
            createClusterScopedResources: false,
            webhook: { enabled: false },
            installCRDs: false,
        });
        const roles = graph.of("ClusterRole").filter(({ name }) => name.startsWith("elastic"));
        expect(roles.map(({ inputs }) => inputs.rules)).toEqual([
            [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }],
        ]);
    });

    test("comes after its operator and who may log in, and before its streams", () => {
        const [setup] = own.of("Job");
        if (setup === undefined) throw new Error("no Job");
        expect(graph.waitsFor(cluster(), chart())).toBe(true);
        expect(graph.waitsFor(cluster(), own.named("Secret", "login-backend"))).toBe(true);
        expect(graph.waitsFor(setup, cluster())).toBe(true);
        // The jobs of its snapshots come after it, and their ways with them.
        const ofJobs = ["elasticsearch-manifest", "elasticsearch-manifest-store", "elasticsearch-drill-store"];
        for (const policy of own.of("NetworkPolicy"))
            expect(graph.waitsFor(chart(), policy)).toBe(!ofJobs.includes(policy.inputs.metadata.name));
    });

    test("names every image that its operator runs, so that the stack's lock can hold it to one content", () => {
        const found = imagesOf(graph.all).filter((image) => image.startsWith("docker.elastic.co/"));
        expect(found).toEqual([
            "docker.elastic.co/eck/eck-operator:3.5.0",
            "docker.elastic.co/elasticsearch/elasticsearch:9.4.3",
        ]);
    });

    test("has room in its namespace's quota for all of its pods and volumes", () => {
        const { hard } = own.named("ResourceQuota", "quota").inputs.spec;
        expect(hard.persistentvolumeclaims).toBe(`${3 + 3 + 2 + 2 + 2}`);
        // Two operators, what puts streams in order and the one after it, the nodes, what has a snapshot taken, and two drills.
        expect(hard.pods).toBe(`${2 + 2 + 3 + 3 + 2 + 2 + 2 + 2 + 3}`);
    });
});

describe("its snapshots", () => {
    const written = () => own.of("ConfigMap").find(({ name }) => name === "elasticsearch-documents")?.inputs.data;
    const read = (file: string) => JSON.parse(written()[file]);
    const podOf = (name: string) => own.named("CronJob", name).inputs.spec.jobTemplate.spec.template;

    test("go to its own folder of the store by the clock, all streams or none, and go when their days are over", () => {
        expect(read("repository.backups.json")).toEqual({
            type: "s3",
            settings: {
                bucket: "@bucket@",
                base_path: "elasticsearch/snapshots",
                max_multipart_upload_cleanup_size: 0,
            },
        });
        expect(read("schedule.tars-platform.json")).toMatchObject({
            schedule: "0 45 */6 * * ?",
            repository: "backups",
            config: {
                indices: ["system-logs", "system-logs-*", "app-logs", "app-logs-*"],
                partial: false,
                include_global_state: false,
            },
            retention: { expire_after: "35d", min_count: 1 },
        });
        const { cluster: rights } = planRoles(placeOf(asked()))["tars-platform"] ?? {};
        expect(rights).toEqual([
            "manage_ilm",
            "manage_index_templates",
            "monitor",
            "manage_slm",
            "create_snapshot",
            "cluster:admin/repository/put",
        ]);
    });

    test("are written by nodes that show a token of their own, an hour long and for AWS alone", () => {
        const { spec, metadata } = group("hot").podTemplate;
        const [{ projected }] = spec.volumes.filter(({ name }: { name: string }) => name === "store-token");
        expect(projected.sources).toEqual([
            {
                serviceAccountToken: {
                    audience: "sts.amazonaws.com",
                    expirationSeconds: 3600,
                    path: "aws-web-identity-token-file",
                },
            },
        ]);
        const folder = "/usr/share/elasticsearch/config/repository-s3";
        expect(spec.containers[0].volumeMounts).toEqual([{ name: "store-token", mountPath: folder, readOnly: true }]);
        expect(spec.containers[0].env).toContainEqual({
            name: "AWS_WEB_IDENTITY_TOKEN_FILE",
            value: `${folder}/aws-web-identity-token-file`,
        });
        expect(Object.keys(metadata.annotations)).toEqual(["tars-platform/aws-region", "tars-platform/aws-role-arn"]);
        expect(group("hot").config["s3.client.default.region"]).toBe("eu-central-1");
        expect(cluster().inputs.spec.secureSettings).toBeUndefined();
        expect(own.of("Secret").map(({ name }) => name)).not.toContain("elasticsearch-keystore");
    });

    test("are practised by a server of the drill's own, which has no way to Elasticsearch", () => {
        expect(own.named("CronJob", "elasticsearch-drill").inputs.metadata.labels["tars-platform/restore-drill"]).toBe(
            "elasticsearch",
        );
        expect(cluster().inputs.metadata.annotations).not.toHaveProperty(["tars-platform/undrilled-because"]);
        const { spec } = podOf("elasticsearch-drill");
        expect(namesOf(spec.initContainers)).toEqual(["prepare", "scratch"]);
        for (const container of [...spec.initContainers, ...spec.containers])
            expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
        expect(spec.automountServiceAccountToken).toBe(false);
        const [, scratch] = spec.initContainers;
        expect(scratch.volumeMounts).toContainEqual({ name: "data", mountPath: "/scratch/data" });
        const labels = podOf("elasticsearch-drill").metadata.labels["app.kubernetes.io/name"];
        const open = own.of("NetworkPolicy").filter(({ inputs }) => {
            const selected = inputs.spec.podSelector.matchLabels?.["app.kubernetes.io/name"];
            return selected === labels;
        });
        expect(open.map(({ inputs }) => inputs.metadata.name)).toEqual(["elasticsearch-drill-store"]);
    });

    test("are counted by a user who reads no document, restores none and deletes no snapshot", () => {
        expect(planRoles(placeOf(asked()))["tars-snapshots"]).toEqual({
            cluster: ["monitor_snapshot", "cluster:admin/slm/execute"],
            indices: [
                {
                    names: ["system-logs", "system-logs-*", "app-logs", "app-logs-*"],
                    privileges: ["monitor", "maintenance", "view_index_metadata"],
                },
            ],
        });
    });

    test("are believed to be the cluster's by a role that names whose they are and whom they are for", () => {
        const { inputs } = graph.all.find(({ name }) => name === "elasticsearch-role") ?? fail("no role");
        const [, federated] = JSON.parse(String(inputs.assumeRolePolicy)).Statement;
        expect(federated.Action).toEqual(["sts:AssumeRoleWithWebIdentity"]);
        expect(Object.values(federated.Condition.StringEquals)).toEqual([
            "sts.amazonaws.com",
            "system:serviceaccount:elasticsearch:elasticsearch",
        ]);
        const { inputs: other } =
            graph.all.find(({ name }) => name === "elasticsearch-manifest-role") ?? fail("no role");
        expect(JSON.parse(String(other.assumeRolePolicy)).Statement).toHaveLength(1);
    });
});

function fail(words: string): never {
    throw new Error(words);
}

test("streams go to nodes that are cheaper, and go when their days are over", () => {
    expect(planPolicy({ keepDays: 90, warmAfterDays: 7, coldAfterDays: 30 }).policy.phases).toEqual({
        hot: {
            min_age: "0ms",
            actions: {
                rollover: { max_age: "1d", max_primary_shard_size: "50gb" },
                set_priority: { priority: 100 },
            },
        },
        warm: { min_age: "7d", actions: { set_priority: { priority: 50 } } },
        cold: { min_age: "30d", actions: { set_priority: { priority: 0 } } },
        delete: { min_age: "90d", actions: { delete: {} } },
    });
});

test("requirements' streams are kept for 30 and 90 days, with a copy where there is another node", () => {
    const documents = (raw: Raw) =>
        Object.fromEntries(Object.entries(planDocuments(placeOf(raw))).map(([name, text]) => [name, JSON.parse(text)]));
    const production = documents(asked());
    expect(Object.keys(production)).toEqual([
        "policy.system-logs.json",
        "template.system-logs.json",
        "policy.app-logs.json",
        "template.app-logs.json",
    ]);
    expect(production["policy.system-logs.json"].policy.phases.delete.min_age).toBe("30d");
    expect(production["policy.app-logs.json"].policy.phases.delete.min_age).toBe("90d");
    const copies = (of: Record<string, { template: { settings: object } }>) =>
        Object.entries(of["template.app-logs.json"]?.template.settings ?? {}).find(([key]) => /replicas/.test(key));
    expect(copies(production)).toEqual(["index.number_of_replicas", 1]);
    const dev = documents(settingsWith("dev", "data.elasticsearch", { kind: "cluster" }));
    expect(copies(dev)).toEqual(["index.number_of_replicas", 0]);
    expect(dev["policy.app-logs.json"].policy.phases).not.toHaveProperty("warm");
});

test("one node in dev does everything, and asks for a gibibyte", () => {
    const { nodes } = placeOf(settingsWith("dev", "data.elasticsearch", { kind: "cluster" }));
    expect(nodes).toEqual({ shared: { count: 1, each: { cpu: "250m", memory: "1Gi" }, storage: "10Gi" } });
});

test("what Elasticsearch is made of is counted where a stack has it, and only there", () => {
    const names = (raw: Raw) => systemLoads(parsed(raw).settings).pods.map(({ name }) => name);
    const groups = ["master", "hot", "warm", "cold", "ingest", "coordinating"].map((name) => `elasticsearch-${name}`);
    expect(names(asked())).toEqual(expect.arrayContaining(["elastic-operator", "elasticsearch-setup", ...groups]));
    const off = settingsWith("prod-aws", "data.elasticsearch", { kind: "off" });
    expect(names(off).filter((name) => name.startsWith("elastic"))).toEqual([]);
});

describe("the script that puts streams in order", () => {
    const folders: string[] = [];
    afterAll(() => {
        for (const folder of folders) fs.rmSync(folder, { recursive: true });
    });

    /** Runs it with a `curl` that writes down what it was asked; its folders are below another. */
    function run(curl: string) {
        const root = fs.mkdtempSync(path.join(os.tmpdir(), "tars-elastic-"));
        folders.push(root);
        for (const folder of ["documents", "login", "authority", "bin"]) fs.mkdirSync(path.join(root, folder));
        for (const [name, text] of Object.entries(planDocuments(placeOf(asked())))) {
            fs.writeFileSync(path.join(root, "documents", name), text);
        }
        fs.writeFileSync(path.join(root, "login", "username"), "tars-platform");
        fs.writeFileSync(path.join(root, "login", "password"), "wonderful");
        fs.writeFileSync(path.join(root, "bin", "curl"), curl, { mode: 0o755 });
        const script = setupScript.replaceAll(/\/(documents|login|authority)/g, `${root}/$1`);
        const env = {
            PATH: `${path.join(root, "bin")}:${process.env.PATH}`,
            ELASTICSEARCH_URL: "https://it:9200",
            LOG: path.join(root, "log"),
        };
        const ended = child.spawnSync("bash", ["-c", script], { env, encoding: "utf8" });
        const log = fs.existsSync(env.LOG) ? fs.readFileSync(env.LOG, "utf8").trim().split("\n") : [];
        return { status: ended.status, log };
    }

    test("sends policies before the templates that name them, and shows the password to no list of processes", () => {
        const { status, log } = run(
            '#!/bin/sh\nread -r login\nfor last; do :; done\necho "$last $login" >> "$LOG"\necho "$@" >> "$LOG"\n',
        );
        expect(status).toBe(0);
        const calls = log.filter((_, index) => index % 2 === 0);
        expect(calls).toEqual(
            [
                "_ilm/policy/app-logs",
                "_ilm/policy/system-logs",
                "_index_template/app-logs",
                "_index_template/system-logs",
            ].map((place) => `https://it:9200/${place} user = "tars-platform:wonderful"`),
        );
        const words = log.filter((_, index) => index % 2 === 1);
        for (const line of words) {
            expect(line).not.toContain("wonderful");
            expect(line).toMatch(/--cacert \S+\/authority\/ca\.crt/);
        }
    });

    test("fails where Elasticsearch takes one of them not", () => {
        expect(run("#!/bin/sh\ncat > /dev/null\nexit 22\n").status).not.toBe(0);
    });
});
