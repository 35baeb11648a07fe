import { readFileSync } from "node:fs";
import { AnalyzeRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { readPlainStructs, structOfMessages } from "../../policy/sdk/plainStructs";
import { readOnce } from "../../policy/sdk/readOnce";
import { unguarded } from "../../policy/sdk/unguarded";

// What the pack changes in the pinned SDK, and that it is still where it was.

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
    const server = readFileSync(require.resolve("@pulumi/policy/server"), "utf8");
    expect(server).toContain("deserialize_1.deserializeProperties(req.getProperties(), false)");
    expect(server).toContain("deserialize_1.deserializeProperties(r.getProperties(), false)");
});

test("another SDK is left alone", () => {
    expect(() => [undefined, {}, "text"].forEach(readOnce)).not.toThrow();
});

describe("properties read from the wire without messages between", () => {
    const Struct = structOfMessages();
    const { deserializeBinaryFromReader, prototype } = Struct;
    const { getFieldsMap, toJavaScript } = prototype;
    const restore = () => {
        Struct.deserializeBinaryFromReader = deserializeBinaryFromReader;
        Object.assign(prototype, { getFieldsMap, toJavaScript });
    };
    const sent = (content: object) => {
        const request = new AnalyzeRequest().setUrn("urn").setProperties(Struct.fromJavaScript({ ...content }));
        return request.serializeBinary();
    };
    const received = (bytes: Uint8Array) => {
        const request = AnalyzeRequest.deserializeBinary(bytes);
        expect(request.getUrn()).toBe("urn");
        return request.getProperties();
    };
    afterEach(restore);

    test("are what the generated code makes of them, whatever they hold", () => {
        fc.assert(
            fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 5 })), (content) => {
                const bytes = sent(content);
                const expected = received(bytes)?.toJavaScript();
                readPlainStructs(Struct);
                const found = received(bytes)?.toJavaScript();
                restore();
                expect(found).toEqual(expected);
            }),
        );
    });

    test("are there as messages for whoever asks for those, changed ones included", () => {
        const bytes = sent({ list: [1, { deep: true }], none: null });
        readPlainStructs(Struct);
        const struct = received(bytes);
        expect(struct?.getFieldsMap().get("list")?.getListValue()?.getValuesList()).toHaveLength(2);
        struct?.getFieldsMap().del("none");
        expect(struct?.toJavaScript()).toEqual({ list: [1, { deep: true }] });
        expect(received(AnalyzeRequest.deserializeBinary(bytes).serializeBinary())?.toJavaScript()).toEqual({
            list: [1, { deep: true }],
            none: null,
        });
    });

    test("are refused where a value has no kind, as before", () => {
        // AnalyzeRequest.properties { fields { key: "a" value {} } }
        const bytes = Uint8Array.from([18, 7, 10, 5, 10, 1, 97, 18, 0]);
        expect(() => AnalyzeRequest.deserializeBinary(bytes).getProperties()?.toJavaScript()).toThrow(
            "Unexpected struct type",
        );
        readPlainStructs(Struct);
        expect(() => AnalyzeRequest.deserializeBinary(bytes)).toThrow("a property has a value of no kind");
    });
});

test("the guard of the SDK that is pinned gives what it guards, and properties without a guard are themselves", () => {
    const { unknownCheckingProxy } = require("@pulumi/policy/proxy");
    const props = { size: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const guarded = unknownCheckingProxy(props);
    expect(() => guarded.size).toThrow("can't be known during preview");
    expect(unguarded(guarded)).toBe(props);
    expect(unguarded(props)).toBe(props);
});
