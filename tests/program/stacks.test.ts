import type { Graph } from "./graph";
import { stacks } from "./stack";

describe.each(stacks().map(({ name }) => name))("everything on %s", (stack) => {
    let graph: Graph;

    beforeAll(async () => {
        // The graph of one stack is captured once in a program's life.
        jest.resetModules();
        graph = await import("./graph").then(({ readGraph }) => readGraph(stack));
    });

    test("has a parent, but for the stack, and a name of its own among its kind", () => {
        const orphans = graph.all.filter(({ parent, type }) => parent === "" && type !== "pulumi:pulumi:Stack");
        expect(orphans).toEqual([]);
        expect(new Set(graph.all.map(({ urn }) => urn)).size).toBe(graph.all.length);
    });

    test("names its provider, where it has one", () => {
        const custom = graph.all.filter(({ type }) => /^(aws|azure-native|kubernetes|random|tls):/.test(type));
        expect(custom.length).toBeGreaterThan(40);
        expect(custom.filter(({ provider }) => !provider.includes("pulumi:providers:"))).toEqual([]);
    });

    test("in a namespace that the stack makes waits for that namespace, whose name is known from the first", () => {
        const namespaces = new Map(graph.of("Namespace").map((made) => [made.inputs.metadata.name, made]));
        expect(namespaces.size).toBeGreaterThan(0);
        const inside = graph.objects.filter(({ inputs }) => inputs.metadata?.namespace !== undefined);
        expect(inside.length).toBeGreaterThan(20);
        for (const object of inside) {
            const made = namespaces.get(object.inputs.metadata.namespace);
            expect([object.urn, made !== undefined && graph.waitsFor(object, made)]).toEqual([object.urn, true]);
        }
    });

    test("in the cluster goes by one provider, which is bound to that cluster", () => {
        const providers = new Set(graph.objects.map(({ provider }) => provider));
        expect(providers.size).toBe(1);
        const provider = graph.all.find(({ urn }) => providers.has(urn));
        expect(provider?.inputs).toMatchObject({
            clusterIdentifier: expect.stringMatching(/./),
            enableServerSideApply: "true",
        });
    });

    test("shows no secret", () => {
        for (const { inputs } of graph.of("Secret")) expect(inputs.stringData).toBe("[secret]");
        expect(JSON.stringify(graph.all)).not.toMatch(/admin_001|BEGIN [A-Z ]*PRIVATE KEY/);
    });
});
