import { accessMatrix, isHalfOpen, isOpen, type Path } from "../../cli/src/access/matrix";
import type { Registration } from "../../cli/src/graph";
import * as clouds from "../../components/cloud/registry";
import type { MeshMode } from "../../components/foundation/mesh";
import type { AccessPath, Caller } from "../../components/kubernetes/accessPaths";
import { declaredPaths } from "../../components/platform";
import { anotherGraph } from "./anotherGraph";
import { parsed, type Raw, settingsOf, stacks } from "./stack";

jest.setTimeout(300_000);

/** Every stack in every mode of the mesh that its cloud allows. */
const scenes = stacks().flatMap(({ name }) => modesOf(name).map((mode) => [name, mode] as const));

function modesOf(stack: string): readonly MeshMode[] {
    return Object.entries(clouds).flatMap(([kind, { meshModes }]) =>
        kind === settingsOf(stack).cloud ? meshModes : [],
    );
}

/** Calls that the stack declares, as the matrix names them. */
function declaredIn(stack: string, mode: MeshMode): readonly string[] {
    const { data, serviceBackups } = parsed({ ...settingsOf(stack), ...changesFor(stack, mode) }).settings;
    const settings = { callers: [], data, edge: { controller: "istio" as const }, mesh: { mode }, serviceBackups };
    const words = declaredPaths(settings, { monitoringNamespace: "monitoring" }).flatMap(inWords);
    return [...new Set(words)].sort();
}

/** The stack in that mode; what operators run is in none that has a proxy in each pod (databaseCluster.ts and redisChecks.ts of components/settings). */
function changesFor(stack: string, mode: MeshMode): Raw {
    const { cloud, data } = settingsOf(stack);
    if (mode !== "sidecar" || cloud !== "aws") return { mesh: { mode } };
    const { postgres, redis, vectors: _, ...others } = Object(data);
    const managed = Object.entries({ postgres, redis }).filter(([, place]) => place?.kind === "managed");
    return { mesh: { mode }, data: { ...others, ...Object.fromEntries(managed) } };
}

/** Of a call that passes the waypoint also its second half. */
function inWords({ from, to, ports, viaWaypoint }: AccessPath): readonly string[] {
    const called = ports.map((port) => `${callerName(from)} -> tars/${to}:${port}`);
    const onward = ports.map((port) => `istio-waypoint/waypoint -> tars/${to} (past its waypoint):${port}`);
    return viaWaypoint ? [...called, ...onward] : called;
}

function callerName(caller: Caller): string {
    switch (caller.kind) {
        case "workload":
            return `tars/${caller.name}`;
        case "account":
            return `${caller.namespace}/${caller.serviceAccount}`;
        case "namespace":
            return `${caller.name}/stranger`;
    }
}

/** Calls to the platform's applications that satisfy a condition. */
function found(paths: readonly Path[], condition: (path: Path) => boolean): readonly string[] {
    return paths
        .filter(({ to }) => to.startsWith("tars/"))
        .filter(condition)
        .map(({ from, to, port }) => `${from} -> ${to}:${port}`)
        .sort();
}

describe.each(scenes)("%s with the mesh in %s mode", (stack, mode) => {
    let registrations: readonly Registration[];
    beforeAll(async () => {
        registrations = (await anotherGraph(stack, changesFor(stack, mode))).all;
    });

    const declared = (): readonly string[] => declaredIn(stack, mode);

    test("lets through what is declared, in the network and in the mesh, each by itself, and nothing else", async () => {
        const paths = accessMatrix(registrations);
        expect(paths.filter(({ to }) => to.startsWith("tars/")).every(({ mesh }) => mesh !== undefined)).toBe(true);
        expect(found(paths, ({ network, mesh, isHidden }) => network && !(isHidden && mesh === false))).toEqual(
            declared(),
        );
        expect(paths.filter(isHalfOpen)).toEqual([]);
        expect(found(paths, ({ mesh }) => mesh === true)).toEqual(declared());
        expect(found(paths, isOpen)).toEqual(declared());
    });

    test.each(["NetworkPolicy", "AuthorizationPolicy"])("shows a hole that is made in any %s", async (kind) => {
        const all = registrations;
        const before = accessMatrix(all);
        const policies = all.filter(({ inputs }) => isPolicy(inputs, kind, "tars-backend"));
        expect(policies).toHaveLength(1);
        const holed = all.map((each) => (policies.includes(each) ? opened(each, kind) : each));
        const seen = (path: Path) => (kind === "NetworkPolicy" ? path.network : path.mesh === true);
        const added = found(accessMatrix(holed), seen).filter((call) => !found(before, seen).includes(call));
        expect(added.length).toBeGreaterThan(0);
    });

    test("shows pods that are reached past their waypoint, where they have one", () => {
        const opens = (kind: string) => (each: Registration) =>
            isPolicy(each.inputs, kind, "chromadb") ? opened(each, kind) : each;
        const holed = registrations.map(opens("NetworkPolicy")).map(opens("AuthorizationPolicy"));
        const past = found(accessMatrix(holed), isOpen).filter((call) => call.includes("chromadb (past its waypoint)"));
        expect(past.some((call) => call.startsWith("elsewhere/stranger"))).toBe(mode === "ambient");
    });

    test("shows a service that nobody reaches any more", async () => {
        const all = registrations;
        const without = all.filter(({ inputs }) => !isPolicy(inputs, "AuthorizationPolicy", "tars-backend"));
        expect(found(accessMatrix(without), isOpen)).toEqual(
            declared().filter((call) => !call.includes("-> tars/tars-backend:")),
        );
    });
});

function isPolicy(inputs: Registration["inputs"], kind: string, name: string): boolean {
    return inputs.kind === kind && JSON.stringify(inputs.metadata).includes(`"name":"${name}"`);
}

/** The policy with one rule more, which names nobody and so lets everybody in. */
function opened(registration: Registration, kind: string): Registration {
    const spec: unknown = registration.inputs.spec;
    const rules = kind === "NetworkPolicy" ? { ingress: [{}] } : { rules: [{}] };
    return { ...registration, inputs: { ...registration.inputs, spec: { ...Object(spec), ...rules } } };
}
