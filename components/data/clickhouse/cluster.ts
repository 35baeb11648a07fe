import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import {
    type ClickHouseServers,
    type ClickHouseUser,
    clickHouseAccounts,
    clickHouseAuthority,
    clickHouseHost,
    clickHouseInstallation,
    clickHouseLogin,
    clickHouseLoginKeys,
    clickHouseNamespace,
    clickHousePorts,
} from "../../foundation/clickHouseNames";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { dataReasons } from "../../foundation/dataReasons";
import { createConsumerRight, createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { createOwnAuthority } from "../../kubernetes/ownAuthority";
import type { SecretReference } from "../../kubernetes/placement";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { planAuthority } from "./certificates";
import { planKeepers } from "./keeperPlan";
import type { ClickHouseOperator } from "./operator";
import { planServers } from "./serverPlan";
import { toServers } from "./traffic";

export interface ClickHouseArgs {
    readonly place: SystemPlace;
    readonly asked: ClickHouseServers;
    /** Of the passwords. */
    readonly generation: number;
    /** Why no drill restores it; undefined where one does. */
    readonly undrilled: string | undefined;
    readonly operator: ClickHouseOperator;
    readonly certManager: Operator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/** What a user needs to call ClickHouse; values of Secrets by reference alone. */
export interface ClickHouseLoginReference {
    /** Host and port, by what is spoken there; in both TLS comes first. */
    readonly https: pulumi.Output<string>;
    readonly native: pulumi.Output<string>;
    readonly databases: readonly string[];
    /** Certificate of the authority that vouches for servers. */
    readonly authority: SecretReference;
    readonly password: SecretReference;
    /** All of it as one: user, password, host and database. */
    readonly url: SecretReference;
}

/** ClickHouse: servers, which keep data and answer, and Keepers, by which copies of the same data agree; and who may use it. */
export class ClickHouse extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, ClickHouseLoginReference>>;

    constructor(name: string, args: ClickHouseArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ClickHouse", name, opts);
        const { place, operator, asked } = args;
        const child = { parent: this, provider: place.cluster.provider };
        const after = { ...child, dependsOn: [...operator.before] };
        const certificates = createOwnAuthority(name, planAuthority(asked), args.certManager, {
            inside: operator.inside,
            child: after,
        });
        const before = [...certificates, ...createAccounts(name, operator, after)];
        const servers = createServers(name, args, { ...after, dependsOn: [...after.dependsOn, ...before] });
        const users = Object.entries(asked.users).map(([user, plan]) => {
            const { ownership } = place;
            const secrets = [clickHouseLogin(user), clickHouseAuthority.secret];
            createConsumerRight(name, { inside: operator.inside, user, consumer: plan, secrets }, after);
            const way = { service: "clickhouse", user, consumer: plan, ownership, applications: args.applications };
            createConsumerWay(name, { ...way, spec: planConsumer(plan, toServers()) }, child);
            return [user, referenceFor(user, plan, servers)] as const;
        });
        this.users = Object.fromEntries(users);
        this.registerOutputs({ users: this.users });
    }
}

/** Neither servers nor Keepers ask the API server for anything. */
function createAccounts(name: string, { inside }: ClickHouseOperator, child: ChildOptions): readonly ServiceAccount[] {
    return Object.entries(clickHouseAccounts).map(([role, account]) => {
        const metadata = { ...inside, name: account };
        return new ServiceAccount(`${name}-${role}-account`, { metadata, automountServiceAccountToken: false }, child);
    });
}

/** Hosts are made one after the other. @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/pkg/apis/clickhouse.altinity.com/v1/type_status.go */
const whenCompleted = { "pulumi.com/waitFor": "jsonpath={.status.status}=Completed" } as const;
const readyTimeouts: pulumi.CustomTimeouts = { create: "20m", update: "60m", delete: "10m" };

/** Keepers first: without them no table is copied, and no server begins. */
function createServers(
    name: string,
    { place, asked, operator, generation, undrilled }: ClickHouseArgs,
    child: ChildOptions,
): CustomResource {
    const guarded = { ...child, protect: place.cluster.isGuarded, customTimeouts: readyTimeouts };
    const both = { name: clickHouseInstallation, ...operator.inside };
    const keepers = createCustomResource(
        `${name}-keepers`,
        {
            apiVersion: "clickhouse-keeper.altinity.com/v1",
            kind: "ClickHouseKeeperInstallation",
            ...both,
            annotations: whenCompleted,
            spec: planKeepers(place, asked),
        },
        operator.operator,
        guarded,
    );
    const annotations = {
        ...whenCompleted,
        "tars-platform/retention-days": `${asked.keepDays}`,
        ...dataReasons(place.cluster, undrilled),
    };
    const spec = planServers(place, asked, generation);
    const plan = {
        apiVersion: "clickhouse.altinity.com/v1",
        kind: "ClickHouseInstallation",
        ...both,
        annotations,
        spec,
    };
    const after = { ...guarded, dependsOn: [...(child.dependsOn ?? []), keepers] };
    return createCustomResource(`${name}-servers`, plan, operator.operator, after);
}

function referenceFor(user: string, { databases }: ClickHouseUser, servers: CustomResource): ClickHouseLoginReference {
    // Whoever reads these waits for the servers.
    const known = (value: string): pulumi.Output<string> => pulumi.output(servers.urn).apply(() => value);
    const namespace = pulumi.output(clickHouseNamespace);
    const inLogin = (key: string) => ({ namespace, name: known(clickHouseLogin(user)), key });
    return {
        https: known(`${clickHouseHost}:${clickHousePorts.https}`),
        native: known(`${clickHouseHost}:${clickHousePorts.native}`),
        databases,
        authority: { namespace, name: pulumi.output(clickHouseAuthority.secret), key: clickHouseAuthority.key },
        password: inLogin(clickHouseLoginKeys.password),
        url: inLogin(clickHouseLoginKeys.url),
    };
}
