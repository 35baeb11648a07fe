import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { parsed, settingsOf, stacks } from "./stack";

describe.each(stacks().map(({ name }) => name))("the pods of %s", (stack) => {
    let graph: Graph;

    beforeAll(async () => {
        graph = await anotherGraph(stack);
    });

    const classes = () => new Map(graph.of("PriorityClass").map(({ inputs }) => [inputs.metadata.name, inputs]));
    const pods = () =>
        graph.objects.flatMap(({ name, inputs }) =>
            inputs.spec?.template?.spec ? [{ name, ...inputs.spec.template.spec }] : [],
        );

    test("are of a class that is there, or of Kubernetes' own", () => {
        const known = [...classes().keys(), "system-node-critical", "system-cluster-critical"];
        for (const { priorityClassName } of pods()) expect(known).toContain(priorityClassName);
    });

    test("make room in the order of what needs whom", () => {
        const value = (name: string) => classes().get(name)?.value;
        const ranked = ["tars-system", "tars-data", "tars-serving", "tars-batch"].map(value);
        expect(ranked).toEqual([...ranked].sort((a, b) => b - a));
        expect(new Set(ranked).size).toBe(ranked.length);
        for (const each of ranked) expect(each).toBeLessThan(1_000_000_000);
        expect(
            Object.fromEntries(pods().map(({ name, priorityClassName }) => [name, priorityClassName])),
        ).toMatchObject({
            ...ownData(stack),
            chromadb: "tars-data",
            ollama: "tars-serving",
            "tars-backend": "tars-serving",
        });
    });

    test("rank nobody else's pods", () => {
        for (const each of classes().values()) expect(each.globalDefault).toBe(false);
    });
});

/** What the cloud runs has no pod to make room for, and the pods of an operator's are made by it, of the class that its object names. */
function ownData(stack: string): object {
    const { postgres, redis } = parsed(settingsOf(stack)).settings.data;
    const own = Object.entries({ postgres, redis }).filter(([, { kind }]) => kind === "inCluster");
    return Object.fromEntries(own.map(([name]) => [name, "tars-data"]));
}
