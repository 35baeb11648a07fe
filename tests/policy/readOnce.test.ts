import { readOnce } from "../../policy/readOnce";

test("what the engine sent is converted once for all rules that read, and anew for each that may write", () => {
    let conversions = 0;
    const sdk = {
        deserializeProperties: (_sent: object, _keepSecretMarks: boolean): unknown => ({ conversion: ++conversions }),
    };
    readOnce(sdk);
    const [first, second] = [{}, {}];
    expect(sdk.deserializeProperties(first, false)).toBe(sdk.deserializeProperties(first, false));
    expect(sdk.deserializeProperties(second, false)).toEqual({ conversion: 2 });
    expect(sdk.deserializeProperties(first, true)).toEqual({ conversion: 3 });
    expect(sdk.deserializeProperties(first, true)).toEqual({ conversion: 4 });
});

test("the SDK that is pinned keeps the function where it is looked for, and calls it there", () => {
    const sdk: unknown = require("@pulumi/policy/deserialize");
    expect(sdk).toHaveProperty("deserializeProperties", expect.any(Function));
    const server = require("node:fs").readFileSync(require.resolve("@pulumi/policy/server"), "utf8");
    expect(server).toContain("deserialize_1.deserializeProperties(req.getProperties(), false)");
    expect(server).toContain("deserialize_1.deserializeProperties(r.getProperties(), false)");
});

test("another SDK is left alone", () => {
    expect(() => [undefined, {}, "text"].forEach(readOnce)).not.toThrow();
});
