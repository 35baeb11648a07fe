import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureToolchain, layOutPlugins, pins, type Toolchain } from "../../simulator/engine";
import { isRunning } from "../../simulator/system/processes";
import { startNode, until, untilGone } from "./processes";

/** Through the real engine: the language host, the plugins' layout and the random and tls plugins at once. */

const root = path.join(__dirname, "..", "..");
let folder: string;
let toolchain: Toolchain;
let env: NodeJS.ProcessEnv;

jest.setTimeout(120_000);

beforeAll(async () => {
    // `npm test` has built it; run alone on a new machine this builds it.
    toolchain = await ensureToolchain({ report: () => undefined, signal: new AbortController().signal });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-engine-"));
    fs.mkdirSync(path.join(folder, "backend"));
    fs.mkdirSync(path.join(folder, "pack"));
    fs.writeFileSync(path.join(folder, "passphrase"), "a test's");
    for (const place of ["", "pack"]) {
        fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, place, "node_modules"));
    }
    const laidOut = await layOutPlugins({
        directory: path.join(folder, "plugins"),
        pulumiHome: path.join(folder, "home"),
        toolchain,
        choice: { kind: "own" },
        token: "test",
    });
    env = {
        ...process.env,
        ...laidOut.env,
        PULUMI_HOME: path.join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: path.join(folder, "passphrase"),
    };
    write("package.json", JSON.stringify({ name: "program", main: "index.js" }));
    write(
        "Pulumi.yaml",
        "name: program\nruntime:\n    name: nodejs\n    options:\n        typescript: false\n        nodeargs: --title=tars-test-program\n",
    );
    write("pack/package.json", JSON.stringify({ name: "pack", version: "1.0.0", main: "index.js" }));
    write("pack/PulumiPolicy.yaml", "runtime: nodejs\n");
    write("index.js", "");
    await pulumi("stack", "init", "dev");
}, 1_200_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text);

/** Everything an engine printed; rejects with it when the engine fails. */
function pulumi(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        execFile(toolchain.pulumi, [...args, "--non-interactive"], { cwd: folder, env }, (error, stdout, stderr) =>
            error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr),
        );
    });
}

const up = () => pulumi("up", "--yes", "--skip-preview");

const program = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const tls = require("@pulumi/tls");
const config = new pulumi.Config();
const password = new random.RandomPassword("password", { length: 32, keepers: { generation: config.get("generation") ?? "1" } });
const bytes = new random.RandomBytes("bytes", { length: 32 });
const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const certificate = new tls.SelfSignedCert("certificate", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "tars.local" },
    dnsNames: ["tars.local"],
    allowedUses: ["server_auth"],
    validityPeriodHours: 8760,
    earlyRenewalHours: Number(config.get("early") ?? 24),
});
module.exports = { password: password.result, bytes: bytes.hex, key: key.privateKeyPem, certificate: certificate.certPem };
`;

const outputs = async () => JSON.parse(await pulumi("stack", "output", "--json", "--show-secrets"));

test("random and tls: real values, an empty second preview, secrets as ciphertext, replaced by keepers alone", async () => {
    write("index.js", program);
    expect(await pulumi("preview")).not.toContain("warning");
    expect(await up()).not.toContain("warning");
    const first = await outputs();
    expect(first.password).toHaveLength(32);
    expect(new X509Certificate(first.certificate).checkHost("tars.local")).toBe("tars.local");
    await pulumi("preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    const state = fs.readFileSync(path.join(folder, "backend/.pulumi/stacks/program/dev.json"), "utf8");
    for (const secret of [
        first.password,
        first.bytes,
        Buffer.from(first.bytes, "hex").toString("base64"),
        first.key.slice(40, 90),
    ]) {
        expect(state).not.toContain(secret);
    }
    await pulumi("config", "set", "generation", "2");
    await pulumi("config", "set", "early", "48");
    const changed = await up();
    expect(changed).toMatch(/RandomPassword password (created )?replace/);
    expect(changed).toMatch(/SelfSignedCert certificate updated/);
    const second = await outputs();
    expect(second.password).not.toBe(first.password);
    expect({ ...second, password: 0 }).toEqual({ ...first, password: 0 });
    // 365 days and 48 hours before the end have begun when all hours of validity are early.
    await pulumi("config", "set", "early", "8760");
    expect(await up()).toMatch(/SelfSignedCert certificate (created )?replace/);
});

test("inputs that cannot be are refused in the preview, all at once", async () => {
    write("index.js", 'new (require("@pulumi/random").RandomPassword)("p", { length: 1, minLower: 2 });');
    const failure = await pulumi("preview").catch((error: Error) => error.message);
    write("index.js", 'new (require("@pulumi/random").RandomPassword)("p", { length: 1, upper: "no", minLower: -1 });');
    expect(failure).toContain("length must be at least 2, the sum of the min* counts, got 1");
    const types = await pulumi("preview").catch((error: Error) => error.message);
    expect(types).toContain("upper must be true or false");
    expect(types).toContain("minLower must be at least 0, got -1");
});

test("a resource type or function that the simulator does not have is an error that names it", async () => {
    write("index.js", 'new (require("@pulumi/random").RandomPet)("p");');
    await expect(pulumi("preview")).rejects.toThrow("no resource type random:index/randomPet:RandomPet");
    write("index.js", 'require("@pulumi/tls").getPublicKey({ privateKeyPem: "x" });');
    await expect(pulumi("preview")).rejects.toThrow("no function tls:index/getPublicKey:getPublicKey");
});

test("a policy pack gets stack and configuration, sees the resources and stops an update", async () => {
    write("index.js", 'new (require("@pulumi/random").RandomString)("short", { length: 4 });');
    write(
        "pack/index.js",
        `const { PolicyPack } = require("@pulumi/policy");
const pulumi = require("@pulumi/pulumi");
const least = new pulumi.Config("program").requireNumber("least");
new PolicyPack("pack", { policies: [{
    name: "length", description: "long enough", enforcementLevel: "mandatory",
    validateResource: (args, report) => {
        if (args.type.includes("RandomString") && args.props.length < least) report("too short for " + pulumi.getStack());
    },
}] });`,
    );
    await pulumi("config", "set", "least", "5");
    await expect(pulumi("preview", "--policy-pack", "pack")).rejects.toThrow("too short for dev");
    await pulumi("config", "set", "least", "4");
    expect(await pulumi("preview", "--policy-pack", "pack")).toContain("RandomString short");
});

test("a policy pack that does not start fails the preview with its own words", async () => {
    write("pack/index.js", 'throw new Error("pack is broken");');
    await expect(pulumi("preview", "--policy-pack", "pack")).rejects.toThrow("pack is broken");
});

test("a program's own words are all that is said of its failure", async () => {
    write("index.js", 'const { RunError } = require("@pulumi/pulumi"); throw new RunError("settings are wrong");');
    const failure: string = await pulumi("preview").catch((error: Error) => error.message);
    expect(failure).toContain("settings are wrong");
    expect(failure).not.toContain("non-zero exit code");
    write("index.js", "process.exit(5);");
    await expect(pulumi("preview")).rejects.toThrow("Program exited with non-zero exit code: 5");
});

test("secret configuration is secret to the program", async () => {
    await pulumi("config", "set", "--secret", "word", "canary-word");
    write(
        "index.js",
        'const config = new (require("@pulumi/pulumi").Config)(); exports.value = config.requireSecret("word");',
    );
    const printed = await up();
    expect(printed).toContain("[secret]");
    expect(printed).not.toContain("canary-word");
});

test("about and the plugins a program needs are told as the official host does", async () => {
    write(
        "package.json",
        JSON.stringify({ name: "program", main: "index.js", dependencies: { "@pulumi/pulumi": "x" } }),
    );
    const about = JSON.parse(await pulumi("about", "--json"));
    expect(about.runtime).toMatchObject({
        language: "nodejs",
        version: process.version.startsWith("v20") ? expect.any(String) : process.version,
    });
    expect(about.dependencies).toContainEqual({ name: "@pulumi/pulumi", version: pins.pulumi });
});

test("killing the engine leaves no program and no plugin", async () => {
    write(
        "index.js",
        'new (require("@pulumi/random").RandomString)("s", { length: 4 }); setInterval(() => {}, 1000); console.log("pid " + process.pid);',
    );
    const starter = path.join(__dirname, "starter.js");
    const args = [starter, "leash", toolchain.pulumi, "preview", "--non-interactive", "--cwd", folder];
    const { process: parent, lines, closed } = startNode(args, env);
    const pid = Number(await until(() => /pid (\d+)/.exec(lines.join("\n"))?.[1]));
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await closed;
    await untilGone(pid);
});
