import {
    type ClickHouseServers,
    clickHouseAccounts,
    clickHouseCluster,
    clickHousePods,
    clickHousePorts,
    clickHouseService,
    hostsOf,
    shardLabel,
} from "../../foundation/clickHouseNames";
import { clickHouseSizes } from "../../foundation/clickHouseSizes";
import { imageReference } from "../../foundation/imageSources";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { serverCertificate } from "./certificates";
import { planPod } from "./pod";
import { fromSecret, passwordKeys } from "./secrets";
import { coldFolder, coldVolume, planFiles, planSettings } from "./settings";
import { planClaim, planStorage } from "./storage";
import { planProfiles, planQuotas, planUsers } from "./users";

/**
 * Field names are those of the operator's CRD. @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/deploy/helm/clickhouse-operator/crds/CustomResourceDefinition-clickhouseinstallations.clickhouse.altinity.com.yaml
 *
 * @param generation of the passwords, which servers read when they start
 */
export function planServers(place: SystemPlace, asked: ClickHouseServers, generation: number) {
    return {
        configuration: {
            zookeeper: {
                nodes: hostsOf("chk", 1, asked.keepers).map((host) => ({
                    host,
                    port: clickHousePorts.keeper,
                    secure: "yes",
                })),
            },
            users: planUsers(asked),
            profiles: planProfiles(asked),
            quotas: planQuotas(asked),
            settings: planSettings(asked),
            files: planFiles(asked),
            clusters: [planCluster(asked)],
        },
        defaults: { storageManagement: planStorage(), templates },
        templates: {
            podTemplates: [
                {
                    name: templates.podTemplate,
                    metadata: { annotations: { "tars-platform/key-generation": `${generation}` } },
                    spec: planServer(place, asked),
                },
            ],
            serviceTemplates: [planService()],
            volumeClaimTemplates: planClaims(place, asked),
        },
    };
}

const templates = { podTemplate: "server", dataVolumeClaimTemplate: "data", serviceTemplate: "all" } as const;

function planCluster({ shards, replicas }: ClickHouseServers) {
    return {
        name: clickHouseCluster,
        layout: { shardsCount: shards, replicasCount: replicas },
        secure: "yes",
        insecure: "no",
        secret: fromSecret(passwordKeys.cluster),
        pdbManaged: "yes",
        // Of all its servers one at a time, so that no shard is ever without one.
        pdbMaxUnavailable: 1,
    };
}

/** Before all servers that are ready. The operator's own has the ports that are closed. */
function planService() {
    const { https, native } = clickHousePorts;
    return {
        name: templates.serviceTemplate,
        generateName: clickHouseService,
        spec: {
            type: "ClusterIP",
            ports: [
                { name: "https", port: https, targetPort: https },
                { name: "secureclient", port: native, targetPort: native },
            ],
        },
    };
}

export function serverImage({ version }: Pick<ClickHouseServers, "version">) {
    return { repository: "docker.io/clickhouse/clickhouse-server", tag: version } as const;
}

function planServer(place: SystemPlace, asked: ClickHouseServers) {
    return planPod(place, {
        account: clickHouseAccounts.servers,
        container: "clickhouse",
        image: imageReference(serverImage(asked), place.imageSources),
        size: clickHouseSizes(asked).server,
        pods: clickHousePods.servers,
        apartBy: shardLabel,
        copies: asked.replicas,
        certificate: serverCertificate,
        scratch: ["/var/log/clickhouse-server"],
        volumes: asked.coldStorage === undefined ? {} : { [coldVolume]: coldFolder },
        // Queries that run are let end.
        stopSeconds: 120,
    });
}

function planClaims({ cluster: { storageClasses } }: SystemPlace, { storage, coldStorage }: ClickHouseServers) {
    return [
        planClaim(templates.dataVolumeClaimTemplate, storage, storageClasses.fast),
        ...(coldStorage === undefined ? [] : [planClaim(coldVolume, coldStorage, storageClasses.cold)]),
    ];
}
