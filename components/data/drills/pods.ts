import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { type BackedUpService, backupProgramSize } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import type { Bytes } from "../../foundation/quantities";
import { type ImageFacts, images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, hardenedPod, runAs } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import { scriptsPath } from "./scripts";

/** What pods of jobs have in common. */
export interface ProgramPlace {
    readonly service: BackedUpService;
    readonly placement: Pick<Placement, "cluster" | "imageSources">;
    /** ConfigMap with the programs. */
    readonly scripts: pulumi.Input<string>;
    /** Where backups go, as programs are told. */
    readonly target: readonly core.v1.EnvVar[];
}

export interface Program {
    /** Of the pod's account and container. */
    readonly name: string;
    readonly program: "backup.py" | "drill.py";
    readonly environment: Readonly<Record<string, string>>;
    /** Beside that with the programs. @default [] */
    readonly volumes?: readonly core.v1.Volume[];
    /** @default [] */
    readonly volumeMounts?: readonly core.v1.VolumeMount[];
    /** Servers that start before the program and end after it. @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/ @default [] */
    readonly besides?: readonly core.v1.Container[];
}

/** A pod that runs one of the programs to its end. */
export function planProgram({ service, placement, target, scripts }: ProgramPlace, program: Program): core.v1.PodSpec {
    const { name, environment, volumes = [], volumeMounts = [], besides = [] } = program;
    const { uid } = images.python;
    return planJobPod(placement, {
        account: name,
        uid,
        scripts,
        ...(besides.length === 0 ? {} : { initContainers: [...besides] }),
        containers: [
            {
                name,
                image: imageReference(images.python, placement.imageSources),
                command: ["python3", `${scriptsPath}/${program.program}`],
                env: [
                    ...environmentOf(images.python),
                    ...target,
                    ...planVariables({ SERVICE_KIND: service, ...environment }),
                ],
                resources: containerResources(backupProgramSize),
                securityContext: { ...runAs(uid), ...hardenedContainer },
                volumeMounts: [scriptsMount, ...volumeMounts],
            },
        ],
        volumes,
    });
}

export interface JobPod {
    readonly account: string;
    readonly uid: number;
    /** ConfigMap with the programs. */
    readonly scripts: pulumi.Input<string>;
    readonly containers: core.v1.Container[];
    readonly initContainers?: core.v1.Container[];
    /** Beside that with the programs. */
    readonly volumes: readonly core.v1.Volume[];
}

/** The programs in a container of a job. */
export const scriptsMount = { name: "scripts", mountPath: scriptsPath, readOnly: true } as const;

/** A pod that works once, has the programs, and no token for the cluster. */
export function planJobPod(
    { cluster: { nodes } }: Pick<Placement, "cluster">,
    { account, uid, scripts, volumes, ...parts }: JobPod,
): core.v1.PodSpec {
    return {
        serviceAccountName: account,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        restartPolicy: "Never",
        priorityClassName: priorityClassName("batch"),
        securityContext: hardenedPod(uid),
        nodeSelector: nodes.general.labels,
        tolerations: [...nodes.general.tolerations],
        terminationGracePeriodSeconds: 30,
        ...parts,
        volumes: [{ name: scriptsMount.name, configMap: { name: scripts, defaultMode: 0o444 } }, ...volumes],
    };
}

/** A volume for a drill, of the class whose volumes go with their claims, as this one does with its pod. It is not in the cluster's own backup: it is there for minutes, and holds what is kept elsewhere. */
export function planScratchVolume(
    name: string,
    storage: Bytes,
    { scratchClass }: Pick<Placement["cluster"], "scratchClass">,
): core.v1.Volume {
    const metadata = { labels: { "velero.io/exclude-from-backup": "true" } };
    const spec = {
        accessModes: ["ReadWriteOnce"],
        storageClassName: scratchClass,
        resources: { requests: { storage } },
    };
    return { name, ephemeral: { volumeClaimTemplate: { metadata, spec } } };
}

export function environmentOf({ env = {} }: ImageFacts): core.v1.EnvVar[] {
    return planVariables(env);
}

export function planVariables(values: Readonly<Record<string, string>>): core.v1.EnvVar[] {
    return Object.entries(values).map(([name, value]) => ({ name, value }));
}
