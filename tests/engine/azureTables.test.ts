import * as fs from "node:fs";
import { azure as cloud } from "../../simulator/providers/azure";

describe("the tables are about properties that the SDK has", () => {
    const interfaceOf = (token: string): string => {
        const [, module = "", type = ""] = token.split(":");
        const file = require.resolve(
            `@pulumi/azure-native/${module}/${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`,
        );
        return fs.readFileSync(file, "utf8");
    };
    const names = (text: string, form: RegExp) => [...text.matchAll(form)].map(([, name]) => name);

    test.each(Object.entries(cloud.kinds))("%s", (token, kind) => {
        const text = interfaceOf(token);
        const inputs = names(text.slice(text.indexOf("Args {")), /^ {4}(\w+)\??: /gm);
        const outputs = names(text, /^ {4}readonly (\w+): pulumi/gm);
        expect(inputs.length).toBeGreaterThan(1);
        const asked = typeof kind.changes === "function" ? [] : Object.keys(kind.changes);
        const own = [...asked, ...(kind.required ?? []), ...(kind.references ?? []).map(({ path }) => path)];
        expect([...new Set(own.map((path) => path.split(".")[0]))].filter((name) => !inputs.includes(name))).toEqual(
            [],
        );
        // What the simulator itself needs to remember of a cluster.
        const made = kind.computed.filter((name) => name !== "controlPlane");
        expect(made.filter((name) => !outputs.includes(name))).toEqual([]);
    });
});
