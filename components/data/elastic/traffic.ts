import type { ClusterHandle } from "../../cloud/contract";
import { elasticsearchJobs } from "../../foundation/dataBackups";
import {
    askedPods,
    type ElasticsearchCluster,
    elasticNamespace,
    elasticPods,
    elasticPorts,
} from "../../foundation/elasticNames";
import { kibanaName } from "../../foundation/kibana";
import { selectorOf } from "../../foundation/labels";
import { podsOf } from "../../kubernetes/consumers";
import {
    fromMonitoring,
    here,
    inNamespace,
    planCallers,
    planCalls,
    planTrafficOf,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../../kubernetes/traffic";

const { operator, nodes, setup } = elasticPods;

/** The job that has a snapshot taken, and counts. */
const manifest = selectorOf(elasticsearchJobs.backup);
const { http, transport, operatorMetrics } = elasticPorts;

/**
 * Who calls whom, by the name of the policy. Nodes ask each other over HTTP too: one that stops says so to the others.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/nodespec/lifecycle_hook.go
 */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    asked: ElasticsearchCluster,
): Readonly<Record<string, TrafficPolicy>> {
    const users = Object.values(asked.users).map(podsOf);
    const jobs = asked.snapshots === undefined ? [] : [here(manifest)];
    const kibana = asked.kibana.kind === "off" ? [] : [here(selectorOf(kibanaName))];
    return {
        "api-server": planCalls(operator, toApiServer(cluster)),
        operator: planTrafficOf(operator, {
            ingress: [fromMonitoring(cluster, operatorMetrics)],
            egress: [{ to: [here(nodes)], ports: tcp(http) }],
        }),
        nodes: planTrafficOf(nodes, {
            ingress: [
                { from: [here(nodes)], ports: tcp(http, transport) },
                { from: [here(operator)], ports: tcp(http) },
            ],
            egress: [{ to: [here(nodes)], ports: tcp(http, transport) }],
        }),
        setup: planCalls(setup, [{ to: [here(askedPods(asked))], ports: tcp(http) }]),
        consumers: planCallers(askedPods(asked), [
            { from: [here(setup), ...jobs, ...kibana, ...users], ports: tcp(http) },
        ]),
    };
}

/** The way to those that are asked. */
export function toAsked(asked: ElasticsearchCluster) {
    return { to: [inNamespace(elasticNamespace, askedPods(asked))], ports: tcp(http) };
}
