import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { withoutForeign } from "../../simulator/session/environment";
import { projectRoot } from "../../simulator/session/paths";
import { projectName, readStackFile } from "../../simulator/session/stackFile";
import { field } from "../../simulator/system/files";
import { leaveTransformsOut, mockMonitor, type Registration } from "./registrations";

export type { Registration } from "./registrations";

/**
 * Runs the program on a stack's settings in this process, with neither engine nor cluster, and returns everything it registers,
 * sorted by URN. Secret inputs are masked; values that only a provider could know are stand-ins such as `[result]`.
 * One call at a time: the Pulumi runtime is global. As long as it lasts, this process's environment lacks the user's clouds and clusters.
 *
 * @param changes settings that take the place of the stack file's, by their key there without the project
 * @param outputs whether what only a provider could say is there, as a stand-in, or unknown, as in a stack's first preview
 * @throws Fault (exit code 3) when there is no such stack or its file cannot be read; whatever the program throws, as it is.
 */
export async function captureGraph(
    stack: string,
    changes: Readonly<Record<string, unknown>> = {},
    outputs: Parameters<typeof mockMonitor>[0] = "known",
): Promise<readonly Registration[]> {
    return (await captureProgram(stack, changes, outputs)).registrations;
}

/** The same, with what the program returns: the stack's outputs. */
export async function captureProgram(
    stack: string,
    changes: Readonly<Record<string, unknown>> = {},
    outputs: Parameters<typeof mockMonitor>[0] = "known",
): Promise<Captured> {
    const project = projectName();
    const changed = Object.entries(changes).map(([key, value]) => [`${project}:${key}`, textOf(value)]);
    const config = { ...configOf(stack, project), ...Object.fromEntries(changed) };
    const restore = hideForeign();
    try {
        return await capture(mockMonitor(outputs), { stack, project, config });
    } finally {
        restore();
    }
}

interface Captured {
    readonly registrations: readonly Registration[];
    /** What other stacks read. */
    readonly outputs: Readonly<Record<string, unknown>>;
}

interface Run {
    readonly stack: string;
    readonly project: string;
    readonly config: Record<string, string>;
}

async function capture(monitor: ReturnType<typeof mockMonitor>, { stack, project, config }: Run): Promise<Captured> {
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.setMocks(monitor.mocks, project, stack, true, "organization");
    monitor.listen(pulumi.runtime.getMonitor());
    const outputs = await failOnUnhandled(async () => {
        const exported = await pulumi.runtime.runInPulumiStack(async () => {
            leaveTransformsOut();
            const program: typeof import("../../index") = require(path.join(projectRoot, "index.ts"));
            return program();
        });
        await pulumi.runtime.disconnect();
        return exported;
    });
    return { registrations: monitor.registrations(), outputs: outputs ?? {} };
}

/** SDKs fill what a program does not say from the environment (PULUMI_K8S_* ...); a graph must be the same for everybody. */
function hideForeign(): () => void {
    const user = { ...process.env };
    const own = withoutForeign(user);
    for (const name of Object.keys(user)) if (!(name in own)) delete process.env[name];
    return () => void Object.assign(process.env, user);
}

/** The stack's settings as the engine hands them to a program: every key with its project, every value as text. */
function configOf(stack: string, project: string): Record<string, string> {
    const settings = field(readStackFile(stack).toJS(), "config") ?? {};
    const config = Object.entries(settings).map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        textOf(value),
    ]);
    return Object.fromEntries(config);
}

function textOf(value: unknown): string {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The runtime reports a failed Output as an unhandled rejection; here it becomes the failure of the capture. */
async function failOnUnhandled<T>(work: () => Promise<T>): Promise<T> {
    let reject: (reason: unknown) => void = () => undefined;
    const unhandled = new Promise<never>((_, fail) => {
        reject = fail;
    });
    process.on("unhandledRejection", reject);
    try {
        return await Promise.race([work(), unhandled]);
    } finally {
        process.off("unhandledRejection", reject);
    }
}
