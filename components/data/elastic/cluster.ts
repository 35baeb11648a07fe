import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { dataReasons } from "../../foundation/dataReasons";
import { type ElasticsearchCluster, elasticAccount, elasticCluster } from "../../foundation/elasticNames";
import type { Passwords } from "../../foundation/passwords";
import { createCustomResource } from "../../kubernetes/customResource";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { planElasticsearch } from "./nodeSets";
import type { ElasticOperator } from "./operator";
import { createSetup } from "./setup";
import { createConsumer, createLogins, type ElasticLoginReference, referenceFor } from "./users";

/** Copies of several nodes' volumes are of no one moment (docs/elasticsearch.md). */
const undrilled = "it has no snapshots of its own yet: logs that must not be lost are kept elsewhere";

export interface ElasticsearchArgs {
    readonly place: SystemPlace;
    readonly asked: ElasticsearchCluster;
    /** Whether its nodes stand in several zones. */
    readonly isZoned: boolean;
    readonly operator: ElasticOperator;
    readonly passwords: Passwords;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
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
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { ...inside, name: elasticAccount }, automountServiceAccountToken: false },
            child,
        );
        const logins = createLogins(name, { asked, passwords, inside }, child);
        const cluster = createCluster(name, args, { ...child, dependsOn: [...child.dependsOn, account, ...logins] });
        const after = { ...child, dependsOn: [cluster] };
        const setup = createSetup(name, { place, asked, inside, generation: passwords.generation }, after);
        for (const [user, plan] of Object.entries(asked.users))
            createConsumer(name, { ...args, inside, user, plan }, child);
        const references = Object.keys(asked.users).map((user) => [user, referenceFor(user, setup)] as const);
        this.users = Object.fromEntries(references);
        this.registerOutputs({ users: this.users });
    }
}

/** Nodes find each other and vote before any of them answers; at an update one after the other is replaced, and all data is whole again before the next. */
const readyTimeouts: pulumi.CustomTimeouts = { create: "20m", update: "60m", delete: "10m" };

/** The operator has nothing more to do: @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/apis/elasticsearch/v1/status.go */
const whenSettled = { "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready" } as const;

function createCluster(
    name: string,
    { place, asked, isZoned, operator }: ElasticsearchArgs,
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
        spec: planElasticsearch(place, { asked, isZoned }),
    };
    const guard = { protect: place.cluster.isGuarded, customTimeouts: readyTimeouts };
    return createCustomResource(`${name}-cluster`, plan, operator.operator, { ...child, ...guard });
}
