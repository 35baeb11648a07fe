import { unheard, type Value } from "../reading/value";
import type { Resource } from "../rule";
import { isKubernetes, keyOf, kindOfToken } from "./kind";
import { mayHoldPods, podTemplatesOf } from "./podTemplates";
import { type Subject, subjectsOf } from "./subject";

/** All resources of a stack, or of a set of files, as one rule sees them. */
export class Stack {
    private readonly read = new Map<Resource, readonly Subject[]>();
    private found: readonly Subject[] | undefined;

    /** @param open gives the objects of a resource and remembers whom their notes are about */
    constructor(
        private readonly index: StackIndex,
        private readonly open: (resource: Resource) => readonly Subject[],
    ) {}

    /** Objects of the given kinds, named as in the `kinds` of a rule, in the order of registration. */
    of(...keys: readonly string[]): readonly Subject[] {
        const wanted = new Set(keys);
        return this.index
            .ofKinds(wanted)
            .flatMap((resource) => this.subjectsOf(resource))
            .filter(({ kind }) => wanted.has(keyOf(kind)));
    }

    /** Kubernetes objects of every kind. */
    get objects(): readonly Subject[] {
        return this.index.objects
            .flatMap((resource) => this.subjectsOf(resource))
            .filter(({ kind }) => isKubernetes(kind));
    }

    /** Objects that hold a pod template, each with its templates; none twice. */
    get workloads(): readonly Subject[] {
        this.found ??= this.objects.filter(
            (subject) => mayHoldPods(subject.kind) && podTemplatesOf(subject).length > 0,
        );
        return this.found;
    }

    /** Every object of every resource. */
    get all(): readonly Subject[] {
        return this.index.resources.flatMap((resource) => this.subjectsOf(resource));
    }

    /** Whether the stack has a resource of the kind, in whatever API version. */
    has(key: string): boolean {
        return this.of(key).length > 0;
    }

    /**
     * The resources that the value at `property` of a resource comes from, by the dependencies that the engine knows: how a companion
     * finds its resource while the id that joins them is not known yet.
     */
    sourcesOf({ resource }: Subject, property: string): readonly Subject[] {
        const urns = resource.sources?.[property] ?? [];
        return urns.flatMap((urn) => {
            const found = this.index.byUrn.get(urn);
            return found ? this.subjectsOf(found) : [];
        });
    }

    parentOf({ resource }: Subject): Subject | undefined {
        const parent = this.index.byUrn.get(resource.parent ?? "");
        return parent && this.subjectsOf(parent)[0];
    }

    /** Whether any resource of the stack stands below this one. */
    hasChildren({ resource }: Subject): boolean {
        return this.index.parents.has(resource.urn);
    }

    private subjectsOf(resource: Resource): readonly Subject[] {
        const known = this.read.get(resource);
        if (known) return known;
        const subjects = this.open(resource);
        this.read.set(resource, subjects);
        return subjects;
    }
}

/** What the rules about a stack share: its resources, and where each is found by its URN and by its kind. */
export class StackIndex {
    readonly byUrn: ReadonlyMap<string, Resource>;
    readonly objects: readonly Resource[];
    /** URNs of all that have something below them. */
    readonly parents: ReadonlySet<string>;
    private readonly places = new Map<string, Placed[]>();

    constructor(readonly resources: readonly Resource[]) {
        this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
        this.parents = new Set(resources.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
        this.objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
        for (const [place, resource] of resources.entries()) {
            const kind = kindOfToken(resource.type);
            const key = kind.twin === "list" && kind.kind === "" ? anyKind : keyOf(kind);
            const places = this.places.get(key);
            if (places) places.push({ place, resource });
            else this.places.set(key, [{ place, resource }]);
        }
    }

    /** Resources of these kinds, and lists, which may hold any, in the order of registration. */
    ofKinds(keys: Iterable<string>): readonly Resource[] {
        const places = [...keys, anyKind].flatMap((key) => this.places.get(key) ?? []);
        return places.sort((one, other) => one.place - other.place).map(({ resource }) => resource);
    }
}

interface Placed {
    readonly place: number;
    readonly resource: Resource;
}

/** Stands for the kinds of whatever a list holds. */
const anyKind = "";

/** A stack whose unknowns nobody hears of: for looking at a stack outside the evaluation of a rule. */
export function quietStack(resources: readonly Resource[]): Stack {
    return new Stack(new StackIndex(resources), (resource) => subjectsOf(resource, unheard));
}

/** The value that two resources are joined by, or the resource it comes from while that value is not known. */
export function isJoined(stack: Stack, { from, property, to, id }: Join): boolean {
    if (stack.sourcesOf(from, property).some(({ resource }) => resource.urn === to.resource.urn)) return true;
    const [given, own] = [from.object.quietly.get(property).text(), id.quietly.text()];
    return typeof given === "string" && given === own;
}

export interface Join {
    /** The companion, and its input that names the other resource. */
    readonly from: Subject;
    readonly property: string;
    readonly to: Subject;
    /** Where the other resource states the name that it goes by. */
    readonly id: Value;
}
