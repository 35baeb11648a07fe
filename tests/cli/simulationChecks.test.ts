import * as fs from "node:fs";
import * as path from "node:path";
import { requireForeseen, requireJudged, requirePlaced, requireSettled } from "../../cli/src/simulationChecks";
import type { NodeStatus, PodStatus } from "../../simulator/session";
import { engineFault } from "../../simulator/session/engine";
import { EventReader } from "../../simulator/session/events";
import { statePaths } from "../../simulator/session/paths";
import { scratchFolder } from "./support";

const scratch = scratchFolder();

const pod = (nodeType: string, node = "n1"): PodStatus => ({
    name: "p",
    namespace: "tars",
    node,
    owner: "",
    memberOf: "",
    nodeType,
    claims: [],
    phase: "Running",
    ready: true,
    reason: "",
});
const nodeOf = (type: string): NodeStatus => ({
    name: "n1",
    zone: "a",
    pool: "x",
    type,
    ready: true,
    cpu: "1",
    memory: "1Gi",
});

test("a simulation that no policy pack judged fails", () => {
    expect(() => requireJudged({ policyPacks: [] })).toThrow("no policy pack judged the stack");
    expect(() => requireJudged({ policyPacks: ["tars 1.0.0"] })).not.toThrow();
});

test.each([
    ["another kind of node", pod("gpu"), nodeOf("general"), "tars/p asks for gpu and is on general"],
    ["a node that is of no kind", pod("gpu"), nodeOf(""), "tars/p asks for gpu and is on another"],
    ["a node that is not there", pod("gpu", "gone"), nodeOf("gpu"), "tars/p asks for gpu and is on another"],
])("a pod on %s fails the simulation by name", (_, on, node, says) => {
    expect(() => requirePlaced({ pods: [on], nodes: [node] })).toThrow(says);
});

test("a pod where it asks to be, or that asks for nothing, is no fault", () => {
    expect(() => requirePlaced({ pods: [pod("gpu"), pod("")], nodes: [nodeOf("gpu")] })).not.toThrow();
    expect(() => requirePlaced({ pods: [pod("")], nodes: [nodeOf("")] })).not.toThrow();
});

test("what only the update makes, and a rule without a verdict, are no preview", () => {
    expect(() => requireForeseen({ unforeseen: ["urn:x"], violations: [] })).toThrow("urn:x is in the preview or");
    const message = "not decided: no value";
    const violations = [{ policy: "rule", urn: "urn:y", message, mandatory: false }];
    expect(() => requireForeseen({ unforeseen: [], violations })).toThrow("rule on urn:y");
});

test.each([
    "tars:mesh:Mesh$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:Deployment::istiod:istio-system/istiod",
    "kubernetes:yaml/v2:ConfigGroup$kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::x",
    "kubernetes:yaml/v2:ConfigFile$kubernetes:core/v1:ConfigMap::x",
    "pulumi:providers:pulumi::default",
])("a preview that cannot know %s is forgiven that", (rest) => {
    const unforeseen = [`urn:pulumi:dev::tars-platform::${rest}`];
    expect(() => requireForeseen({ unforeseen, violations: [] })).not.toThrow();
});

test.each([
    "tars:mesh:Mesh$kubernetes:helm.sh/v4:Chart::istiod",
    "kubernetes:yaml/v2:ConfigGroup::definitions",
    "pulumi:providers:kubernetes::default",
])("a preview without %s is none, though it need not know what that holds", (rest) => {
    const unforeseen = [`urn:pulumi:dev::tars-platform::${rest}`];
    expect(() => requireForeseen({ unforeseen, violations: [] })).toThrow(rest);
});

const session = { stack: "prod-aws", run: "prod-aws.simulate", command: "tars simulate prod-aws" };

test("a second preview with changes says how to see them in this very run", () => {
    expect(() => requireSettled(session, { same: 3 })).not.toThrow();
    expect(() => requireSettled(session, { same: 3, update: 1 })).toThrow(
        expect.objectContaining({
            fix: expect.stringContaining(
                "npx tars simulate prod-aws --keep, then npx tars pulumi --stack prod-aws.simulate preview",
            ),
        }),
    );
});

test("an engine that fails sends to the session's own command", () => {
    const paths = statePaths("run", scratch.path);
    fs.mkdirSync(path.dirname(paths.engineLog), { recursive: true });
    fs.writeFileSync(paths.engineLog, "trouble");
    const run = { command: "up", calledBy: session.command, paths } as const;
    expect(engineFault(run, new EventReader().outcome, 1)).toMatchObject({
        message: expect.stringContaining("trouble"),
        fix: expect.stringContaining("run npx tars simulate prod-aws again"),
    });
});
