import fc from "fast-check";
import { Issues } from "../../components/foundation/issues";
import { type Loads, landsOn, loadsOf, systemRoles } from "../../components/foundation/loads";
import { type NodePoolPlan, nodeRoles, nodesWithoutZone } from "../../components/foundation/pools";
import { wantedRoles, workloadNames } from "../../components/foundation/workloads";
import { checkCapacity, shortWithoutZone } from "../../components/settings/capacity";
import { sizing } from "../../components/settings/sizing";

const loads: Loads = { pods: loadsOf(sizing.dev), agents: [] };

/** A pool that holds everything of dev, with one value changed. */
function pool(change: Partial<NodePoolPlan> = {}): NodePoolPlan {
    const allocatable = { cpu: "7910m", memory: "28Gi", storage: "90Gi" };
    const nodes = { min: 3, max: 3 };
    return { key: "aws.pools.general", role: "general", nodes, zones: 1, allocatable, pods: 110, gpus: 0, ...change };
}

function refusals(...pools: readonly NodePoolPlan[]): readonly string[] {
    const issues = new Issues();
    checkCapacity(loads, pools, issues);
    return issues.all.map(({ key, problem }) => `${key}: ${problem}`);
}

describe("the role of a workload", () => {
    test("is one that the cluster has, and the best of those it wants", () => {
        const roles = fc.subarray([...nodeRoles]).map((some) => new Set([...some, "general" as const]));
        fc.assert(
            fc.property(roles, fc.constantFrom(...workloadNames), (has, name) => {
                const wanted: readonly string[] = wantedRoles[name];
                const role = landsOn({ roles: wantedRoles[name] }, has);
                expect(has.has(role)).toBe(true);
                for (const better of wanted.slice(0, wanted.indexOf(role)))
                    expect([...has].map(String)).not.toContain(better);
            }),
        );
    });
});

describe("what the platform runs itself", () => {
    const size = {
        replicas: { min: 2, max: 2 },
        surge: 1,
        requests: { cpu: "500m", memory: "1Gi" },
        limits: { cpu: "1", memory: "1Gi" },
        scratch: "1Gi",
    } as const;
    const refusedWith = (system: Partial<Loads>, ...pools: readonly NodePoolPlan[]) => {
        const issues = new Issues();
        checkCapacity({ agents: [], ...system, pods: [...loads.pods, ...(system.pods ?? [])] }, pools, issues);
        return issues.all.map(({ key, problem }) => `${key}: ${problem}`);
    };

    test("takes room of the nodes that it lands on: those for the system, or any", () => {
        const istiod = { name: "istiod", size, roles: systemRoles };
        const general = pool({ allocatable: { cpu: "4", memory: "28Gi", storage: "90Gi" } });
        expect(refusedWith({}, general)).toEqual([]);
        expect(refusedWith({ pods: [istiod] }, general)).toEqual([
            expect.stringMatching(/cannot hold 13500m: .* \+ istiod \(2 \+ 2\) x 500m$/),
        ]);
        expect(refusedWith({ pods: [istiod] }, general, pool({ role: "system", key: "aws.pools.system" }))).toEqual([]);
        const small = pool({
            role: "system",
            key: "system",
            allocatable: { cpu: "400m", memory: "8Gi", storage: "9Gi" },
        });
        expect(refusedWith({ pods: [istiod] }, general, small)).toContainEqual(
            "system: istiod: one pod requests 500m cpu, 1Gi and 1Gi of disk, a node has 400m cpu, 8Gi and 9Gi of disk",
        );
    });

    test("takes room of every node where it runs on each", () => {
        const agent = { name: "ztunnel", ...size };
        const general = pool({ allocatable: { cpu: "4", memory: "28Gi", storage: "90Gi" } });
        expect(refusedWith({ agents: [agent] }, general)).toContainEqual(
            expect.stringMatching(/^aws.pools.general: 3 x 3500m cores cannot hold 11500m: /),
        );
    });
});

describe("a lost zone", () => {
    test("takes its share of the nodes, rounded against us; an unknown number of zones takes nothing", () => {
        expect(nodesWithoutZone({ nodes: { min: 0, max: 12 }, zones: 3 })).toBe(8);
        expect(nodesWithoutZone({ nodes: { min: 0, max: 10 }, zones: 3 })).toBe(6);
        expect(nodesWithoutZone({ nodes: { min: 0, max: 5 }, zones: 2 })).toBe(2);
        expect(nodesWithoutZone({ nodes: { min: 0, max: 5 }, zones: 1 })).toBe(5);
    });

    test("must leave room for everything at rest", () => {
        expect(refusals(pool({ zones: 3 }))).toEqual([]);
        const two = pool({
            zones: 2,
            nodes: { min: 1, max: 2 },
            allocatable: { cpu: "6", memory: "28Gi", storage: "90Gi" },
        });
        expect(refusals(two)).toEqual([
            "aws.pools.general: with one of 2 zones lost, 1 x 6 cores cannot hold what is there at rest: 6750m",
        ]);
    });

    test("while everything is at its maximum is only told", () => {
        const three = pool({ zones: 3, allocatable: { cpu: "4", memory: "28Gi", storage: "90Gi" } });
        expect(refusals(three)).toEqual([]);
        expect(shortWithoutZone(loads, [three])).toEqual(["aws.pools.general: 2 x 4 cores of 11500m at the maximum"]);
    });
});

describe("a pool", () => {
    test("counts with its largest size, and only what lands on it", () => {
        const small = pool({ nodes: { min: 1, max: 1 } });
        expect(refusals(small)).toEqual([expect.stringContaining("1 x 7910m cores cannot hold 11500m: tars-backend")]);
        const gpu = pool({ role: "gpu", key: "aws.pools.gpu", nodes: { min: 0, max: 1 }, gpus: 1 });
        expect(refusals(small, gpu)).toEqual([]);
    });

    test("must take as many pods as there are", () => {
        expect(refusals(pool({ pods: 5 }))).toEqual(["aws.pools.general: 3 nodes of 5 pods each cannot hold 17 pods"]);
    });

    test("must have a node that each pod fits on", () => {
        const many = pool({ nodes: { min: 3, max: 9 }, allocatable: { cpu: "3", memory: "28Gi", storage: "90Gi" } });
        expect(refusals(many)).toEqual([
            "sizes.ollama: one pod requests 4 cpu, 8Gi and 1Gi of disk, a node has 3 cpu, 28Gi and 90Gi of disk",
        ]);
    });

    test("must not have a least above its most", () => {
        expect(refusals(pool({ nodes: { min: 5, max: 4 } }))).toEqual([
            "aws.pools.general.nodes: min is 5 and max is 4",
        ]);
    });

    test("must have as many GPUs as pods want", () => {
        const gpu = pool({ role: "gpu", key: "aws.pools.gpu", nodes: { min: 0, max: 1 }, gpus: 0 });
        expect(refusals(pool(), gpu)).toEqual([
            "aws.pools.gpu: 1 nodes of 0 GPUs each cannot hold 1 pods that want one",
        ]);
    });
});
