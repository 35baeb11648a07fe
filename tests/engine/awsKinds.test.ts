import * as fs from "node:fs";
import * as path from "node:path";
import { aws } from "../../simulator/providers/aws";
import { changeRule } from "../../simulator/providers/aws/changes";
import { checkAlone } from "../../simulator/providers/cloud/checks";
import { differences } from "../../simulator/providers/cloud/differences";
import { type Properties, unknownValue } from "../../simulator/providers/properties";

/** The simulated AWS account against what the stacks declare, without an engine. */

interface Registration {
    readonly type: string;
    readonly name: string;
    readonly inputs: Properties;
}

const golden = path.join(__dirname, "..", "golden");
const declared: readonly Registration[] = ["staging", "prod-aws"].flatMap((stack) =>
    fs
        .readdirSync(path.join(golden, stack))
        .flatMap((file): Registration[] => readLayer(path.join(golden, stack, file)))
        .filter(({ type }) => type.startsWith("aws:")),
);
/** What a golden file calls `[arn of keys-key]` or `[issuer]` is not known before the update, and what it calls `[secret]` nobody sees. */
function readLayer(file: string): Registration[] {
    return JSON.parse(fs.readFileSync(file, "utf8"), (_, value) =>
        /^\[(\w+ of .*|issuer|secret)\]$/.test(String(value)) ? unknownValue : value,
    );
}

const types = [...new Set(declared.map(({ type }) => type))].sort();

test("the stacks declare resources of AWS", () => {
    expect(types.length).toBeGreaterThan(35);
});

test.each(types)("%s is simulated, takes what the stacks give it, and knows what each change of it does", (type) => {
    const kind = aws.kinds[type];
    if (kind === undefined) throw new Error(`no kind ${type}`);
    const found = declared.filter((one) => one.type === type);
    for (const { name, inputs } of found) {
        expect([name, checkAlone(kind, inputs, { region: regionOf(inputs) })]).toEqual([name, []]);
        const unknown = differences({}, inputs, kind.changes).filter(({ change }) => change === "unknown");
        expect([name, unknown]).toEqual([name, []]);
    }
});

const regionOf = (inputs: Properties) => /[a-z]{2}-[a-z]+-\d/.exec(JSON.stringify(inputs))?.[0] ?? "eu-central-1";

/** What two stacks that answer for one host have beside, which no committed stack is. */
describe("a health check of names", () => {
    const kind = aws.kinds["aws:route53/healthCheck:HealthCheck"];
    if (kind === undefined) throw new Error("no kind of health checks");
    const inputs = { type: "HTTP", fqdn: "first.tars.example.com", port: 80, resourcePath: "/health" };
    const said = (changes: Properties) => checkAlone(kind, { ...inputs, ...changes }, { region: "eu-central-1" });

    test("calls somebody, in a way that there is", () => {
        expect(said({ requestInterval: 30, failureThreshold: 3, tags: { Name: "first" } })).toEqual([]);
        expect(said({ type: "PING" }).map(({ property }) => property)).toEqual(["type"]);
        expect(checkAlone(kind, { type: "HTTP", port: 80 }, { region: "eu-central-1" })).toEqual([
            { property: "fqdn", reason: "is missing: a check that calls somebody has fqdn or ipAddress" },
        ]);
    });

    test.each<[property: string, change: string]>([
        ["fqdn", "update"],
        ["type", "replace"],
        ["requestInterval", "replace"],
        ["failureThreshold", "update"],
    ])("with another %s: %s", (property, change) => {
        const found = differences({ ...inputs, [property]: "a" }, { ...inputs, [property]: "b" }, kind.changes);
        expect(found.map((each) => each.change)).toEqual([change]);
    });
});

describe("what a change does", () => {
    const change = (type: string, ...steps: string[]) => changeRule(type, {})(steps);

    test.each([
        ["aws:ec2/vpc:Vpc", ["cidrBlock"], "replace"],
        ["aws:ec2/vpc:Vpc", ["tags", "Name"], "update"],
        ["aws:ec2/vpc:Vpc", ["region"], "replace"],
        ["aws:eks/cluster:Cluster", ["kubernetesNetworkConfig", "serviceIpv4Cidr"], "replace"],
        ["aws:eks/cluster:Cluster", ["vpcConfig", "endpointPublicAccess"], "update"],
        ["aws:eks/cluster:Cluster", ["encryptionConfig", "provider", "keyArn"], "replace"],
        ["aws:eks/nodeGroup:NodeGroup", ["scalingConfig", "maxSize"], "update"],
        ["aws:eks/nodeGroup:NodeGroup", ["instanceTypes", "*"], "replace"],
        ["aws:ecr/repository:Repository", ["encryptionConfigurations", "*", "kmsKey"], "replace"],
        ["aws:s3/bucketVersioning:BucketVersioning", ["bucket"], "replace"],
        ["aws:s3/bucketVersioning:BucketVersioning", ["nobody", "knows"], undefined],
    ] as const)("%s %j: %s", (type, steps, expected) => {
        expect(change(type, ...steps)).toBe(expected);
    });

    test("of a whole object is the gravest of what is in it", () => {
        const rules = aws.kinds["aws:eks/nodeGroup:NodeGroup"]?.changes ?? {};
        const before = { launchTemplate: { version: "1" } };
        expect(differences(before, { launchTemplate: { version: "2" } }, rules)).toEqual([
            { property: "launchTemplate.version", kind: "update", change: "update" },
        ]);
        expect(differences({}, { launchTemplate: { id: "lt-1", version: "1" } }, rules)).toEqual([
            { property: "launchTemplate", kind: "add", change: "replace" },
        ]);
    });
});
