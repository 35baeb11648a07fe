import { certManagerLoads } from "../foundation/certManagerSizes";
import { clickHouseLoads, clickHouseSizes } from "../foundation/clickHouseSizes";
import { type BackedUpSizes, dataBackupLoads } from "../foundation/dataBackups";
import { type EdgeController, type EdgeSizes, edgeParts } from "../foundation/edge";
import { elasticLoads } from "../foundation/elasticSizes";
import { scratchSizeOf } from "../foundation/elasticSnapshots";
import { externalSecretsLoads } from "../foundation/externalSecretsSizes";
import { kafkaLoads, managedKafkaLoads } from "../foundation/kafkaSizes";
import { kafkaUiLoads } from "../foundation/kafkaUi";
import { kibanaLoads } from "../foundation/kibana";
import { type Load, type Loads, systemRoles } from "../foundation/loads";
import { loginLoads } from "../foundation/login";
import { istiodSize, meshAgents, waypointSize } from "../foundation/meshSizes";
import { nginxControllerLoads } from "../foundation/nginxSizes";
import { objectLoads } from "../foundation/objectStoreSizes";
import { postgresDrillLoads } from "../foundation/postgresDrill";
import { postgresOperatorLoads } from "../foundation/postgresSizes";
import { redisOperatorLoads } from "../foundation/redisSizes";
import { supplyChainLoads } from "../foundation/supplyChain";
import { vectorLoads } from "../foundation/vectors";
import { namedHosts } from "./hosts";
import type { Settings } from "./schema";

type Counted = Pick<
    Settings,
    "copies" | "data" | "edge" | "edgeSizes" | "mesh" | "serviceBackups" | "sizes" | "supplyChain"
>;

/**
 * What the platform runs beside its applications, by the settings that call for it: all of it takes room that applications cannot have. External
 * Secrets is counted also where a stack names no store: the day that it does, there is room.
 */
export function systemLoads(settings: Counted): Loads {
    const { copies, data, edge, edgeSizes, mesh, serviceBackups, sizes, supplyChain } = settings;
    const guards = supplyChainLoads(supplyChain, copies);
    return {
        pods: [
            { name: "istiod", size: istiodSize(copies), roles: systemRoles },
            ...(mesh.mode === "ambient"
                ? [{ name: "waypoint", size: waypointSize(copies), roles: ["general"] as const }]
                : []),
            ...certManagerLoads(copies, challengesOf(edge)),
            ...externalSecretsLoads(copies),
            ...edgeLoads(edge.controller, edgeSizes),
            ...(edge.controller === "nginx" ? nginxControllerLoads(copies) : []),
            ...(edge.login === undefined ? [] : loginLoads(mesh.mode)),
            ...(data.postgres.kind === "cluster" ? postgresOperatorLoads(copies) : []),
            ...redisOperatorLoads(data.redis, copies),
            ...vectorLoads(data.vectors, mesh.mode),
            ...(data.kafka.kind === "cluster" ? kafkaLoads(data.kafka, copies) : []),
            ...(data.kafka.kind === "cluster" ? kafkaUiLoads(data.kafka.ui, { copies, mode: mesh.mode }) : []),
            ...(data.kafka.kind === "managed" ? managedKafkaLoads() : []),
            ...(data.elasticsearch.kind === "cluster" ? elasticLoads(data.elasticsearch, copies) : []),
            ...(data.elasticsearch.kind === "cluster"
                ? kibanaLoads(data.elasticsearch.kibana, { copies, mode: mesh.mode })
                : []),
            ...(data.clickhouse.kind === "cluster" ? clickHouseLoads(data.clickhouse) : []),
            ...postgresDrillLoads(data.postgres, sizes.postgres),
            ...dataBackupLoads(serviceBackups, backedUpSizes(data, sizes), mesh.mode),
            ...(data.objects.kind === "seaweedfs" ? objectLoads(data.objects) : []),
            ...guards.pods,
        ],
        agents: [...meshAgents[mesh.mode], ...guards.agents],
    };
}

function backedUpSizes(
    { clickhouse, elasticsearch, vectors }: Settings["data"],
    { chromadb }: Settings["sizes"],
): BackedUpSizes {
    return {
        chromadb,
        clickhouse: clickhouse.kind === "off" ? undefined : clickHouseSizes(clickhouse).server,
        elasticsearch: scratchSizeOf(elasticsearch),
        qdrant: vectors.kind === "off" ? undefined : vectors.store,
    };
}

/** Hosts that are proven over HTTP. */
function challengesOf(edge: Settings["edge"]): number {
    const { certificates } = edge;
    return "solver" in certificates && certificates.solver === "http01" ? namedHosts(edge).length : 0;
}

const edgeNames = { gateway: "tars-gateway", ratelimit: "ratelimit", counters: "counters" } as const;

function edgeLoads(controller: EdgeController, sizes: EdgeSizes): readonly Load[] {
    return edgeParts[controller].map((part) => ({ name: edgeNames[part], size: sizes[part], roles: ["general"] }));
}
