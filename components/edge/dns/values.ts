import { recordWriter, type WorkloadIdentity, type ZoneRecords } from "../../cloud/contract";
import { externalDnsSize } from "../../foundation/externalDnsSizes";
import { selectorOf } from "../../foundation/labels";
import { planToken, tokenMount } from "../../kubernetes/pod";
import {
    chartImage,
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    systemNodes,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { gateway } from "../identity";

/** Name of the release, and so of the namespace's objects. */
export const release = "external-dns";

/** Where it answers for its health and its metrics (`--metrics-address`, docs/flags.md at v0.21.0). */
export const httpPort = 7979;

/** What its pods are told from others by: templates/_helpers.tpl of the chart. */
export const pods = { ...selectorOf(release), "app.kubernetes.io/instance": release } as const;

/** The user is that of the chart, which its image runs as by itself. */
const image = { repository: "registry.k8s.io/external-dns/external-dns", tag: "v0.21.0", user: 65_532 } as const;

export interface ValuesPlan {
    readonly place: SystemPlace;
    /** Name of the zone: whatever is outside of it is left alone. */
    readonly zone: string;
    readonly records: ZoneRecords;
    readonly identity: WorkloadIdentity;
    /** Namespace of the routes that hosts are read from. */
    readonly routesFrom: string;
}

/** Values of the chart: its keys, types and defaults are in values.yaml and values.schema.json at the tag external-dns-helm-chart-1.21.1. */
export function planValues(plan: ValuesPlan) {
    const { place, identity, records } = plan;
    return {
        commonLabels: chartLabels(place.ownership),
        image: { ...chartImage(image, place.imageSources), pullPolicy: "IfNotPresent" },
        // Made by the platform: what it must carry is known only once the cloud has made the identity.
        serviceAccount: { create: false, name: recordWriter.serviceAccount },
        automountServiceAccountToken: false,
        podLabels: { ...identity.podLabels },
        ...planRecords(plan),
        ...planPod(place),
        ...planVolumes(plan),
        // Both ask the same: one that is busy with a long list is left alone sooner than it is started anew.
        livenessProbe: { failureThreshold: 6 },
        readinessProbe: { failureThreshold: 2 },
        env: Object.entries(records.environment).map(([name, value]) => ({ name, value })),
        serviceMonitor: { enabled: false },
        logFormat: "json",
    };
}

/**
 * Which records there are to be. `sync` also removes what nobody asks for any more: a name that still leads to an address that was given back is
 * somebody else's door. It removes only what the TXT records beside say is this cluster's own.
 */
function planRecords({ zone, records, routesFrom }: ValuesPlan) {
    return {
        provider: { name: records.provider },
        sources: ["gateway-httproute", "service"],
        ...readNamespaces(routesFrom),
        domainFilters: [zone],
        policy: "sync",
        registry: "txt",
        txtOwnerId: records.owner,
        // A label of its own before the name, so that the record of the zone's own name is in the zone too (docs/registry/txt.md).
        txtPrefix: "externaldns-%{record_type}.",
        interval: "1m",
        // What is deleted is seen at once, not at the next minute: its records must go before ExternalDNS itself does.
        triggerLoopOnEvent: true,
        extraArgs: {
            "gateway-name": gateway.name,
            // Otherwise it watches nodes as well (source/service.go).
            "service-type-filter": "LoadBalancer",
            // A record of `*` has a TXT record beside it, whose name may have none within.
            "txt-wildcard-replacement": "wildcard",
            ...records.options,
        },
    };
}

/** It reads one namespace, and the gateway's: whoever may write a Service anywhere else has no name of the zone by it. */
function readNamespaces(routesFrom: string) {
    return { namespaced: true, sourceNamespace: routesFrom, gatewayNamespace: gateway.namespace };
}

function planPod({ cluster }: SystemPlace) {
    const { labels, tolerations } = systemNodes(cluster);
    return {
        deploymentStrategy: { type: "Recreate" },
        resources: containerResources(externalDnsSize),
        podSecurityContext: hardenedPod(image.user),
        securityContext: { ...runAs(image.user), ...hardenedContainer },
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
    };
}

/** ConfigMap with the file that ExternalDNS looks for, where it looks for one. */
export const fileOfCloud = `${release}-cloud`;

function planVolumes({ records: { file } }: ValuesPlan) {
    if (file === undefined) return { extraVolumes: [planToken()], extraVolumeMounts: [tokenMount] };
    const name = "cloud";
    return {
        extraVolumes: [planToken(), { name, configMap: { name: fileOfCloud, defaultMode: 0o440 } }],
        extraVolumeMounts: [tokenMount, { name, mountPath: file.folder, readOnly: true }],
    };
}
