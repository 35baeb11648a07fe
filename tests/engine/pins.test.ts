import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { pins } from "../../simulator/engine/pinned";

const root = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Version of a module in a go.mod, without the leading `v`. */
function required(goMod: string, module: string): string | undefined {
    return new RegExp(`^\\s*(?:require )?${module.replaceAll(".", "\\.")} v(\\S+)`, "m").exec(read(goMod))?.[1];
}

describe("pins.json", () => {
    test.each([
        ["the CLI's module", () => required("simulator/engine/go/go.mod", "github.com/pulumi/pulumi/pkg/v3")],
        ["the CLI's SDK", () => required("simulator/engine/go/go.mod", "github.com/pulumi/pulumi/sdk/v3")],
        ["the host's SDK", () => required("simulator/host/go.mod", "github.com/pulumi/pulumi/sdk/v3")],
        ["package.json", () => JSON.parse(read("package.json")).dependencies["@pulumi/pulumi"]],
        ["policy/package.json", () => JSON.parse(read("policy/package.json")).dependencies["@pulumi/pulumi"]],
        ["simulator/package.json", () => JSON.parse(read("simulator/package.json")).dependencies["@pulumi/pulumi"]],
        ["the installed SDK", () => JSON.parse(read("node_modules/@pulumi/pulumi/package.json")).version],
        ["Pulumi.yaml", () => /^>=(\S+)$/.exec(parse(read("Pulumi.yaml")).requiredPulumiVersion)?.[1]],
    ])("and %s name one Pulumi", (_place, version) => {
        expect(version()).toBe(pins.pulumi);
    });

    test("and the host name one Kubernetes, its staging modules included", () => {
        expect(required("simulator/host/go.mod", "k8s.io/kubernetes")).toBe(pins.kubernetes);
        const staging = `v0.${pins.kubernetes.split(".").slice(1).join(".")}`;
        const replaced = [...read("simulator/host/go.mod").matchAll(/=> k8s\.io\/\S+ (v\S+)/g)].map(
            (match) => match[1],
        );
        expect(replaced.length).toBeGreaterThan(20);
        expect(new Set(replaced)).toEqual(new Set([staging]));
    });

    test.each(["simulator/engine/go/go.mod", "simulator/host/go.mod"])(
        "%s asks for no newer Go than the stated minimum",
        (file) => {
            expect(/^go (\d+\.\d+)/m.exec(read(file))?.[1]).toBe(pins.go.minimum);
        },
    );

    test("and package.json state one minimum of Node", () => {
        expect(JSON.parse(read("package.json")).engines.node).toBe(`>=${pins.node.minimum}`);
    });
});

describe("package-lock.json", () => {
    const packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string; link?: true }> =
        JSON.parse(read("package-lock.json")).packages;

    // npm leaves out what the registry did not serve while the file was written; `npm ci` then refuses the whole file.
    test("holds every optional package, those of other machines included", () => {
        const absent = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
            Object.keys(optionalDependencies).filter(
                (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
            ),
        );
        expect(absent).toEqual([]);
    });

    test("names no registry", () => {
        const named = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link);
        expect(named).toEqual([]);
    });
});
