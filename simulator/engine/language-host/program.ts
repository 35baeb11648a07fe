import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { type Children, exitOf, locateModule, watchMemory } from "./child";
import { loaderEnv, parseOptions } from "./options";

/** The program has told its user what is wrong: the engine is to stop without a word more. Set by the SDK, cmd/run/index.js. */
const exitedAfterExplaining = 32;

/** Run a Pulumi program to its end. */
export async function runProgram(request: RunRequest, engine: string, children: Children): Promise<RunResponse> {
    try {
        if (request.getAttachDebugger())
            throw new Error("this language host cannot attach a debugger; the official one can");
        return await run(request, engine, children);
    } catch (error) {
        return new RunResponse().setError(error instanceof Error ? error.message : String(error));
    }
}

async function run(request: RunRequest, engine: string, children: Children): Promise<RunResponse> {
    const info = request.getInfo();
    const folder = info?.getProgramDirectory() ?? request.getPwd();
    const options = parseOptions(info);
    const runner = locateModule("@pulumi/pulumi/cmd/run", folder, "npm ci");
    const env = { ...process.env, ...loaderEnv(options), ...configEnv(request) };
    const args = [...options.nodeargs, runner, ...programArguments(request, folder, engine)];
    const child = children.start(args, folder, env, "inherit");
    const memory = watchMemory(child.stderr, (text) => process.stderr.write(text));
    const code = await exitOf(child);
    if (code === 0) return new RunResponse();
    if (code === exitedAfterExplaining) return new RunResponse().setBail(true);
    const hint = memory.exhausted
        ? ". It ran out of memory: set nodeargs: --max-old-space-size=MEGABYTES under runtime options"
        : "";
    return new RunResponse().setError(`Program exited with non-zero exit code: ${code}${hint}`);
}

/** Command line of the SDK's cmd/run. */
function programArguments(request: RunRequest, folder: string, engine: string): string[] {
    const named = {
        monitor: request.getMonitorAddress(),
        engine,
        organization: request.getOrganization(),
        project: request.getProject(),
        "root-directory": request.getInfo()?.getRootDirectory(),
        stack: request.getStack(),
        pwd: folder,
        parallel: String(request.getParallel()),
    };
    return [
        ...Object.entries(named).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
        ...(request.getDryrun() ? ["--dry-run"] : []),
        request.getInfo()?.getEntryPoint() || ".",
        ...request.getArgsList(),
    ];
}

function configEnv(request: RunRequest): Record<string, string> {
    const config = Object.fromEntries(request.getConfigMap().entries());
    return {
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    };
}
