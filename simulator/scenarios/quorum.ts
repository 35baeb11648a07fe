import type { PodStatus } from "../session/inventory";

/** A service whose members elect or follow one of them: it goes on while more than half of them stand. */
export interface Quorum {
    /** Who made the members, as `Kind namespace/name`. */
    readonly service: string;
    readonly members: number;
    /** The fewest that stood at any moment. */
    readonly standing: number;
}

/** Makers of pods of which any will do, in any number. */
const withoutMembers: ReadonlySet<string> = new Set(["", "Deployment", "ReplicaSet", "DaemonSet", "Job", "Node"]);

/** Of two members one is no majority, so fewer than three never had a quorum to lose. */
const leastMembers = 3;

/** Services with a quorum among the pods, each whole. */
export function quorumsOf(pods: readonly PodStatus[]): readonly Quorum[] {
    const counts = new Map<string, number>();
    for (const service of pods.flatMap(serviceOf)) counts.set(service, (counts.get(service) ?? 0) + 1);
    return [...counts]
        .filter(([, members]) => members >= leastMembers)
        .map(([service, members]) => ({ service, members, standing: members }));
}

/** What is known of them after another look, at pods that stand. */
export function withStanding(quorums: readonly Quorum[], standing: readonly PodStatus[]): readonly Quorum[] {
    const services = standing.flatMap(serviceOf);
    return quorums.map((quorum) => ({
        ...quorum,
        standing: Math.min(quorum.standing, services.filter((service) => service === quorum.service).length),
    }));
}

export function isKept({ members, standing }: Quorum): boolean {
    return standing * 2 > members;
}

function serviceOf({ memberOf, namespace }: PodStatus): readonly string[] {
    const [kind = "", name = ""] = memberOf.split("/");
    return withoutMembers.has(kind) ? [] : [`${kind} ${namespace}/${name}`];
}
