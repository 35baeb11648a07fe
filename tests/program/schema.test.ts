import * as fs from "node:fs";
import * as path from "node:path";
import Ajv from "ajv/dist/2020";
import { parse } from "yaml";
import * as clouds from "../../components/cloud/registry";
import { stackFileJsonSchema } from "../../components/settings/jsonSchema";
import { root, stacks } from "./stack";

const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const files = stacks().map(({ name }) => `Pulumi.${name}.yaml`);

test("stack.schema.json is what the settings say; if the change is meant: npx tars schema > stack.schema.json", () => {
    expect(JSON.parse(read("stack.schema.json"))).toEqual(JSON.parse(JSON.stringify(stackFileJsonSchema(clouds))));
});

describe.each(files)("%s", (file) => {
    test("tells editors its schema", () => {
        expect(read(file).split("\n")[0]).toBe("# yaml-language-server: $schema=./stack.schema.json");
    });

    test("is what the schema wants", () => {
        const validate = new Ajv({ strict: false, validateFormats: false }).compile(
            JSON.parse(read("stack.schema.json")),
        );
        validate(parse(read(file)));
        expect(validate.errors).toBeNull();
    });

    test("is short, and holds no secret", () => {
        expect(read(file).split("\n").length).toBeLessThan(80);
        expect(read(file)).not.toMatch(/^\s*secure:|encryptionsalt|encryptedkey/m);
    });
});
