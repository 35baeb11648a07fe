import type { core } from "@pulumi/kubernetes/types/input";
import type { Labels } from "../../foundation/labels";
import type { PodSize } from "../../foundation/workloads";
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
import { certificateFolder } from "./certificates";

/** User and group of both images: docker/server/Dockerfile.ubuntu and docker/keeper/Dockerfile of ClickHouse/ClickHouse. */
export const clickHouseUid = 101;

export interface PodPlan {
    /** Service account, which has no rights. */
    readonly account: string;
    /** Name by which the operator knows the program's container. */
    readonly container: string;
    readonly image: string;
    readonly size: PodSize;
    /** By which its pods are told from others. */
    readonly pods: Labels;
    /** Label of which pods with the same value must not share a zone. @default undefined - none may */
    readonly apartBy?: string;
    /** How many must be in different zones. */
    readonly copies: number;
    /** Secret with its certificate. */
    readonly certificate: string;
    /** Folders for scratch files, beside `/tmp`. */
    readonly scratch: readonly string[];
    /** Further volumes by the name of their template, and where they are. */
    readonly volumes?: Readonly<Record<string, string>>;
    readonly livenessProbe?: core.v1.Probe;
    readonly stopSeconds: number;
}

/** A pod as both kinds of the operator take it. It adds ports, the volume for data and its configuration, and probes where none are given. */
export function planPod(place: SystemPlace, plan: PodPlan): core.v1.PodSpec {
    const { labels, tolerations } = place.cluster.nodes.general;
    const folders = ["/tmp", ...plan.scratch];
    const mounts = Object.entries(plan.volumes ?? {}).map(([name, mountPath]) => ({ name, mountPath }));
    return {
        serviceAccountName: plan.account,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: hardenedPod(clickHouseUid),
        priorityClassName: priorityClassName("data"),
        terminationGracePeriodSeconds: plan.stopSeconds,
        ...(Object.keys(labels).length === 0 ? {} : { nodeSelector: labels }),
        ...(tolerations.length === 0 ? {} : { tolerations: [...tolerations] }),
        ...planSpread(plan),
        containers: [
            {
                name: plan.container,
                image: plan.image,
                imagePullPolicy: "IfNotPresent",
                resources: containerResources(plan.size),
                securityContext: { ...runAs(clickHouseUid), seccompProfile: runtimeDefault, ...hardenedContainer },
                volumeMounts: [
                    { name: "tls", mountPath: certificateFolder, readOnly: true },
                    ...folders.map((mountPath) => ({ name: "scratch", mountPath, subPath: folderName(mountPath) })),
                    ...mounts,
                ],
                ...(plan.livenessProbe && { livenessProbe: plan.livenessProbe }),
            },
        ],
        volumes: [
            { name: "tls", secret: { secretName: plan.certificate, defaultMode: 0o440 } },
            { name: "scratch", emptyDir: { sizeLimit: plan.size.scratch } },
        ],
    };
}

const folderName = (path: string) => path.slice(1).replaceAll("/", "-");

/** Never two on a node, and no two copies of the same in one zone; where nothing is there twice, also on nodes that say no zone. */
function planSpread({ pods, apartBy, copies }: PodPlan) {
    const labelSelector = { matchLabels: pods };
    return {
        affinity: {
            podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: topologies.node, labelSelector }],
            },
        },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: topologies.zone,
                whenUnsatisfiable: copies > 1 ? "DoNotSchedule" : "ScheduleAnyway",
                labelSelector,
                ...(apartBy === undefined ? {} : { matchLabelKeys: [apartBy] }),
            },
        ],
    };
}
