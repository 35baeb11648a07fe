import type { StoragePurpose } from "../../cloud/contract";
import {
    askedPods,
    type ElasticNodes,
    type ElasticsearchCluster,
    elasticAccount,
    elasticCluster,
    elasticLabels,
    groupRoles,
    loginSecret,
    loginsOf,
    type NodeGroup,
    setOf,
} from "../../foundation/elasticNames";
import { groupsOf, nodeSize } from "../../foundation/elasticSizes";
import { snapshotSecret } from "../../foundation/elasticSnapshots";
import { imageReference } from "../../foundation/imageSources";
import { labelsOf, selectorOf } from "../../foundation/labels";
import {
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    runtimeDefault,
    topologies,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { hasOwnRole } from "./roles";
import { keystoreOf, planClient, planLogin, type SnapshotStore } from "./snapshots";
import { images } from "./values";

/**
 * User of Elasticsearch's image, and the group of the volumes that the operator gives it: pkg/controller/elasticsearch/nodespec/podspec.go of
 * elastic/cloud-on-k8s at v3.5.0.
 */
export const user = 1000;

/**
 * What the operator calls the volume of a node's data, and takes for it under that name alone: pkg/controller/elasticsearch/volume/names.go at
 * v3.5.0.
 */
const dataVolume = "elasticsearch-data";

/**
 * Folders that the operator makes and fills, whose size it says nothing of; those of these names it leaves as they are. Together they are bounded by
 * the disk that the container is limited to.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/nodespec/volumes.go
 */
const scratchVolumes = [
    "elastic-internal-elasticsearch-bin-local",
    "elastic-internal-elasticsearch-config-local",
    "elastic-internal-elasticsearch-plugins-local",
    "elasticsearch-logs",
    "tmp-volume",
] as const;

const volumes = {
    shared: "fast",
    master: "fast",
    hot: "fast",
    warm: "standard",
    cold: "cold",
    ingest: "standard",
    coordinating: "standard",
} as const satisfies Readonly<Record<NodeGroup, StoragePurpose>>;

export interface SpreadCluster {
    readonly asked: ElasticsearchCluster;
    /** Whether its nodes stand in several zones, which then each have as many of a group. */
    readonly isZoned: boolean;
    /** Where snapshots go; undefined where there are none. */
    readonly snapshots: SnapshotStore | undefined;
}

function inSecret(login: string) {
    return { secretName: loginSecret(login) };
}

export function imageOf({ imageSources }: SystemPlace, { version }: ElasticsearchCluster): string {
    return imageReference({ repository: images.elasticsearch, tag: version }, imageSources);
}

/**
 * Field names are those of the Elasticsearch of ECK 3.5.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/apis/elasticsearch/v1/elasticsearch_types.go
 */
export function planElasticsearch(place: SystemPlace, { asked, isZoned, snapshots }: SpreadCluster) {
    const keystore = snapshots && keystoreOf(snapshots.store);
    const logins = loginsOf(asked);
    return {
        version: asked.version,
        image: imageOf(place, asked),
        // Where a group gets smaller, the volumes of nodes whose data has gone to others go too; when all of it goes, none does.
        volumeClaimDeletePolicy: "DeleteOnScaledownOnly",
        auth: {
            fileRealm: logins.map(inSecret),
            roles: logins.filter(hasOwnRole).map(inSecret),
        },
        ...(keystore === undefined ? {} : { secureSettings: [{ secretName: snapshotSecret }] }),
        http: { service: { spec: { type: "ClusterIP", selector: askedPods(asked) } } },
        updateStrategy: { changeBudget: { maxUnavailable: 1, maxSurge: 0 } },
        nodeSets: groupsOf(asked).map(([group, nodes]) => ({
            name: group,
            count: nodes.count,
            config: { ...planConfig(group, asked), ...(snapshots && planClient(snapshots.store)) },
            ...(isZoned ? { zoneAwareness: { topologyKey: topologies.zone } } : {}),
            podTemplate: planPodTemplate(place, snapshots, group, nodes),
            ...planVolumes(place, group, nodes),
        })),
    };
}

/**
 * TLS, passwords and the rest of what makes it safe are the operator's own; here stands what it leaves open. Databases of places of addresses would
 * be fetched from the Internet, and what learns from data needs a licence and memory.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/configuration-reference
 */
function planConfig(group: NodeGroup, { memoryMapped }: ElasticsearchCluster) {
    return {
        "node.roles": [...groupRoles[group]],
        "node.store.allow_mmap": memoryMapped,
        "xpack.security.http.ssl.supported_protocols": ["TLSv1.3"],
        "xpack.security.transport.ssl.supported_protocols": ["TLSv1.3"],
        // Without a licence that has it nothing is written (docs/elasticsearch.md).
        "xpack.security.audit.enabled": true,
        "xpack.ml.enabled": false,
        "ingest.geoip.downloader.enabled": false,
    };
}

/**
 * Java's own log of its memory would go to files that nobody reads.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/jvm-settings#gc-logging
 */
export const environment = [
    { name: "ES_JAVA_OPTS", value: "-Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags" },
];

/** Where the operator puts what a node goes by. */
const configurationFolder = "/usr/share/elasticsearch/config";

function planPodTemplate(
    place: SystemPlace,
    snapshots: SnapshotStore | undefined,
    group: NodeGroup,
    nodes: ElasticNodes,
) {
    const login = snapshots && planLogin(snapshots, configurationFolder);
    const { labels, tolerations } = place.cluster.nodes.general;
    const size = nodeSize(nodes);
    const container = {
        name: "elasticsearch",
        env: [...environment, ...(login?.env ?? [])],
        resources: containerResources(size),
        securityContext: { ...runAs(user), seccompProfile: runtimeDefault, ...hardenedContainer },
        ...(login && { volumeMounts: login.volumeMounts }),
    };
    return {
        metadata: {
            labels: labelsOf({ name: elasticCluster, component: "search" }, place.ownership),
            ...(login && { annotations: login.annotations }),
        },
        spec: {
            serviceAccountName: elasticAccount,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorityClassName("data"),
            securityContext: hardenedPod(user),
            nodeSelector: labels,
            tolerations: [...tolerations],
            affinity: planApart(group),
            containers: [container],
            // Nodes that keep nothing have what they know of themselves and of the cluster there as well.
            volumes: [
                ...[...scratchVolumes, ...(nodes.storage === undefined ? [dataVolume] : [])].map((name) => ({
                    name,
                    emptyDir: { sizeLimit: size.scratch },
                })),
                ...(login?.volumes ?? []),
            ],
        },
    };
}

/** Never two of a group on a node. In which zones they are, the operator sees to. */
function planApart(group: NodeGroup) {
    const labelSelector = { matchLabels: { [elasticLabels.set]: setOf(group) } };
    return {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: topologies.node, labelSelector }],
        },
    };
}

/** With labels that never change: the operator gives claims to a StatefulSet as they are here, and that takes no other ones later. */
function planVolumes({ cluster }: SystemPlace, group: NodeGroup, { storage }: ElasticNodes) {
    if (storage === undefined) return {};
    const spec = {
        accessModes: ["ReadWriteOnce"],
        storageClassName: cluster.storageClasses[volumes[group]],
        resources: { requests: { storage } },
    };
    const labels = selectorOf(elasticCluster);
    return { volumeClaimTemplates: [{ metadata: { name: dataVolume, labels }, spec }] };
}
