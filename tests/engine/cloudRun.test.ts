import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Cloud, CloudKind } from "../../simulator/providers/cloud/kind";
import { CloudRun } from "../../simulator/providers/cloud/run";
import { type Properties, unknownValue } from "../../simulator/providers/properties";

/** What all simulated clouds share, with a cloud of boxes and things in them. */

const box: CloudKind = {
    required: ["size"],
    defaults: { colour: "grey" },
    autoName: { property: "name", longest: 20 },
    changes: { name: "replace", size: "update", colour: "update", label: "update" },
    computed: ["serial", "room"],
    recomputed: ["room"],
    secrets: ["lock"],
    create: ({ inputs, unique }) => ({
        id: String(inputs.name),
        outputs: { serial: unique, room: inputs.size ?? 0, lock: "0000-secret" },
    }),
    update: ({ inputs }, before) => ({ serial: before.serial ?? "", room: inputs.size ?? 0 }),
};

let made: string[] = [];
const thing: CloudKind = {
    required: ["box"],
    references: [{ path: "box", to: ["toy:index:Box"] }],
    changes: { box: "replace" },
    computed: [],
    create: ({ name }) => ({ id: name, outputs: {} }),
    effects: {
        created: async ({ name }) => {
            if (name === "broken") throw new Error("cannot be made");
            made.push(name);
            return { at: "home" };
        },
        deleted: async ({ id }) => {
            made = made.filter((other) => other !== id);
        },
    },
};

const toy: Cloud = {
    name: "toy",
    version: "1.0.0",
    kinds: { "toy:index:Box": box, "toy:index:Thing": thing },
    functions: { "toy:index:ask": (args, _cloud, config) => ({ ...args, ...config }) },
};

let folder: string;
let warnings: string[];
let run: CloudRun;
const open = () => new CloudRun(toy, async (_urn, message) => void warnings.push(message));
const urn = (type: string, name: string) => `urn:pulumi:s::p::toy:index:${type}::${name}`;
const make = (type: string, name: string, values: Properties, secrets: string[] = []) =>
    run.create(urn(type, name), { values, secrets: new Set(secrets) });
const file = () => fs.readFileSync(path.join(folder, "toy.json"), "utf8");

beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-toy-"));
    process.env.TARS_SIMULATOR_CLOUD = folder;
    made = [];
    warnings = [];
    run = open();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("a preview says what is known, and a name of our own stays the same", () => {
    const first = run.check(urn("Box", "b"), {}, { size: 1 }, "seed").inputs;
    expect(first.name).toMatch(/^b-[0-9a-f]{7}$/);
    expect(run.check(urn("Box", "b"), first, { size: 2 }, "other").inputs).toEqual({ ...first, size: 2 });
    expect(run.previewCreate(urn("Box", "b"), first)).toMatchObject({ colour: "grey", size: 1, serial: unknownValue });
    const state = { ...first, serial: "s", room: 1 };
    expect(run.previewUpdate(urn("Box", "b"), state, { size: 2 })).toMatchObject({ serial: "s", room: unknownValue });
    expect(run.check(urn("Box", "b"), {}, {}, "seed").issues).toEqual([{ property: "size", reason: "is required" }]);
    expect(run.check(urn("Box", "b"), {}, { size: unknownValue }, "seed").issues).toEqual([]);
});

test("another provider, and the next run, know what exists; two of them at once lose nothing", async () => {
    const other = open();
    const names = Array.from({ length: 20 }, (_, index) => `b${index}`);
    const runs = names.map((name, index) =>
        (index % 2 ? run : other).create(urn("Box", name), { values: { name, size: 1 }, secrets: new Set() }),
    );
    const serials = (await Promise.all(runs)).map(({ outputs }) => outputs.serial);
    expect(new Set(serials).size).toBe(20);
    for (const name of names) expect((await open().read("toy:index:Box", name))?.ready).toBe(true);
    await expect(make("Box", "again", { name: "b1", size: 1 })).rejects.toThrow("toy:index:Box b1 exists already");
});

test("what is secret is not in the file", async () => {
    await make("Box", "b", { name: "b", size: 1, label: "canary-word" }, ["label"]);
    expect(file()).toContain('"colour": "grey"');
    expect(file()).not.toContain("canary-word");
    expect(file()).not.toContain("0000-secret");
});

test("changes: in place, another one, one before the other, and one that nobody knows", async () => {
    const before = { name: "b", size: 1 };
    const diff = (after: Properties, from: Properties = before) => run.diff(urn("Box", "b"), from, after);
    expect(await diff({ name: "b", size: 1, colour: "grey" })).toEqual({ changes: [], deleteFirst: false });
    expect(await diff({ name: "b", size: 2 })).toMatchObject({ changes: [{ property: "size", replace: false }] });
    expect(await diff({ name: "c", size: 1 })).toMatchObject({ changes: [{ replace: true }], deleteFirst: false });
    expect(await diff({ name: "b", size: unknownValue })).toMatchObject({ changes: [{ property: "size" }] });
    expect(warnings).toEqual([]);
    const unknown = await diff({ name: "b", size: 1, handle: { of: "brass" } });
    expect(unknown).toEqual({ changes: [{ property: "handle", kind: "add", replace: true }], deleteFirst: true });
    expect(warnings).toEqual([
        expect.stringContaining("change of handle does is unknown: confirm with a real preview"),
    ]);
    const own = { name: "b-1234567", size: 1 };
    expect(await diff({ ...own, handle: 1 }, own)).toMatchObject({ deleteFirst: false });
});

test("what is referred to must be there and ready, and stays while it is used", async () => {
    await expect(make("Thing", "t", { box: "b" })).rejects.toThrow('toy:index:Thing t: box "b" does not exist');
    await make("Box", "b", { name: "b", size: 1 });
    expect(await make("Thing", "t", { box: "b" })).toMatchObject({ id: "t", outputs: { at: "home" } });
    await expect(run.delete(urn("Box", "b"), "b")).rejects.toThrow("still in use by toy:index:Thing t");
    await run.delete(urn("Thing", "t"), "t");
    expect(made).toEqual([]);
    await run.delete(urn("Box", "b"), "b");
    await run.delete(urn("Box", "b"), "b");
    expect(JSON.parse(file()).resources).toEqual([]);
});

test("what cannot be made leaves nothing, and what was cut off is made again", async () => {
    await make("Box", "b", { name: "b", size: 1 });
    await expect(make("Thing", "broken", { box: "b" })).rejects.toThrow("cannot be made");
    expect(JSON.parse(file()).resources).toHaveLength(1);
    const content = JSON.parse(file());
    const half = { type: "toy:index:Thing", id: "t", urn: urn("Thing", "t"), inputs: {}, outputs: {}, ready: false };
    fs.writeFileSync(
        path.join(folder, "toy.json"),
        JSON.stringify({ ...content, resources: [...content.resources, half] }),
    );
    expect(await make("Thing", "t", { box: "b" })).toMatchObject({ id: "t" });
});

test("trouble comes at the call that it is ordered for", async () => {
    const order = (...faults: object[]) => fs.writeFileSync(path.join(folder, "faults.json"), JSON.stringify(faults));
    order({ type: "toy:index:Box", operation: "create", call: 2, message: "no room" });
    await make("Box", "a", { name: "a", size: 1 });
    await expect(make("Box", "b", { name: "b", size: 1 })).rejects.toThrow("no room");
    await make("Box", "b", { name: "b", size: 1 });
    order({ type: "toy:index:Box", name: "d", delayMs: 150 }, { type: "toy:index:ask", message: "asked too much" });
    const began = Date.now();
    await make("Box", "c", { name: "c", size: 1 });
    await make("Box", "d", { name: "d", size: 1 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(150);
    await expect(run.invoke("toy:index:ask", {})).rejects.toThrow("asked too much");
});

test("what it does not have is an error that names it; a provider's settings reach its functions", async () => {
    run.configure({ region: "here", nested: '{"of":"toys"}' });
    expect(await run.invoke("toy:index:ask", { a: 1 })).toEqual({ a: 1, region: "here", nested: { of: "toys" } });
    await expect(run.invoke("toy:index:tell", {})).rejects.toThrow(
        "the simulator's toy plugin has no function toy:index:tell",
    );
    expect(() => run.secretsOf(urn("Bag", "b"))).toThrow(
        "the simulator's toy plugin has no resource type toy:index:Bag",
    );
});
