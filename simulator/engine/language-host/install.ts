import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { type InstallDependenciesRequest, InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb";

type Call = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** Install exactly what the lock file says, in the nearest folder upwards that has one; without one, what package.json says. */
export async function installDependencies(call: Call): Promise<void> {
    const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
    const locked = findUpwards(folder, "package-lock.json");
    const npm = spawn("npm", [locked ? "ci" : "install"], { cwd: locked ?? folder, stdio: ["ignore", "pipe", "pipe"] });
    npm.stdout.on("data", (text: Buffer) => call.write(new InstallDependenciesResponse().setStdout(text)));
    npm.stderr.on("data", (text: Buffer) => call.write(new InstallDependenciesResponse().setStderr(text)));
    call.on("cancelled", () => npm.kill("SIGINT"));
    const code = await new Promise<number>((resolve, reject) => {
        npm.once("error", reject);
        npm.once("close", (exit) => resolve(exit ?? 128));
    });
    if (code !== 0)
        throw new Error(`npm ${locked ? "ci" : "install"} in ${locked ?? folder} ended with exit code ${code}`);
    call.end();
}

function findUpwards(folder: string, file: string): string | undefined {
    if (existsSync(join(folder, file))) return folder;
    return dirname(folder) === folder ? undefined : findUpwards(dirname(folder), file);
}
