import * as pulumi from "@pulumi/pulumi";
import { Elasticsearch } from "../data/elastic/cluster";
import { ElasticOperator } from "../data/elastic/operator";
import { elasticsearchDrillSize, elasticsearchManifestSize } from "../foundation/dataBackups";
import { type ElasticsearchCluster, elasticNamespace } from "../foundation/elasticNames";
import { scratchSize } from "../foundation/elasticSnapshots";
import type { Size } from "../foundation/workloads";
import { images } from "../kubernetes/images";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";
import { createElasticsearchBackups, snapshotsOf } from "./backups";

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
    const { elasticsearch: backups } = args.settings.serviceBackups;
    const snapshots = snapshotsOf(args);
    const besides = backups.kind === "off" ? [] : jobSizes(asked);
    const operator = new ElasticOperator(
        "elastic-operator",
        { place, asked, isZoned, mesh, snapshots, besides },
        stage,
    );
    const undrilled = backups.kind === "off" ? backups.because : undefined;
    const plan = { place, asked, isZoned, operator, passwords, snapshots, undrilled, applications: tenant.namespace };
    const made = new Elasticsearch("elasticsearch", plan, stage);
    const namespace = pulumi.output(operator.inside.namespace);
    createElasticsearchBackups(args, namespace, { ...stage, dependsOn: [operator, made] });
    return made;
}

/** Room for a second drill: the first one's pod, with its volume, stays to be read when it has ended. */
function jobSizes(asked: ElasticsearchCluster): readonly Size[] {
    const drill = elasticsearchDrillSize(scratchSize(asked));
    return [elasticsearchManifestSize, drill, drill];
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
