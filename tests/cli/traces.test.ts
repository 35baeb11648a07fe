import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import { stringify } from "yaml";
import { filesHolding } from "../support/traces";
import { scratchFolder } from "./support";

const scratch = scratchFolder();
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();

const values = {
    "a password": 'Qm7<pA&9x"Zk3+Lw1/R',
    "a private key": pem,
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const wrapped = (text: string): string => text.replace(/.{76}/g, "$&\n    ");

/** How what writes a leaked value down may put it. */
const forms: Readonly<Record<string, (value: string) => string>> = {
    "as it is": (value) => value,
    "in JSON": (value) => JSON.stringify({ data: { value } }, undefined, 4),
    "in JSON within JSON, as in an annotation": (value) => JSON.stringify({ note: JSON.stringify({ value }) }),
    "in Go's JSON": (value) => JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("&", "\\u0026"),
    "in YAML": (value) => stringify({ stringData: { value } }),
    "in the lines of a difference": (value) => value.replace(/^/gm, "          + "),
    "in base64": base64,
    "in base64 that is wrapped": (value) => wrapped(base64(value)),
    "in base64 of something longer": (value) => base64(`postgres://user:${value}@host`),
    "in base64 of something longer, one byte on": (value) => base64(`postgres://users:${value}@host`),
    "in base64 of something longer, two bytes on": (value) => base64(`postgres://people:${value}@host`),
    "in base64 for addresses": (value) => Buffer.from(value).toString("base64url"),
};

describe.each(Object.entries(values))("a leak of %s", (name, value) => {
    it.each(Object.entries(forms))("is found %s", (form, write) => {
        const folder = scratch.at(name, form);
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(`${folder}/log`, `before ${write(value)} after`);
        expect(filesHolding(folder, values)).toEqual([`log: ${name}`]);
    });
});

test("what is no leak is not found: masked values, and a private key's first and last line", () => {
    const [begin, ...body] = pem.trim().split("\n");
    fs.mkdirSync(scratch.at("clean"));
    fs.writeFileSync(scratch.at("clean", "log"), `${begin} [secret] ${body.at(-1)} ${base64(`${begin}\n`)}`);
    expect(filesHolding(scratch.at("clean"), values)).toEqual([]);
});
