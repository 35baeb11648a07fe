import { imagesOf } from "../../cli/src/images/lock";
import { bucketsScript } from "../../components/data/objects/buckets";
import { fileSizeOf, planArguments, planTransport } from "../../components/data/objects/environment";
import { actionsOf, planIdentities } from "../../components/data/objects/identities";
import { systemLoads } from "../../components/settings/systemLoads";
import { type Graph, inNamespace, readGraph } from "./graph";
import { parsed, type Raw, settingsWith } from "./stack";

jest.setTimeout(600_000);

const buckets = { media: { expireDays: 30 }, reports: {} } as const;
const users = {
    backend: { namespace: "tars", serviceAccount: "tars-backend", reads: ["media"], writes: ["media"] },
    reader: { namespace: "team-reports", serviceAccount: "reader", reads: ["reports"] },
} as const;

/** Production on AWS, as if S3 were not there. */
const asked = () => settingsWith("prod-aws", "data.objects", { kind: "seaweedfs", buckets, users });

describe("an object store in production", () => {
    let graph: Graph;
    let own: Graph;
    beforeAll(async () => {
        graph = await readGraph("prod-aws", { data: asked().data });
        own = inNamespace(graph, "object-store");
    });
    const servers = () => own.named("StatefulSet", "object-store").inputs;
    const pod = () => servers().spec.template.spec;
    const job = () => own.of("Job")[0]?.inputs;

    test("is three servers in three zones, each with a volume that outlives it, of which one may go at a time", () => {
        expect(servers().spec).toMatchObject({
            replicas: 3,
            podManagementPolicy: "Parallel",
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        });
        expect(servers().spec.volumeClaimTemplates[0].spec.resources.requests.storage).toBe("200Gi");
        expect(pod().topologySpreadConstraints).toEqual([
            expect.objectContaining({ topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" }),
            expect.objectContaining({ topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" }),
        ]);
        expect(own.named("PodDisruptionBudget", "object-store").inputs.spec.maxUnavailable).toBe(1);
        const { requests, limits } = pod().containers[0].resources;
        expect(requests).toEqual(limits);
    });

    test("has all of them vote, and each piece on two", () => {
        const { args, image } = pod().containers[0];
        const masters = [0, 1, 2].map((index) => `object-store-${index}.object-store-headless:9333`).join(",");
        expect(args).toEqual(
            expect.arrayContaining([
                "-ip=$(POD_NAME).object-store-headless",
                `-master.peers=${masters}`,
                "-master.defaultReplication=001",
                "-master.volumeSizeLimitMB=1024",
            ]),
        );
        expect(image).toMatch(/^docker\.io\/chrislusf\/seaweedfs:4\.44/);
        expect(imagesOf(graph.all)).toContain("docker.io/chrislusf/seaweedfs:4.44");
    });

    test("shows certificates that bear the names by which it is called, and asks for one of the same authority", () => {
        const { dnsNames, usages } = own.named("Certificate", "object-store").inputs.spec;
        expect(usages).toEqual(["server auth", "client auth"]);
        expect(dnsNames).toEqual(
            expect.arrayContaining([
                "object-store.object-store.svc.cluster.local",
                "object-store-2.object-store-headless",
            ]),
        );
        const environment = pod().containers[0].env.map(({ name }: { readonly name: string }) => name);
        expect(environment).toEqual(expect.arrayContaining(Object.keys(planTransport(""))));
        expect(pod().containers[0].livenessProbe.httpGet).toEqual({ path: "/healthz", port: 8333, scheme: "HTTPS" });
    });

    test("gives each user a key of its own, which its service account may read, and nothing else", () => {
        const role = own.named("Role", "consumer-backend").inputs;
        expect(role.rules).toEqual([
            {
                apiGroups: [""],
                resources: ["secrets"],
                resourceNames: ["user-backend", "object-store-trust"],
                verbs: ["get", "watch"],
            },
        ]);
        expect(own.of("Secret").map(({ inputs }) => inputs.metadata.name)).toEqual(
            expect.arrayContaining(["user-backend", "user-reader", "object-store-identities"]),
        );
        expect(graph.of("NetworkPolicy").map(({ name }) => name)).toContain("object-store-way-backend");
        expect(graph.of("NetworkPolicy").map(({ name }) => name)).not.toContain("object-store-way-reader");
    });

    test("lets users call S3, its own pods each other, and the job what makes buckets", () => {
        const [byUsers] = own.named("NetworkPolicy", "consumers").inputs.spec.ingress;
        expect(byUsers.ports).toEqual([{ protocol: "TCP", port: 8333 }]);
        const { ingress, egress } = own.named("NetworkPolicy", "object-store").inputs.spec;
        const portsOf = (rule: { readonly ports: readonly { readonly port: number }[] }) =>
            rule.ports.map(({ port }) => port);
        expect(ingress.map(portsOf)).toEqual([
            [18_333, 9333, 19_333, 8080, 18_080, 8888, 18_888],
            [19_333, 18_888],
        ]);
        expect(egress).toHaveLength(1);
        expect(own.named("NetworkPolicy", "object-store-buckets").inputs.spec.egress.map(portsOf)).toEqual([
            [19_333, 18_888],
        ]);
    });

    test("has buckets made by a job that may ask the cluster for nothing", () => {
        expect(job().spec.template.spec).toMatchObject({
            automountServiceAccountToken: false,
            restartPolicy: "Never",
            securityContext: { runAsNonRoot: true, runAsUser: 1000 },
        });
        const [, , script] = job().spec.template.spec.containers[0].command;
        expect(script).toContain("for bucket in media reports; do");
        // One of them, whichever is ready: the shell takes no list of them, as it does of masters.
        expect(script).toContain("-filer=object-store:8888;");
        expect(job().metadata.name).toMatch(/^object-store-buckets-[0-9a-f]{8}$/);
    });

    test("is counted, with what its quota has room for", () => {
        // The job's pod, and another before that is gone.
        expect(own.named("ResourceQuota", "quota").inputs.spec.hard.pods).toBe(`${3 + 2}`);
        const counted = (raw: Raw) =>
            systemLoads(parsed(raw, "Pulumi.prod-aws.yaml").settings)
                .pods.filter(({ name }) => name.startsWith("object-store"))
                .map(({ name, size }) => [name, size.replicas.min]);
        expect(counted(asked())).toEqual([
            ["object-store", 3],
            ["object-store-buckets", 1],
        ]);
        expect(counted(settingsWith("prod-aws", "data.objects", { kind: "off" }))).toEqual([]);
    });
});

describe("what SeaweedFS is told", () => {
    test("a user has the rights that it was given, bucket by bucket, and none over all", () => {
        expect(actionsOf({ reads: ["media"], writes: ["media", "reports"] })).toEqual([
            "Read:media",
            "List:media",
            "Write:media",
            "Tagging:media",
            "Write:reports",
            "Tagging:reports",
        ]);
        const file = planIdentities(
            { backend: { reads: ["media"], writes: [] } },
            { backend: { access: "a", secret: "s" } },
        );
        expect(JSON.parse(file).identities).toEqual([
            // Without anybody in the file everybody might do everything.
            { name: "nobody", credentials: [], actions: [] },
            {
                name: "backend",
                credentials: [{ accessKey: "a", secretKey: "s" }],
                actions: ["Read:media", "List:media"],
            },
        ]);
        expect(() => planIdentities({ backend: { reads: [], writes: [] } }, {})).toThrow("without a login");
    });

    test.each([
        ["2Gi", 64],
        ["5Gi", 64],
        ["20Gi", 256],
        ["200Gi", 1024],
        ["10Ti", 1024],
    ] as const)("a volume of %s has files of at most %i MiB", (storage, size) => {
        expect(fileSizeOf({ storage })).toBe(size);
    });

    test("one server has one copy of everything, and nobody else to ask", () => {
        const words = planArguments({ servers: 1, copies: 1, storage: "5Gi" });
        expect(words).toContain("-master.peers=object-store-0.object-store-headless:9333");
        expect(words).toContain("-master.defaultReplication=000");
    });

    test("a bucket whose time is taken back is told so, and both are read back", () => {
        const script = bucketsScript(
            { buckets: { media: { expireDays: 30 }, reports: { expireDays: undefined } } },
            { weed: "weed", masters: "m:1", filer: "f:2" },
        );
        expect(script).toContain("fs.configure -locationPrefix=/buckets/media/ -ttl=30d -apply\n");
        expect(script).toContain("fs.configure -locationPrefix=/buckets/reports/ -delete -apply\n");
        expect(script).toContain("ttl:30ddisk");
    });
});
