/** A host that the platform answers for, by where the stack file names it. */
export interface NamedHost {
    readonly key: string;
    /** A name, or `*.` and a domain for every name right below it. */
    readonly host: string;
}

interface Hosts {
    readonly host: string;
    readonly apiHost: string;
    /** @default [] */
    readonly otherHosts?: readonly string[];
    /** @default undefined - no other stack answers for the hosts */
    readonly failover?: { readonly name: string } | undefined;
    /** @default {} */
    readonly dashboards?: Readonly<Record<string, { readonly host: string }>>;
}

/** Every host that the platform has a certificate for, the most important first. */
export function namedHosts(edge: Hosts): readonly NamedHost[] {
    return [
        ...applicationNames(edge),
        ...byName(edge.dashboards ?? {}).map(([name, { host }]) => ({ key: `edge.dashboards.${name}.host`, host })),
    ];
}

/** Entries in the order of their names: how a stack file orders them is lost on the way here, or not. */
export function byName<Value>(record: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
    return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Those that lead to the application. */
function applicationNames({ failover, ...hosts }: Hosts): readonly NamedHost[] {
    const own = failover === undefined ? [] : [{ key: "edge.failover.name", host: failover.name }];
    return [...commonHosts(hosts), ...own];
}

/** Hosts that another stack may answer for too. A dashboard is of its own stack. */
export function commonHosts({
    host,
    apiHost,
    otherHosts = [],
}: Pick<Hosts, "host" | "apiHost" | "otherHosts">): readonly NamedHost[] {
    const others = otherHosts.map((other, index) => ({ key: `edge.otherHosts.${index}`, host: other }));
    return [{ key: "edge.host", host }, { key: "edge.apiHost", host: apiHost }, ...others];
}

export function certifiedHosts(edge: Hosts): readonly string[] {
    return namedHosts(edge).map(({ host }) => host);
}

export function applicationHosts(edge: Hosts): readonly string[] {
    return applicationNames(edge).map(({ host }) => host);
}

/** Whether a host is the zone's own name or one below it. */
export function isInZone(host: string, zone: string): boolean {
    return host === zone || host.endsWith(`.${zone}`);
}
