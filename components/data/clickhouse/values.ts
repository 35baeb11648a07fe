import { clickHouseNamespace, clickHouseOperator, clickHousePorts } from "../../foundation/clickHouseNames";
import type { Size } from "../../foundation/workloads";
import { charts } from "../../kubernetes/chartTable";
import {
    chartImage,
    chartLabels,
    containerResources,
    hardenedContainer,
    hardenedPod,
    systemNodes,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";

/** Name of the release; the chart calls what it makes after it. */
export const release = clickHouseOperator;

const operatorImage = { repository: "docker.io/altinity/clickhouse-operator", tag: charts[release].version } as const;

/** Values of the chart: its keys and defaults are in deploy/helm/clickhouse-operator/values.yaml of Altinity/clickhouse-operator at release-0.25.6. */
export function planValues(place: SystemPlace, size: Size, generation: number) {
    const { labels, tolerations } = systemNodes(place.cluster);
    return {
        commonLabels: chartLabels(place.ownership),
        // A job of Bitnami's kubectl, by the tag `latest`. Definitions are a step of their own.
        crdHook: { enabled: false },
        operator: {
            image: { ...chartImage(operatorImage, place.imageSources), pullPolicy: "IfNotPresent" },
            containerSecurityContext: hardenedContainer,
            resources: containerResources(size),
            priorityClassName: priorityClassName("system"),
        },
        // Servers and Keepers tell their metrics themselves; this would log in to each server for them.
        metrics: { enabled: false },
        // It reads its password when it starts.
        podAnnotations: { "tars-platform/password-generation": `${generation}` },
        // The platform makes it, so that a right may be given to it (components/data/clickhouse/operator.ts).
        serviceAccount: { create: false, name: release },
        // Rights in this namespace alone, which has ClickHouse and nothing else.
        rbac: { create: true, namespaceScoped: true },
        // The chart's own has a password that anybody can read there.
        secret: { create: false },
        podSecurityContext: hardenedPod(),
        nodeSelector: labels,
        tolerations: [...tolerations],
        configs: {
            files: {
                "config.yaml": {
                    watch: { namespaces: [clickHouseNamespace] },
                    clickhouse: { access: { scheme: "https", port: clickHousePorts.https } },
                },
            },
        },
    };
}
