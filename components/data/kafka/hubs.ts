import * as pulumi from "@pulumi/pulumi";
import type { HubIdentity, Hubs } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { KafkaHubs as HubsPlan, HubUser } from "../../foundation/kafkaNames";
import type { MeshMode } from "../../foundation/mesh";
import { createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import type { Operator } from "../../kubernetes/customResource";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { blocks, tcp } from "../../kubernetes/traffic";
import { createOutside } from "./outside";

export interface KafkaHubsArgs {
    readonly place: SystemPlace;
    readonly asked: Pick<HubsPlan, "users">;
    readonly hubs: Hubs;
    readonly mesh: MeshMode;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/** What a user needs to call topics for which it shows a token. No part of it is secret. */
export interface KafkaTokenReference {
    /** Host and port to begin with, and to stay at. */
    readonly bootstrap: pulumi.Output<string>;
    readonly securityProtocol: "SASL_SSL";
    readonly mechanism: "OAUTHBEARER";
    readonly token: {
        /** Where its pods get one for that which Kubernetes has given them, as whom, and for what. */
        readonly endpoint: string;
        readonly clientId: pulumi.Output<string>;
        readonly scope: pulumi.Output<string>;
        /** What its service account, and its pods, must carry for that. */
        readonly annotations: HubIdentity["annotations"];
        readonly podLabels: HubIdentity["podLabels"];
    };
}

/**
 * What of topics that the cloud runs is in the cluster: the way to them, and to the directory that gives out tokens. There is no namespace, no
 * Secret and no list of rights here: who may do what, the cloud knows by the identity of each service account.
 */
export class KafkaHubs extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, KafkaTokenReference>>;
    /** Who users are in the cloud. */
    readonly identities: Readonly<Record<string, HubIdentity>>;

    constructor(name: string, args: KafkaHubsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Kafka", name, opts);
        const { place, asked, hubs } = args;
        const child = { parent: this, provider: place.cluster.provider };
        if (args.mesh === "sidecar") createWaysOfProxies(name, args, child);
        const users = Object.entries(asked.users).map(([user, plan]) => {
            createWay(name, { ...args, user, plan }, child);
            return [user, referenceFor(hubs, identityOf(user, hubs))] as const;
        });
        this.users = Object.fromEntries(users);
        this.identities = hubs.users;
        this.registerOutputs({ users: this.users });
    }
}

function identityOf(user: string, { users }: Hubs): HubIdentity {
    const found = users[user];
    if (found === undefined) throw new RangeError(`the cloud made nobody of ${user}`);
    return found;
}

interface OfUser extends KafkaHubsArgs {
    readonly user: string;
    readonly plan: HubUser;
}

function createWay(name: string, { place, hubs, applications, user, plan }: OfUser, child: ChildOptions): void {
    const ways = [hubs, hubs.directory].map(({ ranges, port }) => ({ to: blocks(ranges), ports: tcp(port) }));
    const way = { service: "kafka", user, consumer: plan, ownership: place.ownership, applications };
    createConsumerWay(name, { ...way, spec: planConsumer(plan, ...ways) }, child);
}

function createWaysOfProxies(name: string, args: KafkaHubsArgs, child: ChildOptions): void {
    const { place, asked, hubs, istio, applications } = args;
    const around = { users: asked.users, ownership: place.ownership, istio, applications };
    const port = { name: "tcp-kafka", number: hubs.port, protocol: "TCP" } as const;
    createOutside(`${name}-outside`, { called: "kafka", hosts: [hubs.host], port, ...around }, child);
    const { host, port: number } = hubs.directory;
    const directory = {
        called: "kafka-tokens",
        hosts: [host],
        port: { name: "tls", number, protocol: "TLS" },
    } as const;
    createOutside(`${name}-tokens`, { ...directory, ...around }, child);
}

/** Whoever reads it waits until the user has its rights. */
function referenceFor({ host, port, directory }: Hubs, identity: HubIdentity): KafkaTokenReference {
    const { clientId, annotations, podLabels } = identity;
    const { endpoint, scope } = directory;
    return {
        bootstrap: pulumi.interpolate`${host}:${port}`,
        securityProtocol: "SASL_SSL",
        mechanism: "OAUTHBEARER",
        token: { endpoint, clientId, scope, annotations, podLabels },
    };
}
