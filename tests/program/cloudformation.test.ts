import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { judge } from "../../simulator/providers/aws/schemas/judge";
import { mappedTypes, namesOf } from "../../simulator/providers/aws/schemas/names";
import { type Schemas, schemaOf, schemas, schemasFile } from "../../simulator/providers/aws/schemas/schema";
import type { Graph, Registration } from "./graph";
import { type Raw, settingsOf } from "./stack";

const extraction = spawnSync("python3", [path.join(path.dirname(schemasFile), "extract.py")], {
    encoding: "utf8",
    maxBuffer: 2 ** 24,
});
const installed: Schemas | undefined = extraction.status === 0 ? JSON.parse(extraction.stdout) : undefined;
const missing = installed === undefined ? (extraction.error?.message ?? extraction.stderr.trim()) : undefined;

describe("the schemas of CloudFormation", () => {
    test.each(mappedTypes)("have %s under the name that it is mapped to, and every name that it is given", (type) => {
        const { schema, names = {} } = namesOf(type) ?? fail(type);
        const { properties } = schemaOf(schema);
        const missing = Object.values(names).filter(
            (path) => !Object.keys(properties).some((other) => other === path || other.startsWith(`${path}/`)),
        );
        expect(missing).toEqual([]);
    });

    test("say which changes replace a resource", () => {
        expect(schemaOf("AWS::EKS::Nodegroup").createOnly).toContain("InstanceTypes");
        expect(schemaOf("AWS::EKS::Cluster").createOnly).toContain("KubernetesNetworkConfig/ServiceIpv4Cidr");
        expect(schemaOf("AWS::EKS::Cluster").createOnly).not.toContain("ResourcesVpcConfig/EndpointPublicAccess");
    });
});

describe("inputs held against a schema", () => {
    const nodeGroup = {
        clusterName: "tars",
        nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
        subnetIds: ["subnet-1", "subnet-2"],
        amiType: "BOTTLEROCKET_x86_64",
        capacityType: "ON_DEMAND",
        scalingConfig: { minSize: 6, maxSize: 12, desiredSize: 6 },
        taints: [{ key: "node-type", value: "memory-optimized", effect: "NO_SCHEDULE" }],
        labels: { "node-type": "memory-optimized" },
        updateConfig: { maxUnavailablePercentage: 33 },
        tags: { platform: "tars" },
    };
    const type = "aws:eks/nodeGroup:NodeGroup";

    test("hold when AWS would take them", () => {
        const { broken, unknown, beside, held } = judge(type, nodeGroup);
        expect({ broken, unknown, beside, held }).toEqual({ broken: [], unknown: [], beside: [], held: 16 });
    });

    test.each<[name: string, changed: object, message: string]>([
        ["an unknown choice", { amiType: "BOTTLEROCKET" }, 'amiType = "BOTTLEROCKET": the value is none of AL2023_'],
        [
            "a number below its range",
            { scalingConfig: { maxSize: 0 } },
            "scalingConfig/maxSize = 0: the number is not 1 to",
        ],
        [
            "a number above its range",
            { updateConfig: { maxUnavailablePercentage: 101 } },
            "101: the number is not 1 to 100",
        ],
        ["text where a number belongs", { diskSize: "100Gi" }, 'diskSize = "100Gi": the value is no integer'],
        [
            "text that is too long",
            { taints: [{ key: "k", value: "v".repeat(64) }] },
            "the count of characters is not 0 to 63",
        ],
        ["a Kubernetes word for an effect", { taints: [{ key: "k", effect: "NoSchedule" }] }, "is none of NO_EXECUTE"],
    ])("are refused with %s", (_, changed, message) => {
        expect(judge(type, { ...nodeGroup, ...changed }).broken).toEqual([expect.stringContaining(message)]);
    });

    test("are refused when they break a pattern", () => {
        expect(judge("aws:kms/alias:Alias", { name: "tars" }).broken).toEqual([
            expect.stringContaining("does not match"),
        ]);
        expect(judge("aws:kms/alias:Alias", { name: "alias/tars" }).broken).toEqual([]);
    });

    test("are held under another name where CloudFormation has one", () => {
        const logs = (kind: string) => judge("aws:eks/cluster:Cluster", { enabledClusterLogTypes: [kind] }).broken;
        expect(logs("audit")).toEqual([]);
        expect(logs("audits")).toEqual([expect.stringContaining("is none of api, audit")]);
    });

    test("are named when no schema has them, and when they are left out for a reason", () => {
        const { unknown, beside } = judge("aws:s3/bucket:Bucket", { buckett: "a", forceDestroy: true });
        expect(unknown).toEqual(["buckett"]);
        expect(beside).toEqual([["forceDestroy", "how the provider deletes"]]);
    });

    test("say nothing of what is not known yet", () => {
        const { broken, held } = judge(
            "aws:kms/alias:Alias",
            { name: "[name]" },
            {
                isUnknown: (value) => value === "[name]",
            },
        );
        expect({ broken, held }).toEqual({ broken: [], held: 0 });
    });
});

function fail(type: string): never {
    throw new Error(`${type} is not mapped`);
}

jest.setTimeout(60_000);

/** Types that CloudFormation has not, with the reason why nothing is held against them. */
const withoutSchema: Readonly<Record<string, string>> = {
    "aws:cfg/recorderStatus:RecorderStatus": "whether a recorder runs; CloudFormation starts each when it makes it",
    "aws:acm/certificateValidation:CertificateValidation":
        "a wait of the provider's until a certificate is issued; CloudFormation waits when it makes one",
    "aws:autoscaling/tag:Tag": "a tag of a group that EKS made; CloudFormation tags only groups that it makes itself",
};

/** A value that only AWS knows, as the captured graph stands in for it. */
const isStandIn = (value: unknown) => typeof value === "string" && /\[[A-Za-z]+( of [^\]]*)?\]/.test(value);

/** Everything that a stack can have in AWS beside what the committed ones have. */
function everything(): Raw {
    const { aws, edge, ...common } = settingsOf("prod-aws");
    const identities = {
        app: {
            namespace: "team-app",
            serviceAccount: "team-app",
            permissions: ["objectStore.read", "objectStore.write"],
        },
        postgres: { namespace: "tars", serviceAccount: "postgres", permissions: ["backups.write"] },
        qdrant: { namespace: "vector-store", serviceAccount: "qdrant", permissions: ["backups.write"] },
        "postgres-manifest": {
            namespace: "tars",
            serviceAccount: "postgres-manifest",
            permissions: ["backups.write"],
        },
        "postgres-drill": {
            namespace: "data-backups",
            serviceAccount: "postgres-drill",
            permissions: ["backups.read"],
        },
        "chromadb-backup": {
            namespace: "data-backups",
            serviceAccount: "chromadb-backup",
            permissions: ["backups.write"],
        },
        "chromadb-drill": {
            namespace: "data-backups",
            serviceAccount: "chromadb-drill",
            permissions: ["backups.read"],
        },
        "clickhouse-backup": {
            namespace: "clickhouse",
            serviceAccount: "clickhouse-backup",
            permissions: ["backups.write"],
        },
        "clickhouse-drill": {
            namespace: "clickhouse",
            serviceAccount: "clickhouse-drill",
            permissions: ["backups.read"],
        },
        "vectors-backup": {
            namespace: "vector-store",
            serviceAccount: "vectors-backup",
            permissions: ["backups.write"],
        },
        "vectors-drill": {
            namespace: "vector-store",
            serviceAccount: "vectors-drill",
            permissions: ["backups.read"],
        },
        elasticsearch: {
            namespace: "elasticsearch",
            serviceAccount: "elasticsearch",
            permissions: ["backups.write"],
        },
        "elasticsearch-manifest": {
            namespace: "elasticsearch",
            serviceAccount: "elasticsearch-manifest",
            permissions: ["backups.write"],
        },
        "elasticsearch-drill": {
            namespace: "elasticsearch",
            serviceAccount: "elasticsearch-drill",
            permissions: ["backups.read"],
        },
        backup: { namespace: "backup", serviceAccount: "velero", permissions: ["backups.write"] },
        secrets: {
            namespace: "external-secrets",
            serviceAccount: "external-secrets",
            permissions: ["secretStore.read", "secretStore.write", "registry.pull"],
        },
        records: { namespace: "team-names", serviceAccount: "records", permissions: ["dnsZone.write"] },
        "cert-manager": {
            namespace: "cert-manager",
            serviceAccount: "cert-manager",
            permissions: ["dnsZone.prove"],
        },
    };
    const certificates = { issuer: "letsencryptProd", solver: "dns01", email: "platform@example.com" };
    const behind = {
        certificates,
        firewall: { counted: ["NoUserAgent_HEADER"] },
        rateLimit: { exempt: ["203.0.113.0/28"] },
    };
    const administrators = ["arn:aws:iam::123456789012:role/platform-admin"];
    const sharing = { kind: "timeSliced", replicas: 4 };
    const more = {
        accountBaseline: "managed",
        dnsZone: "tars.example.com",
        identities,
        administrators,
        karpenter: true,
    };
    return {
        ...common,
        edge: { ...Object(edge), ...behind },
        aws: { ...Object(aws), ...more, pools: { gpu: { sharing }, spot: {} } },
    };
}

type Read = (graph: typeof import("./graph")) => Promise<Graph>;

describe.each<[name: string, read: Read, types: number]>([
    ["prod-aws", ({ readGraph }) => readGraph("prod-aws"), 40],
    ["staging", ({ readGraph }) => readGraph("staging"), 30],
    ["a stack that has everything", ({ loadGraph }) => loadGraph(everything()), 50],
])("what %s registers in AWS", (_, read, types) => {
    let registered: readonly Registration[];

    beforeAll(async () => {
        // The graph of one stack is captured once in a program's life.
        jest.resetModules();
        const { all } = await read(require("./graph"));
        registered = all.filter(({ type }) => /^(aws|eks):/.test(type));
    });

    const mapped = () => registered.filter(({ type }) => namesOf(type) !== undefined);
    const judged = (from: Schemas) =>
        mapped().map(({ type, name, inputs }) => ({ name, ...judge(type, inputs, { isUnknown: isStandIn, from }) }));

    test("has a schema, but for types whose reason is given", () => {
        const others = registered.map(({ type }) => type).filter((type) => namesOf(type) === undefined);
        expect(others.filter((type) => !(type in withoutSchema))).toEqual([]);
        expect(new Set(mapped().map(({ type }) => type)).size).toBeGreaterThanOrEqual(types);
    });

    test("holds against its schema, property by property", () => {
        const all = judged(schemas);
        expect(all.flatMap(({ name, broken }) => broken.map((what) => `${name}: ${what}`))).toEqual([]);
        expect(all.flatMap(({ name, unknown }) => unknown.map((path) => `${name}: ${path}`))).toEqual([]);
        expect(all.reduce((sum, { held }) => sum + held, 0)).toBeGreaterThan(1000);
    });

    if (missing !== undefined) test.skip(`holds against the schemas of an installed cfn-lint: ${missing}`, () => {});
    else
        test("holds against the schemas of the installed cfn-lint, whatever its version", () => {
            if (installed === undefined) throw new Error("not extracted");
            const known = mapped().filter(({ type }) => (namesOf(type)?.schema ?? "") in installed.types);
            expect(known.length).toBeGreaterThan(50);
            const all = known.map(({ type, inputs }) => judge(type, inputs, { isUnknown: isStandIn, from: installed }));
            expect(all.flatMap(({ broken }) => broken)).toEqual([]);
        });
});

describe("the committed schemas", () => {
    const reason = missing ?? (installed?.source === schemas.source ? undefined : `here is ${installed?.source}`);
    const name = `are those of ${schemas.source}`;
    if (reason !== undefined) test.skip(`${name}: ${reason}`, () => {});
    else test(name, () => expect(schemas).toEqual(installed));
});
