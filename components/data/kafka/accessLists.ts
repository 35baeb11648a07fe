import { Job } from "@pulumi/kubernetes/batch/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { batch } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import type { ChildOptions } from "../../foundation/component";
import { imageReference } from "../../foundation/imageSources";
import { accessListsJob, type KafkaUser, kafkaAdmin, kafkaAuthority } from "../../foundation/kafkaNames";
import { accessListsSize, heapOf } from "../../foundation/kafkaSizes";
import { labelsOf } from "../../foundation/labels";
import { containerResources, hardenedContainer, hardenedPod } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { type AccessLine, type AccessPlaces, accessListsScript } from "./accessListsScript";
import { planUser } from "./topics";
import { images, user as imageUser } from "./values";

/** What users may do, in lines of Kafka's lists: the same as in the cluster. */
export function linesOf(users: Readonly<Record<string, KafkaUser>>): readonly AccessLine[] {
    return Object.entries(users).flatMap(([user, plan]) =>
        planUser(user, plan).authorization.acls.flatMap(({ resource, operations }) => {
            if (!("name" in resource)) return [];
            const { name, type, patternType } = resource;
            return operations.map((operation) => ({
                principal: `User:${user}`,
                resource: type === "topic" ? ("TOPIC" as const) : ("GROUP" as const),
                name,
                pattern: patternType === "prefix" ? ("PREFIXED" as const) : ("LITERAL" as const),
                operation: operation.toUpperCase(),
            }));
        }),
    );
}

/** Keys of the Secret that a user has, as Strimzi calls them; it keeps the last in a Secret apart. */
export const loginKeys = { password: "password", jaas: "sasl.jaas.config", authorities: kafkaAuthority.key } as const;

const folders = { login: "/run/secrets/login", scratch: "/tmp" } as const;

const places: AccessPlaces = {
    tool: "/opt/kafka/bin/kafka-acls.sh",
    scratch: folders.scratch,
    login: `${folders.login}/${loginKeys.jaas}`,
    authorities: `${folders.login}/${loginKeys.authorities}`,
};

export interface AccessListsArgs {
    readonly place: SystemPlace;
    readonly inside: Inside;
    readonly users: Readonly<Record<string, KafkaUser>>;
    readonly bootstrap: pulumi.Output<string>;
    /** Generation of the password that it logs in with. */
    readonly generation: number;
}

/** Labels of the job's pods. */
export const accessListsPart = { name: accessListsJob, component: "messaging" } as const;

/** Says who may do what. That is in the name, so that other users make another Job beside the one that has done its work. */
export function createAccessLists(name: string, args: AccessListsArgs, child: ChildOptions): Job {
    const { place, inside, users, generation } = args;
    const script = accessListsScript(linesOf(users), places);
    const unique = `${accessListsJob}-${checksum(script, images.kafka[tool], generation).slice(0, 8)}`;
    const labels = labelsOf(accessListsPart, place.ownership);
    const metadata = { namespace: inside.namespace, labels };
    const account = new ServiceAccount(
        `${name}-access-lists-account`,
        { metadata: { ...metadata, name: accessListsJob }, automountServiceAccountToken: false },
        child,
    );
    const after = { ...child, dependsOn: [...(child.dependsOn ?? []), account] };
    const plan = {
        metadata: { ...metadata, name: unique, annotations: whenFailed },
        spec: { ...bounds, template: planPod(args, script) },
    };
    return new Job(`${name}-access-lists`, plan, { ...after, customTimeouts: timeouts });
}

/** Version of the image whose tool calls brokers, which may be older. */
const tool = "4.3.1";

/**
 * One that has failed is made anew by the next update, which would wait for it otherwise.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomreplaceunready
 */
const whenFailed = { "pulumi.com/replaceUnready": "true" } as const;

/** Longer than the job itself may take, so that it is the job that says what went wrong. */
const timeouts: pulumi.CustomTimeouts = { create: "35m", update: "35m" };

/**
 * Each line is a call of its own, of some seconds. It stays to be seen for a year: the engine would make it anew once it is gone, and it would find
 * all as it was.
 */
const bounds = { backoffLimit: 6, activeDeadlineSeconds: 1800, ttlSecondsAfterFinished: 365 * 24 * 3600 } as const;

function planPod({ place, bootstrap }: AccessListsArgs, script: string): batch.v1.JobSpec["template"] {
    const { labels, tolerations } = place.cluster.nodes.general;
    const image = { repository: "quay.io/strimzi/kafka", tag: images.kafka[tool] };
    const heap = heapOf(accessListsSize.requests.memory);
    return {
        metadata: { labels: labelsOf(accessListsPart, place.ownership) },
        spec: {
            restartPolicy: "Never",
            serviceAccountName: accessListsJob,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: priorityClassName("batch"),
            securityContext: hardenedPod(imageUser),
            nodeSelector: labels,
            tolerations: [...tolerations],
            containers: [
                {
                    name: "access-lists",
                    image: imageReference(image, place.imageSources),
                    command: ["/bin/bash", "-c", script],
                    env: [
                        { name: "BOOTSTRAP", value: bootstrap },
                        { name: "KAFKA_HEAP_OPTS", value: `-Xms${heap} -Xmx${heap}` },
                        // The tool makes the folder, and writes nothing into it.
                        { name: "LOG_DIR", value: folders.scratch },
                    ],
                    resources: containerResources(accessListsSize),
                    securityContext: hardenedContainer,
                    volumeMounts: Object.entries(folders).map(([name, mountPath]) => ({
                        name,
                        mountPath,
                        ...(name === "scratch" ? {} : { readOnly: true }),
                    })),
                },
            ],
            volumes: [
                { name: "login", secret: { secretName: kafkaAdmin, defaultMode: 0o440 } },
                { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            ],
        },
    };
}
