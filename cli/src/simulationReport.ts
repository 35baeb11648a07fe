import * as fs from "node:fs";
import * as path from "node:path";
import { type Deployment, resourceCount, type Session, type Teardown } from "../../simulator/session";
import { onDisk } from "../../simulator/system/files";
import { misplacedPods, typeOfNode } from "./placement";
import { duration } from "./terminal";

export interface ScenarioReport {
    readonly name: string;
    readonly ok: boolean;
    readonly measured: object;
}

/** What `tars simulate --json` writes; fields are only ever added. */
export interface SimulationReport {
    readonly version: 1;
    readonly stack: string;
    readonly resources: number;
    /** Milliseconds by step. */
    readonly durations: Readonly<Record<string, number>>;
    readonly pods: {
        readonly total: number;
        readonly ready: number;
        /** Pods by kind of the node that they are on (`node-type`); empty where nodes are not told apart. */
        readonly byNodeType: Readonly<Record<string, number>>;
        /** The same without those of DaemonSets: there is one a node, and to how many nodes a pool grows depends on the order in which pods came. */
        readonly replicasByNodeType: Readonly<Record<string, number>>;
        /** Those on another kind of node than they ask for. */
        readonly misplaced: readonly string[];
    };
    readonly nodes: {
        readonly total: number;
        readonly ready: number;
        readonly byType: Readonly<Record<string, number>>;
    };
    readonly policies: { readonly packs: readonly string[]; readonly mandatory: number; readonly advisory: number };
    /** What stood in for charts, manifests and operators that the simulator cannot reach or run, such as `chart istiod 1.30.3`. */
    readonly standins: readonly string[];
    readonly scenarios: readonly ScenarioReport[];
    readonly protected: readonly string[];
    /** Those of them that the engine named when it refused a first destroy. */
    readonly refusedFor: readonly string[];
    /** What stays in the cloud after the stack's end, as the program declares. */
    readonly retained: readonly string[];
}

interface Simulation {
    readonly session: Session;
    readonly deployment: Deployment;
    readonly scenarios: readonly ScenarioReport[];
    /** Undefined for a stack that is left running. */
    readonly teardown: Teardown | undefined;
}

export function simulationReport({ session, deployment, scenarios, teardown }: Simulation): SimulationReport {
    const { changes, pods, nodes, violations, policyPacks } = deployment;
    const mandatory = violations.filter((violation) => violation.mandatory).length;
    return {
        version: 1,
        stack: session.stack,
        resources: resourceCount(changes),
        durations: session.stopwatch.durations,
        pods: {
            ...readyOf(pods),
            byNodeType: byNodeType(pods, nodes),
            replicasByNodeType: byNodeType(
                pods.filter(({ owner }) => !owner.startsWith("DaemonSet/")),
                nodes,
            ),
            misplaced: misplacedPods(deployment).map(({ name }) => name),
        },
        nodes: { ...readyOf(nodes), byType: counted(nodes.map(({ type }) => type)) },
        policies: { packs: policyPacks, mandatory, advisory: violations.length - mandatory },
        standins: deployment.standins,
        scenarios,
        protected: teardown?.protected ?? [],
        refusedFor: teardown?.refusedFor ?? [],
        retained: teardown?.retained ?? [],
    };
}

function readyOf(things: readonly { readonly ready: boolean }[]): { total: number; ready: number } {
    return { total: things.length, ready: things.filter(({ ready }) => ready).length };
}

function byNodeType(pods: Deployment["pods"], nodes: Deployment["nodes"]): Readonly<Record<string, number>> {
    return counted(pods.map(({ node }) => typeOfNode(nodes, node)));
}

/** How often each of the names is there; what has none is left out. */
function counted(names: readonly string[]): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const name of names) if (name !== "") counts[name] = (counts[name] ?? 0) + 1;
    return counts;
}

/** Writes the report where it is asked for, and a line for people. */
export function publishReport(report: SimulationReport, file: string | undefined): void {
    const text = `${JSON.stringify(report, undefined, 4)}\n`;
    if (file === "-") process.stdout.write(text);
    else if (file !== undefined) onDisk(path.resolve(file), () => fs.writeFileSync(file, text));
    const total = Object.values(report.durations).reduce((sum, milliseconds) => sum + milliseconds, 0);
    const { resources, pods, nodes, scenarios, retained, standins } = report;
    const words = [
        `${resources} resources`,
        `${pods.ready} of ${pods.total} pods ready on ${nodes.ready} nodes`,
        "second preview empty",
        ...scenarios.map(({ name, ok }) => `${name} ${ok ? "passed" : "failed"}`),
        ...(standins.length === 0 ? [] : [`${standins.length} stand-ins`]),
        ...(retained.length === 0 ? [] : [`${retained.length} retained`]),
        duration(total),
    ];
    process.stderr.write(`${report.stack}: ${words.join(", ")}\n`);
}
