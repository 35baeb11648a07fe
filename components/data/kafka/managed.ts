import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { StreamServer } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import {
    type KafkaUser,
    kafkaAdmin,
    kafkaNamespace,
    type ManagedKafka as ManagedPlan,
} from "../../foundation/kafkaNames";
import { accessListsSize } from "../../foundation/kafkaSizes";
import { labelsOf, selectorOf } from "../../foundation/labels";
import type { MeshMode } from "../../foundation/mesh";
import type { Passwords } from "../../foundation/passwords";
import { createConsumerRight, createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import type { Operator } from "../../kubernetes/customResource";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { blocks, planCalls, tcp } from "../../kubernetes/traffic";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { accessListsPart, createAccessLists, loginKeys } from "./accessLists";
import type { KafkaLoginReference } from "./cluster";
import { createOutside } from "./outside";

export interface ManagedKafkaArgs {
    readonly place: SystemPlace;
    readonly asked: ManagedPlan;
    readonly server: StreamServer;
    readonly passwords: Passwords;
    readonly mesh: MeshMode;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/**
 * What of a Kafka that the cloud runs is in the cluster: the way to it, who vouches for it, each user's login, and who says what users may do. All is
 * called as it is where pods run Kafka, so that callers see another address and nothing else. Nobody but the platform can log in before it is said
 * what they may do.
 */
export class ManagedKafka extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, KafkaLoginReference>>;

    constructor(name: string, args: ManagedKafkaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Kafka", name, opts);
        const { place, asked, server, passwords } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const labels = labelsOf({ name: "kafka", component: "messaging" }, place.ownership);
        const inside: Inside = { namespace: tenant.namespace, labels };
        const traffic = { "access-lists": planCalls(selectorOf(accessListsPart.name), [toServer(server)]) };
        const policies = createTraffic(name, traffic, inside, child);
        const admin = createLogin(name, { user: kafkaAdmin, passwords, inside, server }, child);
        const admitted = server.admit(kafkaAdmin, passwordOf(kafkaAdmin, passwords), [tenant]);
        const { generation } = passwords;
        const lists = createAccessLists(
            name,
            { place, inside, users: asked.users, bootstrap: server.bootstrap, generation },
            { ...child, dependsOn: [tenant, ...policies, admin, admitted] },
        );
        if (args.mesh === "sidecar") createServiceEntry(name, args, child);
        const users = Object.entries(asked.users).map(([user, plan]) => {
            const secret = createLogin(name, { user, passwords, inside, server }, child);
            const admission = server.admit(user, passwordOf(user, passwords), [lists]);
            createWay(name, { ...args, inside, user, plan }, child);
            return [user, referenceFor(server, secret, admission)] as const;
        });
        this.users = Object.fromEntries(users);
        this.registerOutputs({ users: this.users });
    }
}

function createNamespace(name: string, { place }: ManagedKafkaArgs, parent: pulumi.Resource): TenantNamespace {
    const { cluster, ownership } = place;
    const quota = planQuota(demandAtPeak([accessListsSize]), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: kafkaNamespace, quota }, { parent });
}

function toServer({ ranges, port }: StreamServer) {
    return { to: blocks(ranges), ports: tcp(port) };
}

function passwordOf(user: string, { of }: Passwords): pulumi.Output<string> {
    const password = of[user];
    if (password === undefined) throw new RangeError(`no password was made for ${user} at Kafka`);
    return password;
}

interface Login {
    readonly user: string;
    readonly server: Pick<StreamServer, "authorities">;
    readonly passwords: Passwords;
    readonly inside: Inside;
}

/**
 * With the keys that Strimzi gives it, and beside them who vouches for brokers: certificates, which are no secret, in one Secret with what is.
 *
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/user-operator/src/main/java/io/strimzi/operator/user/model/KafkaUserModel.java
 * (getSaslJsonConfig)
 */
function createLogin(
    name: string,
    { user, passwords, inside, server: { authorities } }: Login,
    child: ChildOptions,
): Secret {
    const password = passwordOf(user, passwords);
    const module = "org.apache.kafka.common.security.scram.ScramLoginModule";
    const stringData = {
        [loginKeys.password]: password,
        [loginKeys.jaas]: pulumi.interpolate`${module} required username="${user}" password="${password}";`,
        [loginKeys.authorities]: authorities,
    };
    return new Secret(
        `${name}-login-${user}`,
        { metadata: { ...inside, name: user }, type: "Opaque", stringData },
        child,
    );
}

interface OfUser extends ManagedKafkaArgs {
    readonly inside: Inside;
    readonly user: string;
    readonly plan: KafkaUser;
}

/** Its right to read its login, and its way to brokers. */
function createWay(
    name: string,
    { place, server, applications, inside, user, plan }: OfUser,
    child: ChildOptions,
): void {
    createConsumerRight(name, { inside, user, consumer: plan, secrets: [user] }, child);
    const way = { service: "kafka", user, consumer: plan, ownership: place.ownership, applications };
    const beside = { parent: child.parent, provider: child.provider };
    createConsumerWay(name, { ...way, spec: planConsumer(plan, toServer(server)) }, beside);
}

function createServiceEntry(
    name: string,
    { place, asked, server, istio, applications }: ManagedKafkaArgs,
    child: ChildOptions,
): void {
    const port = { name: "tcp-kafka", number: server.port, protocol: "TCP" } as const;
    const around = { users: asked.users, ownership: place.ownership, istio, applications };
    createOutside(`${name}-outside`, { called: "kafka", hosts: server.hosts, port, ...around }, child);
}

/** Whoever reads it waits until the user can log in. */
function referenceFor(server: StreamServer, secret: Secret, admission: pulumi.Resource): KafkaLoginReference {
    return {
        bootstrap: pulumi.all([server.bootstrap, admission.urn]).apply(([bootstrap]) => bootstrap),
        securityProtocol: "SASL_SSL",
        authority: {
            namespace: pulumi.output(kafkaNamespace),
            name: secret.metadata.name,
            key: loginKeys.authorities,
        },
        secret: { namespace: kafkaNamespace, name: secret.metadata.name, keys: [loginKeys.password, loginKeys.jaas] },
    };
}
