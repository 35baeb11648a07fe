import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { dataReasons } from "../../foundation/dataReasons";
import { type ElasticsearchCluster, elasticAccount, elasticCluster } from "../../foundation/elasticNames";
import { snapshotSecret } from "../../foundation/elasticSnapshots";
import type { Passwords } from "../../foundation/passwords";
import { createCustomResource } from "../../kubernetes/customResource";
import { createAccount } from "../../kubernetes/identities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { planElasticsearch } from "./nodeSets";
import type { ElasticOperator } from "./operator";
import { createSetup } from "./setup";
import { keystoreOf, type SnapshotStore } from "./snapshots";
import { createConsumer, createLogins, type ElasticLoginReference, referenceFor } from "./users";

export interface ElasticsearchArgs {
    readonly place: SystemPlace;
    readonly asked: ElasticsearchCluster;
    /** Whether its nodes stand in several zones. */
    readonly isZoned: boolean;
    readonly operator: ElasticOperator;
    readonly passwords: Passwords;
    /** Where snapshots go, and who its nodes are there; undefined where there are none. */
    readonly snapshots: NodeSnapshots | undefined;
    /** Why no drill restores it; undefined where one does. */
    readonly undrilled: string | undefined;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

export interface NodeSnapshots extends SnapshotStore {
    readonly identity: WorkloadIdentity;
}

/** Elasticsearch: nodes that vote, keep and answer; its streams, and who may use them. */
export class Elasticsearch extends TarsComponent {
    /** Where it is, and what is beside it. */
    readonly namespace: pulumi.Output<string>;
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, ElasticLoginReference>>;

    constructor(name: string, args: ElasticsearchArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Elasticsearch", name, opts);
        const { place, asked, operator, passwords } = args;
        const { inside } = operator;
        this.namespace = pulumi.output(inside.namespace);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [...operator.before] };
        const { snapshots } = args;
        const account = createAccount(name, { ...inside, name: elasticAccount, identity: snapshots?.identity }, child);
        const secrets = [
            ...createLogins(name, { asked, passwords, inside }, child),
            ...createKeystore(name, { inside, snapshots }, child),
        ];
        const cluster = createCluster(name, args, { ...child, dependsOn: [...child.dependsOn, account, ...secrets] });
        const after = { ...child, dependsOn: [cluster] };
        const setup = createSetup(name, { place, asked, inside, snapshots, generation: passwords.generation }, after);
        for (const [user, plan] of Object.entries(asked.users))
            createConsumer(name, { ...args, inside, user, plan }, child);
        const references = Object.keys(asked.users).map((user) => [user, referenceFor(user, setup)] as const);
        this.users = Object.fromEntries(references);
        this.registerOutputs({ users: this.users });
    }
}

/** What Elasticsearch takes from its keystore alone, which the operator makes of it. */
function createKeystore(
    name: string,
    { inside, snapshots }: { readonly inside: Inside; readonly snapshots: SnapshotStore | undefined },
    child: ChildOptions,
): readonly Secret[] {
    const stringData = snapshots && keystoreOf(snapshots.store);
    if (stringData === undefined) return [];
    const metadata = { ...inside, name: snapshotSecret };
    return [new Secret(`${name}-keystore`, { metadata, type: "Opaque", stringData }, child)];
}

/**
 * Nodes find each other and vote before any of them answers; at an update one after the other is replaced, and all data is whole again before the
 * next.
 */
const readyTimeouts: pulumi.CustomTimeouts = { create: "20m", update: "60m", delete: "10m" };

/** The operator has nothing more to do: @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/apis/elasticsearch/v1/status.go */
const whenSettled = { "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready" } as const;

function createCluster(
    name: string,
    { place, asked, isZoned, operator, snapshots, undrilled }: ElasticsearchArgs,
    child: ChildOptions,
): CustomResource {
    const keepDays = Math.max(1, ...Object.values(asked.streams).map((stream) => stream.keepDays));
    const plan = {
        apiVersion: "elasticsearch.k8s.elastic.co/v1",
        kind: "Elasticsearch",
        name: elasticCluster,
        annotations: {
            ...whenSettled,
            "tars-platform/retention-days": `${keepDays}`,
            ...dataReasons(place.cluster, undrilled),
        },
        ...operator.inside,
        spec: planElasticsearch(place, { asked, isZoned, snapshots }),
    };
    const guard = { protect: place.cluster.isGuarded, customTimeouts: readyTimeouts };
    return createCustomResource(`${name}-cluster`, plan, operator.operator, { ...child, ...guard });
}
