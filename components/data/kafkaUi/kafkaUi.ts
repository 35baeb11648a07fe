import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { TarsComponent } from "../../foundation/component";
import { kafkaAuthority } from "../../foundation/kafkaNames";
import { kafkaUiName } from "../../foundation/kafkaUi";
import { labelsOf } from "../../foundation/labels";
import { registryName } from "../../foundation/schemaRegistry";
import type { Size } from "../../foundation/workloads";
import { images } from "../../kubernetes/images";
import { podEnrolment } from "../../kubernetes/meshTraffic";
import { trustOf } from "../../kubernetes/ownAuthority";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import type { Kafka } from "../kafka/cluster";
import { acl, clusterAcl, planAccount } from "../kafka/topics";
import { toBrokers } from "../kafka/traffic";
import { createDoors, type Doors } from "../pages/doors";
import { planPageTraffic } from "../pages/traffic";
import { loginSecret } from "../schemaRegistry/logins";
import { toRegistry } from "../schemaRegistry/traffic";
import { kafkaLoginKey, planEnvironment, planScript, uiFolders } from "./environment";

export interface KafkaUiArgs {
    /** The namespace of Kafka, where its operator puts the login. */
    readonly placement: Placement;
    readonly size: Size;
    /** Whether whoever enters may also write. */
    readonly writes: boolean;
    readonly kafka: Kafka;
    /** Generation of its password at the registry of schemas; undefined where there is none. */
    readonly registry: { readonly generation: number } | undefined;
    readonly doors: Doors;
}

/** Kafka UI of kafbat: shows people what is in Kafka, and keeps nothing. It knows none of them by name; who comes has logged in at the gateway. */
export class KafkaUi extends TarsComponent {
    constructor(name: string, args: KafkaUiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "KafkaUi", name, opts);
        const { placement, kafka, writes, doors, registry } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = labelsOf(part, placement.ownership);
        const inside = { namespace: placement.namespace, labels };
        const egress = [toBrokers({ login: "scram" }), ...(registry === undefined ? [] : [toRegistry()])];
        const traffic = planPageTraffic(page, { gateway: doors.gateway, mode: placement.mesh, egress });
        const user = { kind: "KafkaUser", name: kafkaUiName, spec: planAccount("scram", rightsOf(writes)) } as const;
        const before = [
            ...createTraffic(name, traffic, inside, child),
            ...createDoors(name, page, doors, inside, child),
            kafka.create(`${name}-user`, user, child),
        ];
        new Workload(name, planWorkload(args), { parent: this, dependsOn: before });
        this.registerOutputs({});
    }
}

const part = { name: kafkaUiName, component: "messaging", version: images.kafkaUi.tag } as const;
const page = { name: kafkaUiName, port: images.kafkaUi.ports.http } as const;

/** It sees everything, and without the setting Kafka itself takes nothing from it, whatever somebody makes it send. Topics and users are the stack's to make. */
function rightsOf(writes: boolean) {
    return [
        clusterAcl(["Describe", "DescribeConfigs"]),
        acl("topic", "*", ["Describe", "DescribeConfigs", "Read", ...(writes ? ["Write"] : [])]),
        acl("group", "*", ["Describe", ...(writes ? ["Read"] : [])]),
    ];
}

function planWorkload({ placement, size, writes, registry }: KafkaUiArgs) {
    const hasRegistry = registry !== undefined;
    const { kafkaAuthority: authority, kafkaLogin, registryAuthority, registryLogin } = uiFolders;
    return {
        placement,
        name: part.name,
        component: part.component,
        priority: "serving",
        kind: { kind: "stateless" },
        image: images.kafkaUi,
        size,
        podLabels: podEnrolment[placement.mesh],
        arguments: ["/bin/sh", "-c", planScript({ hasRegistry })],
        environment: planEnvironment({ writes, hasRegistry }),
        secretFolders: hasRegistry ? { [registryLogin]: loginSecret(kafkaUiName) } : {},
        secretKeys: {
            [authority]: { secret: kafkaAuthority.secret, key: kafkaAuthority.key },
            [kafkaLogin]: { secret: kafkaUiName, key: kafkaLoginKey },
            ...(hasRegistry && { [registryAuthority]: { secret: trustOf(registryName), key: "ca.crt" } }),
        },
        annotations: { "tars-platform/config-checksum": checksum("registry", registry?.generation ?? 0) },
        // Java, and all of Kafka to ask, before it answers.
        startupSeconds: 180,
    } as const;
}
