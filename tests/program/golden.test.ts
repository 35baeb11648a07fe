import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "./graph";
import { root, stacks } from "./stack";

/** Set to 1, the golden files are written anew: read the difference before you commit it. */
const isUpdate = process.env.TARS_UPDATE_GOLDEN === "1";

describe.each(stacks().map(({ name }) => name))("the graph of %s", (stack) => {
    const folder = path.join(root, "tests", "golden", stack);
    let graph: Graph;

    beforeAll(async () => {
        // The graph of one stack is captured once in a program's life.
        jest.resetModules();
        graph = await import("./graph").then(({ readGraph }) => readGraph(stack));
        if (isUpdate) write(folder, graph);
    });

    test("has one golden file a layer", () => {
        const files = fs.readdirSync(folder).map((file) => path.basename(file, ".json"));
        expect(files.sort()).toEqual([...byLayer(graph).keys()].sort());
    });

    test("is the golden one; if the change is meant, run with TARS_UPDATE_GOLDEN=1", () => {
        for (const [layer, content] of byLayer(graph)) {
            expect(JSON.parse(fs.readFileSync(path.join(folder, `${layer}.json`), "utf8"))).toEqual(content);
        }
    });
});

function byLayer(graph: Graph): ReadonlyMap<string, readonly unknown[]> {
    const layers = [...new Set(graph.all.map((registration) => graph.layerOf(registration)))];
    const rowsOf = (layer: string) => graph.all.filter((registration) => graph.layerOf(registration) === layer);
    // `sources` say again, by input, what `dependencies` say.
    return new Map(
        layers.map((layer) => [layer, JSON.parse(JSON.stringify(rowsOf(layer).map(({ sources: _, ...row }) => row)))]),
    );
}

function write(folder: string, graph: Graph): void {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const [layer, rows] of byLayer(graph)) {
        fs.writeFileSync(path.join(folder, `${layer}.json`), `${JSON.stringify(rows, null, 4)}\n`);
    }
}
