import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type DefinitionRow, ensureDefinitions, type StepReport } from "../../simulator/engine";

let folder: string;
const at = (...parts: string[]): string => path.join(folder, ...parts);

beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-definitions-"));
    for (const [name, text] of Object.entries({
        "module/crd/b.yaml": "kind: B\n",
        "module/crd/a.yaml": "---\nkind: A",
        "module/crd/a.yaml.txt": "not one",
        "schemas/own.yaml": "kind: Own\n",
    })) {
        fs.mkdirSync(path.dirname(at(name)), { recursive: true });
        fs.writeFileSync(at(name), text);
    }
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const sum = "h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0=";
const address = "https://example.com/crds.yaml";
const row: DefinitionRow = {
    url: address,
    module: { path: "example.com/module", version: "v1.0.0", sum, files: ["crd/*.yaml"] },
    schemas: ["own.yaml"],
};

interface Fetched {
    readonly text: string;
    readonly file: string;
    readonly steps: readonly StepReport[];
}

/** Fetches with a `go` that is this shell script. */
async function fetch(script: string, changed: DefinitionRow = row): Promise<Fetched> {
    const bin = at("bin");
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, "go"), `#!/bin/sh\necho "$@ in $GOSUMDB" >> ${at("calls")}\n${script}\n`, {
        mode: 0o755,
    });
    const steps: StepReport[] = [];
    const found = await ensureDefinitions({
        rows: [changed],
        schemas: at("schemas"),
        report: (step) => steps.push(step),
        signal: new AbortController().signal,
        env: { ...process.env, PATH: `${bin}:/usr/bin:/bin`, TARS_CACHE_DIR: at("cache") },
    });
    const file = found[address] ?? "";
    return { text: fs.readFileSync(file, "utf8"), file, steps };
}

const answer = (said: object): string => `cat <<'END'\n${JSON.stringify(said)}\nEND`;
const served = (): string => answer({ Dir: at("module"), Sum: sum });
const calls = (): string => fs.readFileSync(at("calls"), "utf8");

test("the files of a module and our own become one, fetched once and there at once the next time", async () => {
    const first = await fetch(served());
    expect(first.text).toBe("---\n---\nkind: A\n---\nkind: B\n---\nkind: Own\n");
    expect(first.steps.at(-1)).toMatchObject({ step: "fetch definitions", state: "done", detail: "1 fetched" });
    const second = await fetch(served());
    expect(second).toEqual({ ...first, steps: [] });
    expect(calls()).toBe("mod download -json example.com/module@v1.0.0 in off\n");
});

test("a damaged file is fetched again, another row into another file", async () => {
    const { file, text } = await fetch(served());
    fs.writeFileSync(file, "kind: Else\n");
    expect(await fetch(served())).toMatchObject({ file, text });
    fs.appendFileSync(at("schemas", "own.yaml"), "more: true\n");
    expect((await fetch(served())).file).not.toBe(file);
});

test.each([
    ["another sum", () => answer({ Dir: at("module"), Sum: "h1:other" }), "has the sum h1:other, not h1:Rq"],
    ["a refusal", () => `${answer({ Error: "403 Forbidden" })}\nexit 1`, "cannot be downloaded: 403 Forbidden"],
])("a module with %s is refused with exit code 4", async (_, script, message) => {
    const fetched = fetch(script());
    await expect(fetched).rejects.toMatchObject({ message: expect.stringContaining(message), exitCode: 4 });
    expect(fs.readdirSync(at("cache", "definitions"))).toEqual([]);
});

test("a module without a file that the row names is refused by that name", async () => {
    const files = ["crd/a.yaml", "crd/none*.yaml", "nowhere/a.yaml"];
    const wrong = { url: address, module: { path: "example.com/module", version: "v1.0.0", sum, files } };
    await expect(fetch(served(), wrong)).rejects.toThrow("has no crd/none*.yaml, no nowhere/a.yaml");
});
