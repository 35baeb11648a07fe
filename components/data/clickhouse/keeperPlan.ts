import {
    type ClickHouseServers,
    clickHouseAccounts,
    clickHouseCluster,
    clickHousePods,
    clickHousePorts,
} from "../../foundation/clickHouseNames";
import { clickHouseSizes } from "../../foundation/clickHouseSizes";
import { imageReference } from "../../foundation/imageSources";
import { bytes } from "../../foundation/quantities";
import type { PodSize } from "../../foundation/workloads";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { keeperCertificate } from "./certificates";
import { planMetrics } from "./metrics";
import { planPod } from "./pod";
import { planClaim, planStorage } from "./storage";
import { below, planTransport, podLog, removed } from "./transport";

/**
 * Field names are those of the operator's CRD. @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/deploy/helm/clickhouse-operator/crds/CustomResourceDefinition-clickhousekeeperinstallations.clickhouse-keeper.altinity.com.yaml
 */
export function planKeepers(place: SystemPlace, asked: ClickHouseServers) {
    const size = clickHouseSizes(asked).keeper;
    return {
        configuration: {
            clusters: [
                {
                    name: clickHouseCluster,
                    layout: { replicasCount: asked.keepers },
                    pdbManaged: "yes",
                    pdbMaxUnavailable: 1,
                },
            ],
            settings: planSettings(size),
        },
        defaults: { storageManagement: planStorage(), templates },
        templates: {
            podTemplates: [{ name: templates.podTemplate, spec: planKeeper(place, asked) }],
            volumeClaimTemplates: [
                planClaim(templates.dataVolumeClaimTemplate, size.storage, place.cluster.storageClasses.fast),
            ],
        },
    };
}

const templates = { podTemplate: "keeper", dataVolumeClaimTemplate: "data" } as const;

/**
 * The operator knows one port for callers and one for votes, and what is spoken there is for the settings: both ask for a certificate, and know no
 * other way in.
 *
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/src/Coordination/KeeperStateManager.cpp (raft_configuration.secure)
 */
function planSettings({ limits }: PodSize) {
    const cache = bytes(limits.memory);
    return {
        ...below("keeper_server", {
            tcp_port: removed,
            tcp_port_secure: `${clickHousePorts.keeper}`,
            "raft_configuration/secure": "true",
            // What anybody may ask who has a certificate: how it is, and who it is.
            four_letter_word_white_list: "ruok,mntr,srvr,stat,isro",
            // Its own are 1 GiB and 500 MiB, whatever memory it has (src/Coordination/CoordinationSettings.cpp).
            "coordination_settings/latest_logs_cache_size_threshold": `${cache / 8}`,
            "coordination_settings/commit_logs_cache_size_threshold": `${cache / 16}`,
        }),
        ...planTransport("certified"),
        // Older images name a file that they do not have. TLS 1.3 has no use for it.
        "openSSL/server/dhParamsFile": removed,
        ...podLog,
        ...planMetrics(),
    };
}

function planKeeper(place: SystemPlace, asked: ClickHouseServers) {
    const image = { repository: "docker.io/clickhouse/clickhouse-keeper", tag: asked.version };
    return planPod(place, {
        account: clickHouseAccounts.keepers,
        container: "clickhouse-keeper",
        image: imageReference(image, place.imageSources),
        size: clickHouseSizes(asked).keeper,
        pods: clickHousePods.keepers,
        copies: asked.keepers,
        certificate: keeperCertificate,
        scratch: ["/var/lib/clickhouse", "/var/log/clickhouse-keeper"],
        // The operator's own asks in the clear.
        livenessProbe: {
            tcpSocket: { port: clickHousePorts.keeper },
            initialDelaySeconds: 5,
            periodSeconds: 5,
            failureThreshold: 12,
        },
        stopSeconds: 60,
    });
}
