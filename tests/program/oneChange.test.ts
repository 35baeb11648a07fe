import { anotherGraph } from "./anotherGraph";
import type { Registration } from "./graph";
import { settingsWith } from "./stack";

jest.setTimeout(300_000);

/** A pool that may grow by more: one line of a stack file. */
const changes = [
    { stack: "prod-aws", line: "aws.pools.memory.nodes.max", place: "nodes-memory.inputs.scalingConfig.maxSize" },
    { stack: "prod-azure", line: "azure.pools.memory.nodes.max", place: "aks-pool-memory.inputs.maxCount" },
    { stack: "staging", line: "aws.pools.general.nodes.max", place: "nodes-general.inputs.scalingConfig.maxSize" },
] as const;

/** The agents of the mesh run on every node, so their namespace has room for more of them. */
const ofAgents = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "pods",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
].map((amount) => `istio-nodes-quota.inputs.spec.hard.${amount}`);

test.each(changes)(
    "$line of $stack shows in one place, and in the room for the agents of its nodes",
    async ({ stack, line, place }) => {
        const before = await graphOf(stack);
        const after = await graphOf(stack, settingsWith(stack, line, 7));
        const urns = [...new Set([...before.keys(), ...after.keys()])];
        const found = urns.flatMap((urn) => different(before.get(urn), after.get(urn), urn.split("::").at(-1) ?? ""));
        expect(found.sort()).toEqual([...ofAgents, place].sort());
    },
);

/** The graph of one stack is captured once in a program's life. */
async function graphOf(stack: string, settings: object = {}): Promise<ReadonlyMap<string, Registration>> {
    const { all } = await anotherGraph(stack, { ...settings });
    return new Map(all.map((registration) => [registration.urn, registration]));
}

/** Paths of all values that are not the same in both. */
function different(one: unknown, other: unknown, path: string): readonly string[] {
    if (!isTree(one) || !isTree(other)) return Object.is(one, other) ? [] : [path];
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => different(one[key], other[key], `${path}.${key}`));
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null;
