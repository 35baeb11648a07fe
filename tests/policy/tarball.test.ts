import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rules } from "../../policy/registry";
import { resourcesOf } from "../../policy/samples";
import { StartedPack } from "./startedPack";
import { ruleOf } from "./support";

// Installs the pack's dependencies from the registry.
jest.setTimeout(10 * 60_000);

const root = path.resolve(__dirname, "..", "..");

let pack: StartedPack;
afterAll(() => pack?.stop());

test("the pack works where only its tarball was installed", async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), "packed-pack-"));
    const [tarballs, home] = [path.join(scratch, "tarballs"), path.join(scratch, "home")];
    mkdirSync(tarballs);
    mkdirSync(home);
    npm(["pack", "--ignore-scripts", "--pack-destination", tarballs], path.join(root, "policy"));
    const [tarball = ""] = readdirSync(tarballs);
    writeFileSync(path.join(home, "package.json"), "{}");
    npm(["install", "--no-audit", "--no-fund", "--prefer-offline", path.join(tarballs, tarball)], home);
    const installed = path.join(home, "node_modules", "tars-platform-policy");
    pack = await StartedPack.run(installed, scratch, {
        ...process.env,
        PULUMI_PROJECT: "p",
        PULUMI_CONFIG: JSON.stringify({ "p:environment": "dev" }),
    });

    const known = (await pack.info()).getPoliciesList().map((policy) => policy.getName());
    expect(known).toEqual(rules.filter(({ scope }) => scope !== "stacks").map(({ id }) => id));
    const [failing] = ruleOf("POD-01").samples.failing;
    const found = await pack.preview(failing ? resourcesOf(failing.sample) : []);
    expect(found).toContainEqual(expect.objectContaining({ rule: "POD-01", level: "mandatory" }));
});

function npm(args: readonly string[], cwd: string): void {
    execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}
