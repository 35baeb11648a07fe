import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { contract, contractVersion } from "../../outputs/contract";
import { root } from "../program/stack";
import { brokenPromises } from "./promises";

/** Set to 1, the contract's file is written anew with what was added; what was taken away needs a new contract version. */
const isUpdate = process.env.TARS_UPDATE_GOLDEN === "1";

/** One file a version. Those of earlier versions stay: they say what consumers of that version were promised. */
const file = path.join(root, "outputs", "contract", `v${contractVersion}.json`);
const current = (): unknown => JSON.parse(JSON.stringify(z.toJSONSchema(contract)));
const recorded = (): unknown => JSON.parse(fs.readFileSync(file, "utf8"));

beforeAll(() => {
    if (!isUpdate) return;
    if (fs.existsSync(file)) expect(brokenPromises(recorded(), current())).toEqual([]);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify(current(), null, 4)}\n`);
});

test("nothing that was promised is gone or of another type; if it must be, raise contractVersion", () => {
    expect(brokenPromises(recorded(), current())).toEqual([]);
});

test("what was added is recorded; if it is meant, run with TARS_UPDATE_GOLDEN=1", () => {
    expect(current()).toEqual(recorded());
});

test.each(Object.keys(contract.shape))("the README says what %s means", (name) => {
    const readme = fs.readFileSync(path.join(root, "outputs", "README.md"), "utf8");
    expect(readme).toMatch(new RegExp(`^\\| \`${name}[.\`]`, "m"));
});

describe("the comparison with what was promised", () => {
    const changed = (change: (shape: typeof contract.shape) => z.ZodRawShape) =>
        brokenPromises(recorded(), JSON.parse(JSON.stringify(z.toJSONSchema(z.object(change(contract.shape))))));

    test("finds a removed output", () => {
        const found = changed(({ clusterIdentity: _, ...kept }) => kept);
        expect(found).toEqual(["properties.clusterIdentity is gone", 'required no longer holds "clusterIdentity"']);
    });

    test("finds an output within an output that was removed", () => {
        const found = changed((shape) => ({ ...shape, urls: shape.urls.omit({ docs: true }) }));
        expect(found).toContain("properties.urls.properties.docs is gone");
    });

    test("finds an output of another type", () => {
        const found = changed((shape) => ({ ...shape, hosts: z.string() }));
        expect(found).toContain('properties.hosts.type was "array" and is "string"');
    });

    test("finds an output that may now be absent", () => {
        const found = changed((shape) => ({ ...shape, namespace: shape.namespace.optional() }));
        expect(found).toEqual(['required no longer holds "namespace"']);
    });

    test("lets an output be added", () => {
        expect(changed((shape) => ({ ...shape, region: z.string() }))).toEqual([]);
    });
});
