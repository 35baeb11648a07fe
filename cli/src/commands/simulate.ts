import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import type { PluginChoice } from "../../../simulator/engine";
import { Fault } from "../../../simulator/fault";
import {
    changeCount,
    type Deployment,
    deploy,
    destroy,
    forget,
    openSession,
    previewStack,
    resourceCount,
    type Session,
} from "../../../simulator/session";
import { onDisk } from "../../../simulator/system/files";
import { checkProgram } from "../check";
import { interruptSignal } from "../interrupt";
import { pluginsOption } from "../plugins";
import { progressDisplay } from "../progress";
import { duration } from "../terminal";

interface SimulateFlags {
    readonly json?: string;
    readonly keep: boolean;
    readonly plugins?: PluginChoice;
}

/** What `tars simulate --json` writes; fields are only ever added. */
interface SimulationReport {
    readonly version: 1;
    readonly stack: string;
    readonly resources: number;
    /** Milliseconds by step. */
    readonly durations: Readonly<Record<string, number>>;
    readonly pods: { readonly total: number; readonly ready: number };
    readonly nodes: { readonly total: number; readonly ready: number };
    readonly policies: { readonly packs: readonly string[]; readonly mandatory: number; readonly advisory: number };
    readonly standins: readonly string[];
    readonly scenarios: readonly { readonly name: string; readonly ok: boolean; readonly measured: object }[];
}

/** `tars simulate S`: the stack's whole life, in a state folder of its own. */
export function simulateCommand(program: Command): void {
    program
        .command("simulate")
        .description("bring a stack up beside whatever runs, check that a second preview is empty, take it down")
        .argument("<stack>", "stack to simulate")
        .option("--json <file>", "write the report there; - is standard output")
        .option("--keep", "leave it running (npx tars down stops it)", false)
        .addOption(pluginsOption())
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars simulate dev --json report.json\n  $ npx tars simulate dev --plugins own",
        )
        .action(simulate);
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
        await requireSettled(session);
        if (flags.keep) session.keep();
        else await destroy(session);
        finished = true;
        publish(reportOf(session, deployment), flags.json);
    } finally {
        await session.end();
        if (finished && !flags.keep) forget(session.paths);
    }
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

function reportOf(session: Session, deployment: Deployment): SimulationReport {
    const { changes, pods, nodes, violations, policyPacks } = deployment;
    const mandatory = violations.filter((violation) => violation.mandatory).length;
    return {
        version: 1,
        stack: session.stack,
        resources: resourceCount(changes),
        durations: session.stopwatch.durations,
        pods: { total: pods.length, ready: pods.filter((pod) => pod.ready).length },
        nodes: { total: nodes.length, ready: nodes.filter((node) => node.ready).length },
        policies: { packs: policyPacks, mandatory, advisory: violations.length - mandatory },
        standins: [],
        scenarios: [],
    };
}

function publish(report: SimulationReport, file: string | undefined): void {
    const text = `${JSON.stringify(report, undefined, 4)}\n`;
    if (file === "-") process.stdout.write(text);
    else if (file !== undefined) onDisk(path.resolve(file), () => fs.writeFileSync(file, text));
    const total = Object.values(report.durations).reduce((sum, milliseconds) => sum + milliseconds, 0);
    const { resources, pods, nodes } = report;
    process.stderr.write(
        `${report.stack}: ${resources} resources, ${pods.ready} of ${pods.total} pods ready on ${nodes.ready} nodes, second preview empty, ${duration(total)}\n`,
    );
}
