import { judgedResources } from "../../cli/src/judgedResources";
import { readConfiguration } from "../../policy/configuration";
import { faultInRule } from "../../policy/evaluate";
import { judge } from "../../policy/judge";
import { isMapping } from "../../policy/reading/value";
import type { Resource } from "../../policy/rule";
import { azureRules } from "../../policy/rules/azure";
import { cloudResource, resourcesOf } from "../../policy/samples";
import { readGraph } from "../program/graph";
import { unknownText, withValue } from "./support";

/** What a first preview does not know of the stack: every value that comes from another resource. */
const standIn = /^\[\w+( of [\w-]+)?\]$|^[\w-]+-id$/;

let stack: readonly Resource[];
beforeAll(async () => {
    stack = judgedResources((await readGraph("prod-azure")).all);
}, 120_000);

const own = new Set(azureRules.map(({ id }) => id));
const findingsOf = (resources: readonly Resource[], given: Readonly<Record<string, unknown>> = {}) =>
    judge(resources, readConfiguration(given)).findings.filter(({ rule }) => own.has(rule));

function inFirstPreview(value: unknown): unknown {
    if (typeof value === "string") return standIn.test(value) ? unknownText : value;
    if (Array.isArray(value)) return value.map(inFirstPreview);
    if (!isMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inFirstPreview(inner)]));
}

test("a first preview, which knows no id, decides as much as the graph with its stand-ins", () => {
    const unknown = stack.map((resource) => ({ ...resource, inputs: inFirstPreview(resource.inputs) }));
    expect(JSON.stringify(unknown)).toContain(unknownText);
    const told = (resources: readonly Resource[]) =>
        findingsOf(resources).map(({ rule, name, path, decided }) => [rule, name, path, decided]);
    expect(told(unknown)).toEqual(told(stack));
    expect(findingsOf(unknown).filter(({ decided }) => !decided)).toEqual([]);
});

test("a companion of another resource is none, even where ids are unknown", () => {
    const unknown = stack
        .map((resource) => ({ ...resource, inputs: inFirstPreview(resource.inputs) }))
        .filter(({ name }) => name !== "secrets-endpoint");
    expect(findingsOf(unknown)).toContainEqual(
        expect.objectContaining({ rule: "AZ-17", type: "azure-native:keyvault:Vault", decided: true }),
    );
});

describe("settings", () => {
    const cluster = (inputs: Readonly<Record<string, unknown>>) =>
        cloudResource("azure-native:containerservice:ManagedCluster", inputs);
    const told = (resource: Resource, given: Readonly<Record<string, unknown>>, path: string) =>
        findingsOf([resource], given)
            .filter((finding) => finding.path.startsWith(path))
            .map(({ rule, level }) => [rule, level]);

    test("widestPrefix of AZ-01", () => {
        const open = cluster({ apiServerAccessProfile: { authorizedIPRanges: ["203.0.0.0/20"] } });
        const path = "apiServerAccessProfile.authorizedIPRanges";
        expect(told(open, {}, path)).toEqual([["AZ-01", "mandatory"]]);
        expect(told(open, { "AZ-01": { widestPrefix: 20 } }, path)).toEqual([]);
    });

    test("oldestVersion of AZ-09", () => {
        const old = cluster({ kubernetesVersion: "1.35" });
        expect(told(old, {}, "kubernetesVersion")).toEqual([]);
        const given = { "AZ-09": { oldestVersion: "1.36" } };
        expect(told(old, given, "kubernetesVersion")).toEqual([["AZ-09", "mandatory"]]);
    });

    test("quarantine of AZ-11 is advised, and demanded where something releases images", () => {
        const registry = cloudResource("azure-native:containerregistry:Registry", {});
        const path = "policies.quarantinePolicy";
        expect(told(registry, {}, path)).toEqual([["AZ-11", "advisory"]]);
        expect(told(registry, { "AZ-11": { quarantine: true } }, path)).toEqual([["AZ-11", "mandatory"]]);
    });

    test("lastingKeys of AZ-12 replace those of the platform", () => {
        const key = cloudResource("azure-native:keyvault:Key", { keyName: "tars-production-cluster", properties: {} });
        expect(told(key, {}, "properties")).toEqual([]);
        const given = { "AZ-12": { lastingKeys: [{ key: "other", reason: "another key altogether" }] } };
        expect(told(key, given, "properties")).toEqual([["AZ-12", "mandatory"]]);
    });

    test("expectedAccounts of AZ-18 replace those of the platform", () => {
        const trust = cloudResource("azure-native:managedidentity:FederatedIdentityCredential", {
            subject: "system:serviceaccount:backup:velero",
        });
        expect(told(trust, {}, "subject")).toEqual([]);
        expect(told(trust, { "AZ-18": { expectedAccounts: [] } }, "subject")).toEqual([["AZ-18", "mandatory"]]);
    });
});

test("no rule fails itself, whatever one property of a sample becomes", () => {
    const hostile = [unknownText, null, 0, "", "text", true, [], [null], {}, { a: null }, [[]]];
    for (const { samples, id } of azureRules) {
        const [first] = samples.passing;
        if (first === undefined) throw new Error(`${id} has no passing sample`);
        const resources = resourcesOf(first);
        for (const [index, resource] of resources.entries()) {
            for (const path of pathsOf(resource.inputs)) {
                for (const value of hostile) {
                    const changed = { ...resource, inputs: withValue(resource.inputs, path, value) };
                    const messages = findingsOf(resources.with(index, changed)).map(({ message }) => message);
                    expect(messages).not.toContainEqual(expect.stringContaining(faultInRule));
                }
            }
        }
    }
});

/** Every path into a value, itself included. */
function pathsOf(value: unknown): readonly (readonly (string | number)[])[] {
    const children = Array.isArray(value)
        ? value.flatMap((item, index) => pathsOf(item).map((path) => [index, ...path]))
        : isMapping(value)
          ? Object.entries(value).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]))
          : [];
    return [[], ...children];
}
