import * as pulumi from "@pulumi/pulumi";
import { captureGraph, type Registration } from "../../cli/src/graph";
import { leaveTransformsOut, mockMonitor } from "../../cli/src/registrations";
import { parsed, type Raw } from "./stack";

export type { Registration };

/** Everything that a stack registers, and the questions that tests ask about it. */
export interface Graph {
    readonly all: readonly Registration[];
    /** Objects that a cluster would hold. */
    readonly objects: readonly KubernetesObject[];
    of(kind: string): readonly KubernetesObject[];
    named(kind: string, name: string): KubernetesObject;
    /** Whether the engine makes `later` only after `earlier`, directly or through others, parents and providers included. */
    waitsFor(later: Registration, earlier: Registration): boolean;
    /** The component that stands directly below the platform, or the cloud's own, that a registration belongs to. */
    layerOf(registration: Registration): string;
}

export interface KubernetesObject extends Registration {
    readonly kind: string;
    // biome-ignore lint/suspicious/noExplicitAny: the shape is the API server's, and each test reads a few fields of it
    readonly inputs: any;
}

/** @param changes settings that take the place of the stack file's */
export async function readGraph(stack: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Graph> {
    return graphOf(await captureGraph(stack, changes));
}

/** What a cloud's folder registers for settings that no stack has. One call a test file: the Pulumi runtime is global. */
export async function loadGraph(raw: Raw, mocks: Partial<pulumi.runtime.Mocks> = {}): Promise<Graph> {
    const monitor = mockMonitor();
    pulumi.runtime.setAllConfig({ "tars-platform:aws": JSON.stringify(raw.aws) });
    await pulumi.runtime.setMocks({ ...monitor.mocks, ...mocks }, "tars-platform", "test", true, "organization");
    monitor.listen(pulumi.runtime.getMonitor());
    const { settings, cloud } = parsed(raw);
    await pulumi.runtime.runInPulumiStack(async () => {
        leaveTransformsOut();
        cloud.load(settings);
    });
    await pulumi.runtime.disconnect();
    return graphOf(monitor.registrations());
}

/** The same graph with the objects of one namespace, and those that belong to none. */
export function inNamespace(graph: Graph, namespace: string): Graph {
    const belongs = ({ kind, inputs: { metadata } }: KubernetesObject) =>
        kind === "Namespace" ? metadata.name === namespace : [undefined, namespace].includes(metadata?.namespace);
    const objects = graph.objects.filter((object) => object.inputs.metadata !== undefined && belongs(object));
    return { ...graph, ...questionsAbout(objects) };
}

function questionsAbout(objects: readonly KubernetesObject[]): Pick<Graph, "objects" | "of" | "named"> {
    return {
        objects,
        of: (kind) => objects.filter((object) => object.kind === kind),
        named: (kind, name) =>
            only(objects.filter((object) => object.kind === kind && object.inputs.metadata.name === name)),
    };
}

function graphOf(all: readonly Registration[]): Graph {
    const inCluster = all.filter(({ type }) => type.startsWith("kubernetes:")).map(objectOf);
    // Charts and files of definitions stand for objects, and are none.
    const objects = inCluster.filter(({ type }) => !/^kubernetes:(helm|yaml)/.test(type));
    const byUrn = new Map(all.map((registration) => [registration.urn, registration]));
    const before = (urn: string) => {
        const { dependencies = [], parent = "", provider = "" } = byUrn.get(urn) ?? {};
        return [...dependencies, parent, provider];
    };
    return {
        all,
        ...questionsAbout(objects),
        of: (kind) => inCluster.filter((object) => object.kind === kind),
        waitsFor: (later, earlier) => reachable(later.urn, before).has(earlier.urn),
        layerOf: (registration) => layerOf(registration, byUrn),
    };
}

function objectOf(registration: Registration): KubernetesObject {
    return { ...registration, kind: registration.type.split(":").at(-1) ?? "" };
}

function only(objects: readonly KubernetesObject[]): KubernetesObject {
    const [object, ...others] = objects;
    if (object === undefined || others.length > 0) throw new Error(`${objects.length} objects where one was expected`);
    return object;
}

function reachable(from: string, next: (at: string) => readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>(next(from));
    for (const at of seen) for (const further of next(at)) seen.add(further);
    return seen;
}

/** `tars:data:Postgres` and all below it are of layer `data`; what belongs to no component is the platform's. */
function layerOf(registration: Registration, byUrn: ReadonlyMap<string, Registration>): string {
    const parent = byUrn.get(registration.parent);
    const isTop = parent === undefined || /^(pulumi:pulumi:Stack|tars:platform:Platform)$/.test(parent.type);
    if (!isTop) return layerOf(parent, byUrn);
    return /^tars:(\w+):/.exec(registration.type)?.[1] ?? "platform";
}
