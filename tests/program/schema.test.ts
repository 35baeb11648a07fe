import * as fs from "node:fs";
import * as path from "node:path";
import Ajv from "ajv/dist/2020";
import { parse } from "yaml";
import * as clouds from "../../components/cloud/registry";
import { Issues } from "../../components/foundation/issues";
import { checkDisjoint } from "../../components/foundation/ranges";
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
        expect(read(file).split("\n").length).toBeLessThan(100);
        expect(read(file)).not.toMatch(/^\s*secure:|encryptionsalt|encryptedkey/m);
    });
});

test("the networks of any two stacks can be joined: none of their routed ranges overlap", () => {
    const ranges = files.flatMap((file) => {
        const found = /^ +cidr: (\S+)$/m.exec(read(file))?.[1];
        return found === undefined ? [] : [{ key: file, cidr: found, routed: true }];
    });
    expect(ranges.length).toBeGreaterThan(2);
    const issues = new Issues();
    checkDisjoint(ranges, issues);
    expect(issues.all).toEqual([]);
});

test("at most one stack of an account or subscription keeps its account-wide services", () => {
    const managing = files.flatMap((file) => {
        const text = read(file);
        const owner = /^ +(?:account|subscription): (\S+)$/m.exec(text)?.[1];
        return /^ +accountBaseline: managed$/m.test(text) ? [owner] : [];
    });
    expect(new Set(managing).size).toBe(managing.length);
});
