import type { Elasticsearch } from "../data/elastic/cluster";
import { Kibana } from "../data/kibana/kibana";
import { gatewayOf } from "../edge/identity";
import { kibanaName, kibanaPlace, kibanaSizes } from "../foundation/kibana";
import { leadsTo } from "../foundation/pages";
import type { Operator } from "../kubernetes/customResource";
import type { Placement } from "../kubernetes/placement";
import type { GeneratedSecrets } from "../security/generated";
import { imageSourcesOf, type PlatformArgs, type Stage } from "./args";

export interface BehindKibana {
    readonly elasticsearch: Elasticsearch | undefined;
    readonly secrets: Pick<GeneratedSecrets, "elasticsearchPasswords" | "kibanaKeys">;
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    /** Namespace of the routes that lead to it. */
    readonly routesFrom: string;
}

/** A page for people who look into Elasticsearch, where a dashboard leads to it: the checks have seen that none is without. */
export function createKibana(
    args: PlatformArgs,
    { elasticsearch, secrets, mesh, routesFrom }: BehindKibana,
    stage: Stage,
): Kibana | undefined {
    const { data, copies, edge, mesh: of } = args.settings;
    const { elasticsearch: asked } = data;
    if (asked.kind === "off" || elasticsearch === undefined || asked.kibana.kind === "off") return undefined;
    const [size] = kibanaSizes(asked.kibana, { copies, mode: of.mode });
    const leading = Object.values(edge.dashboards).find((dashboard) => leadsTo(kibanaPlace, dashboard));
    const { elasticsearchPasswords: passwords, kibanaKeys: keys } = secrets;
    if (size === undefined || leading === undefined || passwords === undefined || keys === undefined) {
        throw new RangeError("Kibana without a size, a host or secrets");
    }
    const { istio, gatewayApi } = mesh;
    const doors = { gateway: gatewayOf(edge.controller), routesFrom, istio, gatewayApi };
    const placement = besideElasticsearch(args, elasticsearch);
    return new Kibana(kibanaName, { placement, size, asked, passwords, keys, host: leading.host, doors }, stage);
}

/** Where the certificate is of whom it believes: its operator puts it into Elasticsearch's namespace. */
function besideElasticsearch(args: PlatformArgs, { namespace }: Pick<Elasticsearch, "namespace">): Placement {
    const { ownership, mesh } = args.settings;
    return { cluster: args.cluster, namespace, ownership, imageSources: imageSourcesOf(args), mesh: mesh.mode };
}
