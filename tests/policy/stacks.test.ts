import { defaultConfiguration } from "../../policy/configuration";
import { type Finding, judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { looksAt } from "../../policy/resources/dispatch";
import { type Kind, keyOf, kindOfToken } from "../../policy/resources/kind";
import type { Resource } from "../../policy/rule";
import { environmentOf } from "../../policy/terms/environment";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms, type Terms } from "../../policy/terms/terms";
import { settingsOf } from "../program/stack";
import { breaks } from "./areas";
import type { Break } from "./areas/area";
import { type Judged, judgedStacks, stackResources } from "./graphs";
import { asItStands, unknownText, withValue } from "./support";

jest.setTimeout(300_000);

const files = readPackFiles(rules);

/** Broken by an entry of exemptions.yaml and not by a resource: tests/policy/exemptionUse.test.ts. */
const ofFiles = "STK-06";

const judged = judgedStacks();

const termsOf = (name: string): Terms => ({
    ...bareTerms,
    ...files,
    environment: environmentOf(settingsOf(named(name).stack).environment),
});
const graphs = new Map<string, readonly Resource[]>();

beforeAll(async () => {
    for (const [name, each] of Object.entries(judged)) graphs.set(name, await stackResources(each));
});

describe.each(Object.keys(judged))("the stack %s", (stack) => {
    test("is clean of mandatory findings, as it stands and without exemption", () => {
        const { findings, remediations } = judge(graphOf(stack), defaultConfiguration, termsOf(stack));
        expect(findings.filter(({ level }) => level === "mandatory").map(inWords)).toEqual([]);
        expect(remediations).toEqual([]);
        expect(findings.filter(({ exception }) => exception?.kind === "exemption")).toEqual([]);
    });

    test("leaves no mandatory rule undecided, even in a first preview", async () => {
        const first = await stackResources(named(stack), "unknown");
        expect(JSON.stringify(first)).toContain(unknownText);
        const { findings } = judge(first, defaultConfiguration, termsOf(stack));
        const advisory = new Set(rules.filter(({ level }) => level === "advisory").map(({ id }) => id));
        expect(findings.filter(({ decided, rule }) => !decided && !advisory.has(rule)).map(inWords)).toEqual([]);
    });
});

test("no exemption has a date on which a clone would turn red", () => {
    expect(files.exemptions).toEqual([]);
});

test("a rule waits for a kind that no stack has yet", () => {
    for (const { rule, kind } of files.pending) {
        const stacksWithIt = Object.keys(judged).filter((name) => new Set(graphOf(name).flatMap(keysOf)).has(kind));
        expect({ rule, stacksWithIt }).toEqual({ rule, stacksWithIt: [] });
    }
});

test("every rule has resources in some stack, or says what it waits for", () => {
    const waiting = new Set(files.pending.map(({ rule }) => rule));
    const active = rules.filter((rule) => rule.scope !== "stacks" && !waiting.has(rule.id) && rule.id !== ofFiles);
    const idle = active.filter(
        (rule) => ![...graphs.values()].flat().some((resource) => looksAt(rule, kindIn(resource))),
    );
    expect(idle.map(({ id }) => id)).toEqual([]);
    expect(Object.keys(breaks).sort()).toEqual(active.map(({ id }) => id).sort());
});

test.each(Object.entries(breaks))("one change breaks %s, and no other rule", (id, change) => {
    const before = unchanged(change.stack);
    const { findings } = judge(applied(change), asItStands, termsOf(change.stack));
    const added = findings.filter((finding) => !before.has(said(finding)));
    expect(added.map(({ rule }) => rule)).toContain(id);
    const others = added.filter(({ rule }) => rule !== id && !Object.hasOwn(change.also ?? {}, rule));
    expect(others.map(inWords)).toEqual([]);
});

const found = new Map<string, ReadonlySet<string>>();

/** What is found in a stack as it is: asked once, for all the changes of it. */
function unchanged(stack: string): ReadonlySet<string> {
    const known = found.get(stack) ?? new Set(judge(graphOf(stack), asItStands, termsOf(stack)).findings.map(said));
    found.set(stack, known);
    return known;
}

function said({ message, resource, rule }: Finding): string {
    return JSON.stringify({ message, resource, rule });
}

function kindIn(resource: Resource): Kind {
    return kindOfToken(resource.type);
}

function keysOf(resource: Resource): readonly string[] {
    return [keyOf(kindIn(resource))];
}

function inWords({ rule, resource, message }: Finding): string {
    return `${rule} ${resource.split("::").at(-1)}: ${message}`;
}

function named(name: string): Judged {
    const found = judged[name];
    if (!found) throw new Error(`no stack ${name}`);
    return found;
}

function graphOf(stack: string): readonly Resource[] {
    const graph = graphs.get(stack);
    if (!graph) throw new Error(`no stack ${stack}`);
    return graph;
}

function applied({ stack, type, name, change }: Break): readonly Resource[] {
    const graph = graphOf(stack);
    const found = graph.filter((resource) => resource.type === type && resource.name === name);
    if (found.length !== 1) throw new Error(`${stack} has ${found.length} resources ${type} ${name}`);
    if (change.kind === "remove") return graph.filter((resource) => resource !== found[0]);
    return graph.flatMap((resource) => (resource === found[0] ? changed(resource, change) : [resource]));
}

function changed(resource: Resource, change: Exclude<Break["change"], { kind: "remove" }>): readonly Resource[] {
    if (change.kind === "option") return [{ ...resource, options: { ...change.options } }];
    if (change.kind === "add") {
        const urn = `${resource.urn}-other`;
        return [resource, { ...resource, urn, name: `${resource.name}-other`, inputs: change.inputs }];
    }
    const value = change.kind === "set" ? change.value : undefined;
    return [{ ...resource, inputs: withValue(resource.inputs, change.path, value) }];
}
