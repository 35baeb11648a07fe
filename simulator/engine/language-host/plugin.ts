import type { ServerWritableStream } from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { type Children, exitOf, locateModule, stopChild } from "./child";
import { loaderEnv, parseOptions } from "./options";
import { PolicyProxy } from "./policyproxy";

type Call = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** Run a plugin written for Node (a policy pack, or a provider) until it ends or the engine hangs up. */
export async function runPlugin(call: Call, children: Children): Promise<void> {
    const request = call.request;
    if (request.getAttachDebugger())
        throw new Error("this language host cannot attach a debugger; the official one can");
    const isPolicyPack = request.getKind() === "analyzer";
    const code = isPolicyPack ? await runPolicyPack(call, children) : await runProvider(call, children);
    // A call that was hung up on had its plugin interrupted for that reason.
    if (code !== 0 && !call.cancelled) throw new Error(`Program exited with non-zero exit code: ${code}`);
    call.end();
}

async function runProvider(call: Call, children: Children): Promise<number> {
    const folder = pluginFolder(call.request);
    const { args, env } = pluginCommand(call.request, "@pulumi/pulumi/cmd/run-plugin");
    const child = children.start([...args, folder, ...call.request.getArgsList()], call.request.getPwd(), env, "pipe");
    child.stdout?.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStdout(text)));
    child.stderr?.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStderr(text)));
    call.on("cancelled", () => stopChild(child));
    return exitOf(child);
}

/**
 * A pack learns stack and configuration from its environment, so it can be started only after the engine has sent them: the engine
 * talks to a proxy from the beginning.
 */
async function runPolicyPack(call: Call, children: Children): Promise<number> {
    const proxy = new PolicyProxy();
    const hungUp = new Promise<undefined>((resolve) => call.on("cancelled", () => resolve(undefined)));
    try {
        const { args, env } = pluginCommand(call.request, "@pulumi/pulumi/cmd/run-policy-pack");
        call.write(new RunPluginResponse().setStdout(Buffer.from(`${await proxy.listen()}\n`)));
        const stackEnv = await Promise.race([proxy.stackEnvironment, hungUp]);
        if (stackEnv === undefined) return 0;
        const folder = pluginFolder(call.request);
        const command = [...args, ...call.request.getArgsList(), folder];
        const child = children.start(command, folder, { ...env, ...stackEnv }, "pipe");
        call.on("cancelled", () => stopChild(child));
        child.stderr?.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStderr(text)));
        proxy.attach(child, (text) => call.write(new RunPluginResponse().setStdout(text)));
        return await exitOf(child);
    } finally {
        proxy.close();
    }
}

const pluginFolder = (request: RunPluginRequest) => request.getInfo()?.getProgramDirectory() ?? request.getProgram();

function pluginCommand(request: RunPluginRequest, module: string): { args: string[]; env: Record<string, string> } {
    const options = parseOptions(request.getInfo());
    const folder = pluginFolder(request);
    const env = Object.fromEntries(
        request.getEnvList().map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
    const runner = locateModule(module, folder, `npm install in ${folder}`);
    return { args: [...options.nodeargs, runner], env: { ...env, ...loaderEnv(options) } };
}
