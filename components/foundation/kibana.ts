import type { Load } from "./loads";
import { type PageWhere, pageSize } from "./pages";
import type { Size } from "./workloads";

/** Name of Kibana: of its Service and pods, and of the account that they run under. */
export const kibanaName = "kibana";

/** A page for people who look into Elasticsearch. */
export interface Kibana {
    readonly kind: "kibana";
    /** Whether whoever may enter may also keep what everybody sees there: views of data, searches, dashboards. */
    readonly writes: boolean;
}

export type KibanaPlace = { readonly kind: "off" } | Kibana;

/** Where a dashboard leads that is this one. */
export const kibanaPlace = { namespace: "elasticsearch", service: kibanaName, port: 5601 } as const;

/** As whom Kibana itself calls Elasticsearch, and as whom it does for people, all of whom are one to it. */
export const kibanaLogins = { server: "tars-kibana", people: "tars-kibana-people" } as const;

/** Its users at Elasticsearch; none where the stack has none. */
export function kibanaUsers({ kind }: KibanaPlace): readonly string[] {
    return kind === "off" ? [] : Object.values(kibanaLogins);
}

/**
 * Memory is what its operator gives it by itself, requested and at most: with 1Gi Kibana 9 does not get through its start. Cores and disk are ours.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/kibana/pod.go (DefaultMemoryLimits)
 */
const size = {
    requests: { cpu: "250m", memory: "2Gi" },
    limits: { cpu: "2", memory: "2Gi" },
    scratch: "512Mi",
} as const;

/** Its pods; none where the stack has none. */
export function kibanaSizes({ kind }: KibanaPlace, where: PageWhere): readonly Size[] {
    return kind === "off" ? [] : [pageSize(size, where)];
}

/** What it needs room for. */
export function kibanaLoads(kibana: KibanaPlace, where: PageWhere): readonly Load[] {
    return kibanaSizes(kibana, where).map((each) => ({ name: kibanaName, size: each, roles: ["general"] }));
}
