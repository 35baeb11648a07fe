import { z } from "zod";
import * as clouds from "../../components/cloud/registry";
import { type Clouds, defineCloud } from "../../components/settings/cloud";
import { count } from "../../components/settings/fields";
import { stackFileJsonSchema } from "../../components/settings/jsonSchema";
import { parseStack } from "../../components/settings/read";
import { devSettings, type Raw } from "./stack";

/** All that a third cloud takes: this definition, which would be its folder, and its line in the registry. */
const toy = defineCloud({
    section: "toybox",
    schema: z.strictObject({ machines: count(1, 9), city: z.string() }).meta({ description: "the toy cloud" }),
    meshModes: ["ambient"],
    hasBackupStore: false,
    pools: ({ machines }) => [
        {
            key: "toybox.machines",
            role: "general",
            nodes: { min: machines, max: machines },
            zones: 1,
            pods: 110,
            gpus: 0,
            allocatable: { cpu: "16", memory: "64Gi", storage: "90Gi" },
        },
    ],
    check: ({ city }, { edge }, issues) => {
        if (edge.host.includes(city)) issues.add("toybox.city", `is part of ${edge.host}`, "choose another");
    },
    load: ({ city }, { environment }) => `${environment} in ${city}`,
});

const withToy: Clouds<unknown> = { existing: clouds.existing, toy };
const { cluster, ...common } = devSettings();
const onToy = (toybox: unknown): Raw => ({ ...common, cloud: "toy", ...(toybox === undefined ? {} : { toybox }) });
const read = (raw: Raw) => parseStack(raw, withToy, "Pulumi.toy.yaml");

describe("a third cloud", () => {
    test("is one definition and one line", () => {
        const { settings, cloud } = read(onToy({ machines: 2, city: "lego" }));
        expect(cloud.load(settings)).toBe("dev in lego");
    });

    test("has its section checked as every other: unknown keys, sums over its nodes, its own rules", () => {
        expect(() => read(onToy({ machines: 2, city: "lego", machine: 1 }))).toThrow('did you mean "machines"?');
        expect(() => read(onToy({ machines: 2, city: "tars" }))).toThrow("toybox.city: is part of tars.local");
        const many = { ...onToy({ machines: 1, city: "lego" }), sizes: { "tars-backend": { replicas: { max: 40 } } } };
        expect(() => read(many)).toThrow(/toybox\.machines: 1 x \d+m cores cannot hold/);
    });

    test("is in the JSON schema", () => {
        expect(JSON.stringify(stackFileJsonSchema(withToy))).toContain('"tars-platform:toybox"');
    });
});

describe("a stack", () => {
    test("must have the section of its cloud", () => {
        expect(() => read(onToy(undefined))).toThrow("toybox: is missing\n      fix: give the toy cloud");
    });

    test("must not have the section of another", () => {
        expect(() => read({ ...onToy({ machines: 2, city: "lego" }), cluster })).toThrow(
            "cluster: is for cloud: existing, and this stack has cloud: toy",
        );
    });

    test("cannot name what every object has", () => {
        expect(() => read({ ...common, cloud: "toString" })).toThrow('cloud: must be "existing" or "toy"');
    });
});
