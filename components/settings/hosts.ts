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
}

/** Every host that the platform's certificate is for, the most important first. */
export function namedHosts({ host, apiHost, otherHosts = [] }: Hosts): readonly NamedHost[] {
    const others = otherHosts.map((other, index) => ({ key: `edge.otherHosts.${index}`, host: other }));
    return [{ key: "edge.host", host }, { key: "edge.apiHost", host: apiHost }, ...others];
}

export function certifiedHosts(edge: Hosts): readonly string[] {
    return namedHosts(edge).map(({ host }) => host);
}

/** Whether a host is the zone's own name or one below it. */
export function isInZone(host: string, zone: string): boolean {
    return host === zone || host.endsWith(`.${zone}`);
}
