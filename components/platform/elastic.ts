import { Elasticsearch } from "../data/elastic/cluster";
import { ElasticOperator } from "../data/elastic/operator";
import { elasticNamespace } from "../foundation/elasticNames";
import { images } from "../kubernetes/images";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

export interface BehindElasticsearch {
    /** Namespace of the applications. */
    readonly tenant: TenantNamespace;
    readonly secrets: Pick<GeneratedSecrets, "elasticsearchPasswords">;
}

/** Elasticsearch and who runs it, where the stack has it. */
export function createElasticsearch(
    args: PlatformArgs,
    { tenant, secrets }: BehindElasticsearch,
    stage: Stage,
): Elasticsearch | undefined {
    const { elasticsearch: asked } = args.settings.data;
    const { mode: mesh } = args.settings.mesh;
    if (asked.kind === "off") return undefined;
    const { elasticsearchPasswords: passwords } = secrets;
    if (passwords === undefined) throw new RangeError("Elasticsearch without passwords");
    const place = systemPlace(args);
    const isZoned = (args.ground?.zones.length ?? 1) > 1;
    const operator = new ElasticOperator("elastic-operator", { place, asked, isZoned, mesh }, stage);
    const plan = { place, asked, isZoned, operator, passwords, applications: tenant.namespace };
    return new Elasticsearch("elasticsearch", plan, stage);
}

/** Registries of images that only some stacks run. */
export function elasticRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    const { elasticsearch } = data;
    if (elasticsearch.kind === "off") return [];
    const kibana = elasticsearch.kibana.kind === "off" ? [] : [images.kibana.repository];
    return ["docker.elastic.co/eck/", "docker.elastic.co/elasticsearch/", ...kibana];
}

/** Network policies by which it calls what has no address of its own. */
export function elasticCallers({ data }: Pick<Settings, "data">) {
    return data.elasticsearch.kind === "off" ? [] : [{ namespace: elasticNamespace, name: "api-server" }];
}
