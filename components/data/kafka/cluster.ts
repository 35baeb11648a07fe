import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { dataReasons } from "../../foundation/dataReasons";
import {
    bootstrapHost,
    clusterLabel,
    type KafkaCluster,
    type KafkaUser,
    kafkaAuthority,
    kafkaCluster,
    kafkaListeners,
    kafkaNamespace,
} from "../../foundation/kafkaNames";
import { kafkaSizes } from "../../foundation/kafkaSizes";
import { createConsumerRight, createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import { createCustomResource, whenReady } from "../../kubernetes/customResource";
import type { SecretReference } from "../../kubernetes/placement";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { nodeRoles, planKafka, planNodePool } from "./clusterPlan";
import { planListeners } from "./listeners";
import type { KafkaOperator } from "./operator";
import { planTopic, planUser } from "./topics";
import { toBrokers } from "./traffic";

/** Copies of several brokers' volumes are of no one moment. */
const undrilled = "it has no backup of its own: what must not be lost is written elsewhere";

export interface KafkaArgs {
    readonly place: SystemPlace;
    readonly asked: KafkaCluster;
    readonly operator: KafkaOperator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/** What a user needs to call Kafka; values of Secrets by reference alone. */
export interface KafkaLoginReference {
    /** Host and port to begin with. */
    readonly bootstrap: pulumi.Output<string>;
    readonly securityProtocol: "SASL_SSL" | "SSL";
    /** Certificate of the authority that vouches for brokers. */
    readonly authority: SecretReference;
    /** Its password and a ready line of JAAS; or its certificate and key. */
    readonly secret: {
        readonly namespace: string;
        readonly name: pulumi.Output<string>;
        readonly keys: readonly string[];
    };
}

/** Kafka: controllers, which vote, and brokers, which keep; its topics, and who may use them. */
export class Kafka extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, KafkaLoginReference>>;
    /** Its namespace, for what belongs to it. */
    readonly namespace: pulumi.Output<string>;
    private readonly operator: KafkaOperator;

    constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Kafka", name, opts);
        const { place, operator, asked } = args;
        this.operator = operator;
        this.namespace = pulumi.output(operator.inside.namespace);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [...operator.before] };
        const cluster = createCluster(name, args, child);
        const after = { ...child, dependsOn: [cluster] };
        createTopics(name, args, after);
        const users = Object.entries(asked.users).map(([user, plan]) => {
            const made = createUser(name, { ...args, user, plan }, after);
            const { ownership } = place;
            const secrets = [user, kafkaAuthority.secret];
            createConsumerRight(name, { inside: operator.inside, user, consumer: plan, secrets }, child);
            const way = { service: "kafka", user, consumer: plan, ownership, applications: args.applications };
            const beside = { parent: this, provider: child.provider };
            createConsumerWay(name, { ...way, spec: planConsumer(plan, toBrokers(plan)) }, beside);
            return [user, referenceFor(user, plan, made)] as const;
        });
        this.users = Object.fromEntries(users);
        this.registerOutputs({ users: this.users });
    }

    /** Makes what a program of the platform beside Kafka has in it, and waits until Kafka has it too. */
    create(name: string, plan: ObjectPlan, child: ChildOptions): CustomResource {
        return createObject(name, this.operator, plan, { ...child, dependsOn: [...(child.dependsOn ?? []), this] });
    }
}

const version = "kafka.strimzi.io/v1";

/** By this label Strimzi's objects belong to a Kafka. */
const belonging = (inside: Inside): Inside => ({
    ...inside,
    labels: { ...inside.labels, [clusterLabel]: kafkaCluster },
});

/** One node after the other is started, and all wait for each other's vote. */
const readyTimeouts: pulumi.CustomTimeouts = { create: "20m", update: "60m", delete: "10m" };

function createCluster(name: string, { place, asked, operator }: KafkaArgs, child: ChildOptions): CustomResource {
    const { isGuarded } = place.cluster;
    const sizes = kafkaSizes(asked, place.copies);
    const { inside } = operator;
    const pools = nodeRoles.map((role) => {
        const copies = { controller: asked.controllers, broker: asked.replication }[role];
        const spec = planNodePool(place, { role, size: sizes[role], copies });
        const plan = { apiVersion: version, kind: "KafkaNodePool", name: role, ...belonging(inside), spec };
        return createCustomResource(`${name}-${role}`, plan, operator.operator, { ...child, protect: isGuarded });
    });
    const spec = planKafka(place, asked, planListeners(Object.values(asked.users)));
    const annotations = {
        ...whenReady,
        "tars-platform/retention-days": `${asked.keepDays}`,
        ...dataReasons(place.cluster, undrilled),
    };
    const plan = { apiVersion: version, kind: "Kafka", name: kafkaCluster, annotations, ...inside, spec };
    return createCustomResource(`${name}-cluster`, plan, operator.operator, {
        ...child,
        dependsOn: [...(child.dependsOn ?? []), ...pools],
        protect: isGuarded,
        customTimeouts: readyTimeouts,
    });
}

/** What is in a topic goes with its object. */
function createTopics(name: string, { place, asked, operator }: KafkaArgs, child: ChildOptions): void {
    for (const [topic, plan] of Object.entries(asked.topics)) {
        const object = { kind: "KafkaTopic", name: topic, spec: planTopic(plan, asked.replication) } as const;
        const guarded = { ...child, protect: place.cluster.isGuarded };
        createObject(`${name}-topic-${topic}`, operator, object, guarded);
    }
}

interface ObjectPlan {
    readonly kind: "KafkaTopic" | "KafkaUser";
    readonly name: string;
    readonly spec: object;
}

/** A topic or a user: the engine waits until Kafka has it. */
function createObject(
    name: string,
    { inside, operator }: Pick<KafkaOperator, "inside" | "operator">,
    plan: ObjectPlan,
    child: ChildOptions,
): CustomResource {
    const object = { apiVersion: version, annotations: { ...whenReady }, ...belonging(inside), ...plan };
    return createCustomResource(name, object, operator, child);
}

interface OfUser extends KafkaArgs {
    readonly user: string;
    readonly plan: KafkaUser;
}

function createUser(name: string, { operator, user, plan }: OfUser, child: ChildOptions): CustomResource {
    const object = { kind: "KafkaUser", name: user, spec: planUser(user, plan) } as const;
    return createObject(`${name}-user-${user}`, operator, object, child);
}

function referenceFor(user: string, { login }: KafkaUser, made: CustomResource): KafkaLoginReference {
    // Whoever reads these waits for the user.
    const known = (value: string): pulumi.Output<string> => pulumi.output(made.urn).apply(() => value);
    const keys = { scram: ["password", "sasl.jaas.config"], tls: ["user.crt", "user.key"] }[login];
    return {
        bootstrap: known(`${bootstrapHost}:${kafkaListeners[login].port}`),
        securityProtocol: login === "scram" ? "SASL_SSL" : "SSL",
        authority: {
            namespace: pulumi.output(kafkaNamespace),
            name: pulumi.output(kafkaAuthority.secret),
            key: kafkaAuthority.key,
        },
        secret: { namespace: kafkaNamespace, name: known(user), keys },
    };
}
