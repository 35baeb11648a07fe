import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { kafkaAuthority, kafkaNamespace } from "../../foundation/kafkaNames";
import { labelsOf } from "../../foundation/labels";
import {
    mostRegistryPods,
    type SchemaRegistry as RegistryPlan,
    registryGroups,
    registryName,
    registryTopic,
} from "../../foundation/schemaRegistry";
import type { Size } from "../../foundation/workloads";
import { certifiedNames, hostOf } from "../../kubernetes/certifiedNames";
import { createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import type { Operator } from "../../kubernetes/customResource";
import { images } from "../../kubernetes/images";
import { certificateOf, createOwnAuthority, serviceCertificate, trustOf } from "../../kubernetes/ownAuthority";
import type { Placement, SecretReference } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import type { Kafka } from "../kafka/cluster";
import { acl, planAccount, planTopic } from "../kafka/topics";
import { kafkaPasswordKey, loginsKey, planEnvironment, registryFolders, registryScript } from "./environment";
import { createLogins, type GivenLogin, type LoginReference } from "./logins";
import { planRegistryTraffic, toRegistry } from "./traffic";

export interface SchemaRegistryArgs {
    /** The namespace of Kafka, where its operator puts the login. */
    readonly placement: Placement;
    readonly asked: RegistryPlan;
    readonly size: Size;
    /** Brokers that its topic is on. */
    readonly replication: number;
    readonly kafka: Kafka;
    /** Who may call it, and what with. */
    readonly users: Readonly<Record<string, GivenLogin>>;
    /** Generation of the passwords: a new one restarts the pods. */
    readonly generation: number;
    readonly certManager: Operator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/** Where it answers, from any namespace: known before it does. */
export const registryUrl = `https://${hostOf({ name: registryName, namespace: kafkaNamespace })}:${images.karapace.ports.https}`;

/** Karapace: schemas of what is in topics, kept in a topic of their own. Each of its pods has them all in memory; one, which Kafka names, writes for all. */
export class SchemaRegistry extends TarsComponent {
    readonly url: pulumi.Output<string>;
    /** Certificate of who vouches for it, where callers elsewhere may read it. */
    readonly authority: SecretReference;
    /** Where each user's login is. */
    readonly users: Readonly<Record<string, LoginReference>>;

    constructor(name: string, args: SchemaRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "SchemaRegistry", name, opts);
        const { placement, users, certManager } = args;
        const { namespace } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf(part, placement.ownership) };
        const callers = Object.values(users).map(({ caller }) => caller);
        const traffic = createTraffic(name, planRegistryTraffic(callers), inside, child);
        const shown = [serviceCertificate(registryName, certified)];
        const authority = { service: registryName, certificates: shown, isToldElsewhere: true };
        const certificates = createOwnAuthority(name, authority, certManager, { inside, child });
        const logins = createLogins(name, users, inside, child);
        const way = { service: registryName, ownership: placement.ownership, applications: args.applications };
        for (const [user, { caller }] of Object.entries(users))
            createConsumerWay(
                name,
                { ...way, user, consumer: caller, spec: planConsumer(caller, toRegistry()) },
                child,
            );
        const before = [...createKafkaObjects(name, args, child), ...traffic, ...certificates, logins.file];
        const pods = new Workload(name, planWorkload(args), { parent: this, dependsOn: before });
        this.url = pods.serviceName.apply(() => registryUrl);
        this.authority = { namespace, name: namespace.apply(() => trustOf(registryName)), key: "ca.crt" };
        this.users = logins.references;
        this.registerOutputs({ url: this.url });
    }
}

const part = { name: registryName, component: "messaging", version: images.karapace.tag } as const;

const certified = certifiedNames({ name: registryName, namespace: kafkaNamespace, mostPods: mostRegistryPods });

/** One partition, because the order of all schemas is what their numbers hang on; in it the newest of each key stays for ever. */
const topic = { partitions: 1, mostGi: 1, keeps: { kind: "compacted" } } as const;

/**
 * Its topic, which is all that there is of the schemas, and its user. That must be allowed to make the topic, though it is there: the program begins with that,
 * and goes on when it hears that the topic is there, but not when it hears that it may not.
 *
 * @see https://github.com/Aiven-Open/karapace/blob/6.2.0/src/karapace/core/schema_reader.py (run)
 */
function createKafkaObjects(name: string, { kafka, replication, placement }: SchemaRegistryArgs, child: ChildOptions) {
    const spec = { topicName: registryTopic.name, ...planTopic(topic, replication) };
    const account = planAccount("scram", [
        acl("topic", registryTopic.name, ["Create", "Describe", "Read", "Write"]),
        acl("group", registryGroups.election, ["Read"]),
        acl("group", registryGroups.readings, ["Read"], "prefix"),
    ]);
    const guarded = { ...child, protect: placement.cluster.isGuarded };
    const made: readonly CustomResource[] = [
        kafka.create(`${name}-topic`, { kind: "KafkaTopic", name: registryTopic.object, spec }, guarded),
        kafka.create(`${name}-user`, { kind: "KafkaUser", name: registryName, spec: account }, child),
    ];
    return made;
}

function planWorkload({ placement, asked, size, replication, users, generation }: SchemaRegistryArgs) {
    const { certificate, kafkaAuthority: authority, kafkaLogin, logins } = registryFolders;
    const rights = Object.entries(users).map(([user, { permissions }]) => [user, permissions]);
    return {
        placement,
        name: part.name,
        component: part.component,
        priority: "data",
        // Each is called by a name that is in the certificate: what comes to one that does not write, it sends on to the one that does.
        kind: { kind: "named" },
        image: images.karapace,
        size,
        arguments: ["/bin/bash", "-c", registryScript],
        environment: planEnvironment(asked, replication),
        secretFolders: { [certificate]: certificateOf(registryName) },
        secretKeys: {
            [authority]: { secret: kafkaAuthority.secret, key: kafkaAuthority.key },
            [kafkaLogin]: { secret: registryName, key: kafkaPasswordKey },
            [logins]: { secret: `${registryName}-logins`, key: loginsKey },
        },
        annotations: { "tars-platform/config-checksum": checksum("logins", generation, rights) },
        readiness: { kind: "http", path: "/_health", port: images.karapace.ports.https, scheme: "HTTPS" },
    } as const;
}
