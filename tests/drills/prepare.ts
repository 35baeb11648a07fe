import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { publish } from "./prepared";

const root = path.resolve(__dirname, "..", "..");
const requirements = path.join(__dirname, "requirements.txt");

/** Longest that packages may take to come, in milliseconds: whoever has none of them yet fetches some 400 MB. */
const patienceMs = 600_000;

/** Jest's global setup of the project: puts the servers there, or says why there are none. */
export default function prepare(): void {
    try {
        const python = environment();
        const packages = tell(python, ["-c", "import sysconfig; print(sysconfig.get_paths()['platlib'])"]);
        publish({ kind: "ready", python, packages, prefix: leash() });
    } catch (error) {
        publish({ kind: "missing", reason: error instanceof Error ? error.message : String(error) });
    }
}

/** An environment of Python with the servers in it: one for each list of them, made once. */
function environment(): string {
    if (process.platform !== "linux") throw new Error("its servers are packaged for Linux");
    const text = fs.readFileSync(requirements, "utf8");
    const version = tell("python3", ["-c", "import sys, venv, ensurepip; print(sys.version)"]);
    const name = createHash("sha256").update(`${version}\n${text}`).digest("hex").slice(0, 12);
    const folder = path.join(root, ".tars", "drills", name);
    const python = path.join(folder, "bin", "python3");
    const done = path.join(folder, "done");
    if (fs.existsSync(done)) return python;
    fs.rmSync(folder, { recursive: true, force: true });
    tell("python3", ["-m", "venv", folder]);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    // Wheels alone, and none but these: nothing is compiled here.
    const alone = ["--no-deps", "--only-binary", ":all:"];
    tell(python, ["-m", "pip", "install", ...quiet, ...alone, "--requirement", requirements]);
    fs.writeFileSync(done, "");
    return python;
}

/**
 * What servers are started with: they end with the test that started them, however that ends; and they have no rights over the machine, without which
 * PostgreSQL refuses to start.
 */
function leash(): readonly string[] {
    const leashed = ["setpriv", "--pdeathsig", "KILL", "--"];
    const unprivileged = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", ...leashed];
    const words = process.getuid?.() === 0 ? unprivileged : leashed;
    const [command = "", ...rest] = [...words, "true"];
    tell(command, rest);
    return words;
}

function tell(command: string, args: readonly string[]): string {
    const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: patienceMs });
    if (error !== undefined) throw new Error(`${command}: ${error.message}`);
    if (status !== 0) throw new Error(`${command} ${args.at(0)}: ${stderr.trim().split("\n").at(-1) ?? status}`);
    return stdout.trim();
}
