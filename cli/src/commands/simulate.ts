import { type Command, InvalidArgumentError, Option } from "commander";
import type { PluginChoice } from "../../../simulator/engine";
import { Fault } from "../../../simulator/fault";
import { scenarios } from "../../../simulator/scenarios";
import {
    apiClient,
    changeCount,
    type Deployment,
    deploy,
    forget,
    openSession,
    previewStack,
    type Session,
    stackNamespaces,
    takeStackAway,
} from "../../../simulator/session";
import { checkProgram } from "../check";
import { interruptSignal } from "../interrupt";
import { pluginsOption } from "../plugins";
import { progressDisplay } from "../progress";
import { publishReport, type ScenarioReport, simulationReport } from "../simulationReport";

interface SimulateFlags {
    readonly json?: string;
    readonly keep: boolean;
    readonly plugins?: PluginChoice;
    readonly scenario: readonly string[];
}

/** `tars simulate S`: the stack's whole life, in a state folder of its own. */
export function simulateCommand(program: Command): void {
    program
        .command("simulate")
        .description("bring a stack up beside whatever runs, check that a second preview is empty, take it down")
        .argument("<stack>", "stack to simulate")
        .addOption(scenarioOption())
        .option("--json <file>", "write the report there; - is standard output")
        .option("--keep", "leave it running (npx tars down stops it)", false)
        .addOption(pluginsOption())
        .addHelpText("after", `\n${scenarioList()}\n\n${examples}`)
        .action(simulate);
}

const examples = `Examples:
  $ npx tars simulate dev --json report.json
  $ npx tars simulate dev --scenario zone-lost
  $ npx tars simulate dev --plugins own`;

function scenarioList(): string {
    const lines = Object.entries(scenarios).map(([name, { summary }]) => `  ${name}: ${summary}`);
    return ["Scenarios:", ...lines].join("\n");
}

function scenarioOption(): Option {
    return new Option("--scenario <name>", "what happens to the stack once it is up; may be given several times")
        .argParser((name: string, before: readonly string[]) => {
            if (scenarios[name] !== undefined) return [...before, name];
            throw new InvalidArgumentError(`Name one of: ${Object.keys(scenarios).join(", ")}.`);
        })
        .default([]);
}

async function simulate(stack: string, flags: SimulateFlags): Promise<void> {
    const signal = interruptSignal();
    await checkProgram(stack);
    const session = await openSession({
        stack,
        run: `${stack}.simulate`,
        command: `tars simulate ${stack}`,
        ...(flags.plugins === undefined ? {} : { plugins: flags.plugins }),
        signal,
        ...progressDisplay(),
    });
    let finished = false;
    try {
        const deployment = await deploy(session);
        requireForeseen(deployment);
        await requireSettled(session);
        const played = await playScenarios(session, flags.scenario);
        if (flags.keep) session.keep();
        const teardown = flags.keep ? undefined : await takeStackAway(session);
        finished = true;
        publishReport(simulationReport({ session, deployment, scenarios: played, teardown }), flags.json);
        requirePassed(played);
    } finally {
        await session.end();
        if (finished && !flags.keep) forget(session.paths);
    }
}

/** The first preview knows least: of a cluster that is not there, of addresses and of names. What it shows must still be what is made. */
function requireForeseen({ unforeseen, violations }: Deployment): void {
    const undecided = violations.filter(({ message }) => /^not decided: /m.test(message));
    const problems = [
        ...unforeseen.map((urn) => `${urn} is in the preview or in the update only`),
        ...undecided.map(({ policy, urn, message }) => `${policy} on ${urn}: ${message}`),
    ];
    if (problems.length === 0) return;
    throw new Fault(
        `the first preview does not show what the update makes:\n  ${problems.join("\n  ")}`,
        "make no resource depend on a value that only an update knows, and give rules what they judge",
    );
}

async function requireSettled(session: Session): Promise<void> {
    const { changes } = await previewStack(session, "second preview");
    if (changeCount(changes) === 0) return;
    const words = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
    throw new Fault(
        `a second preview of ${session.stack} is not empty: ${words.join(", ")}`,
        `see what differs with: npx tars start, then npx tars pulumi preview --diff`,
    );
}

/** One after the other: each finds the stack as it was. */
async function playScenarios(session: Session, names: readonly string[]): Promise<readonly ScenarioReport[]> {
    const api = apiClient((await session.cluster()).kubeconfig);
    const namespaces = stackNamespaces(session.paths, session.stack);
    const { paths, signal, stopwatch } = session;
    const played: ScenarioReport[] = [];
    for (const name of names) {
        const scenario = scenarios[name];
        if (scenario === undefined) continue; // the option takes known names only
        const outcome = await stopwatch.time(name, (tell) => scenario.run({ api, paths, namespaces, signal, tell }), {
            done: ({ ok }) => (ok ? "passed" : "failed"),
        });
        played.push({ name, ...outcome });
    }
    return played;
}

function requirePassed(played: readonly ScenarioReport[]): void {
    const failed = played.filter(({ ok }) => !ok);
    if (failed.length === 0) return;
    const words = failed.map(({ name, measured }) => `${name}: ${JSON.stringify(measured)}`);
    throw new Fault(`not everything was as it should be:\n  ${words.join("\n  ")}`, "see what it names under notReady");
}
