import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { confirm } from "../../examples/team-app/cluster";
import { root } from "../program/stack";

jest.setTimeout(120_000);

let folder: string;
const example = (): string => path.join(folder, "team-app");
const installed = (): string => path.join(folder, "node_modules", "tars-platform-outputs", "dist");

/** The example as its team has it: a folder with its packages installed, and the package of outputs among them. */
beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-team-app-"));
    fs.cpSync(path.join(root, "examples", "team-app"), example(), { recursive: true });
    fs.mkdirSync(installed(), { recursive: true });
    fs.copyFileSync(path.join(root, "outputs", "package.json"), path.join(installed(), "..", "package.json"));
    for (const file of ["contract.ts", "index.ts", "platform.ts"])
        fs.copyFileSync(path.join(root, "outputs", file), path.join(installed(), file));
    for (const name of ["@pulumi", "@types", "zod"])
        fs.symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
    const compilerOptions = { types: ["node"] };
    fs.writeFileSync(
        path.join(example(), "tsconfig.json"),
        JSON.stringify({ extends: path.join(root, "tsconfig.json"), compilerOptions, include: ["*.ts"] }),
    );
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function typeCheck(): string {
    const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
    return spawnSync(process.execPath, [tsc, "--project", example()], { cwd: folder, encoding: "utf8" }).stdout;
}

function removeOutput(name: string): void {
    const file = path.join(installed(), "contract.ts");
    const text = fs.readFileSync(file, "utf8");
    const kept = text.replace(new RegExp(`^ +(readonly )?${name}: .*;\\n|^ +${name}: .*,\\n`, "gm"), "");
    expect(kept.length).toBeLessThan(text.length);
    fs.writeFileSync(file, kept);
}

test("the example passes its type check on the outputs of today", () => {
    expect(typeCheck()).toBe("");
});

test("a removed output fails the type check of the example, and nowhere but where it is used", () => {
    removeOutput("clusterIdentity");
    expect(typeCheck().trim()).toMatch(
        /^team-app\/index\.ts\(\d+,\d+\): error TS2339: Property 'clusterIdentity' does not exist on type 'Output<Contract>'\.$/,
    );
});

test("the example works on the platform's cluster and on no other", () => {
    expect(confirm("one", "one")).toBe("one");
    expect(() => confirm("one", "two")).toThrow(/has UID one here and two there\n +fix: select the platform's cluster/);
});
