import { type Command, InvalidArgumentError, Option } from "commander";
import type { PluginChoice } from "../../../simulator/engine";
import { scenarios } from "../../../simulator/scenarios";
import {
    apiClient,
    deploy,
    forget,
    openSession,
    previewStack,
    type Session,
    stackNamespaces,
    takeStackAway,
    waitForPods,
} from "../../../simulator/session";
import { checkProgram } from "../check";
import { interruptSignal } from "../interrupt";
import { pluginsOption } from "../plugins";
import { progressDisplay } from "../progress";
import { requireForeseen, requireJudged, requirePassed, requirePlaced, requireSettled } from "../simulationChecks";
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
        const first = await deploy(session);
        if (flags.keep) session.keep(); // before what may fail, so that it can be looked into
        requireForeseen(first);
        requireSettled(session, (await previewStack(session, "second preview")).changes);
        // Once more: by now the operators of kinds without a status have made all that they make of them.
        const deployment = { ...first, ...(await waitForPods(session, "pods after it")) };
        const played = await playScenarios(session, flags.scenario);
        const teardown = flags.keep ? undefined : await takeStackAway(session);
        finished = true;
        publishReport(simulationReport({ session, deployment, scenarios: played, teardown }), flags.json);
        // After the report, which has what they are about.
        requireJudged(deployment);
        requirePlaced(deployment);
        requirePassed(played);
    } finally {
        await session.end();
        if (finished && !flags.keep) forget(session.paths);
    }
}

/** One after the other: each finds the stack as it was. */
async function playScenarios(session: Session, names: readonly string[]): Promise<readonly ScenarioReport[]> {
    const api = apiClient((await session.cluster()).kubeconfig);
    const namespaces = stackNamespaces(session.paths, session.stack);
    const { paths, command, signal, stopwatch } = session;
    const played: ScenarioReport[] = [];
    for (const name of names) {
        const scenario = scenarios[name];
        if (scenario === undefined) continue; // the option takes known names only
        const outcome = await stopwatch.time(
            name,
            (tell) => scenario.run({ api, paths, command, namespaces, signal, tell }),
            {
                done: ({ ok }) => (ok ? "passed" : "failed"),
            },
        );
        played.push({ name, ...outcome });
    }
    return played;
}
