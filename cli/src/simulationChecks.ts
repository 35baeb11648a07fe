import { Fault } from "../../simulator/fault";
import { changeCount, type Deployment, type EngineOutcome, type Session } from "../../simulator/session";
import { misplacedPods } from "./placement";
import type { ScenarioReport } from "./simulationReport";

/**
 * What a first preview cannot know: what charts and manifests hold, which is asked of a cluster that is not there yet (the engine then takes them for
 * empty: pulumi/sdk plugin/provider_plugin.go, Construct), and the engine's own provider for references to other stacks.
 */
const unforeseeable =
    /kubernetes:(helm\.sh\/v4:Chart|yaml\/v2:ConfigFile|yaml\/v2:ConfigGroup)\$|::pulumi:providers:pulumi::default$/;

/** The first preview knows least: of a cluster that is not there, of addresses and of names. What it shows must still be what is made. */
export function requireForeseen({ unforeseen, violations }: Pick<Deployment, "unforeseen" | "violations">): void {
    // The engine shows no pack what a chart is asked for with; npx tars policy, which runs the program itself, judges that.
    const undecided = violations.filter(
        ({ message }) =>
            /^not decided: /m.test(message) && !/^not decided: chart is not shown by this resource$/m.test(message),
    );
    const problems = [
        ...unforeseen
            .filter((urn) => !unforeseeable.test(urn))
            .map((urn) => `${urn} is in the preview or in the update only`),
        ...undecided.map(({ policy, urn, message }) => `${policy} on ${urn}: ${message}`),
    ];
    if (problems.length === 0) return;
    throw new Fault(
        `the first preview does not show what the update makes:\n  ${problems.join("\n  ")}`,
        "make no resource depend on a value that only an update knows, and give rules what they judge",
    );
}

/** A preview that no pack judged finds nothing wrong, which says nothing. */
export function requireJudged({ policyPacks }: Pick<Deployment, "policyPacks">): void {
    if (policyPacks.length > 0) return;
    throw new Fault(
        "no policy pack judged the stack",
        "compile the pack with npm run prepare, and see that the engine loads it: npx tars pulumi preview",
    );
}

/** A pod that asks for a kind of node is on such a node. On an existing cluster nodes are not told apart and no pod asks. */
export function requirePlaced(deployment: Pick<Deployment, "pods" | "nodes">): void {
    const misplaced = misplacedPods(deployment);
    if (misplaced.length === 0) return;
    const lines = misplaced.map(({ name, wants, has }) => `${name} asks for ${wants} and is on ${has || "another"}`);
    throw new Fault(
        `pods are not on the kind of node that they ask for:\n  ${lines.join("\n  ")}`,
        "see the labels of the pools (node-type) and the nodeSelector of these pods",
    );
}

export function requireSettled(
    { stack, command, run }: Pick<Session, "stack" | "command" | "run">,
    changes: EngineOutcome["changes"],
): void {
    if (changeCount(changes) === 0) return;
    const words = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
    throw new Fault(
        `a second preview of ${stack} is not empty: ${words.join(", ")}`,
        `see what differs with: npx ${command} --keep, then npx tars pulumi --stack ${run} preview --diff`,
    );
}

export function requirePassed(played: readonly ScenarioReport[]): void {
    const failed = played.filter(({ ok }) => !ok);
    if (failed.length === 0) return;
    const words = failed.map(({ name, measured }) => `${name}: ${JSON.stringify(measured)}`);
    throw new Fault(`not everything was as it should be:\n  ${words.join("\n  ")}`, "see what it names under notReady");
}
