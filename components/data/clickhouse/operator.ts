import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ClickHouseServers, clickHouseLoginsOf, clickHouseNamespace } from "../../foundation/clickHouseNames";
import type { ClickHousePasswords } from "../../foundation/clickHousePasswords";
import { clickHouseSizes } from "../../foundation/clickHouseSizes";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { labelsOf } from "../../foundation/labels";
import type { Size } from "../../foundation/workloads";
import { createChart } from "../../kubernetes/chart";
import { charts } from "../../kubernetes/chartTable";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import { createClusterRights, subjectOf } from "../../kubernetes/rights";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { createSecrets } from "./secrets";
import { planTraffic } from "./traffic";
import { planValues, release } from "./values";

export interface ClickHouseOperatorArgs {
    readonly place: SystemPlace;
    /** The one ClickHouse that it runs. */
    readonly asked: ClickHouseServers;
    /** What else runs in its namespace. */
    readonly besides: readonly Size[];
    readonly passwords: ClickHousePasswords;
}

/** Altinity's operator, and the namespace that it shares with the ClickHouse that it runs: outside of the mesh, where every call is TLS of their own (docs/clickhouse.md). */
export class ClickHouseOperator extends TarsComponent {
    /** What ClickHouse waits for. */
    readonly operator: Operator;
    /** What ClickHouse's objects have in common. */
    readonly inside: Inside;
    /** What bounds ClickHouse's pods, and what they read. */
    readonly before: readonly pulumi.Resource[];

    constructor(name: string, args: ClickHouseOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ClickHouseOperator", name, opts);
        const { place, asked } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const part = { name: "clickhouse", component: "analytics" };
        this.inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const labels = labelsOf({ ...part, name: release, version: charts[release].version }, place.ownership);
        const traffic = planTraffic(place.cluster, Object.values(clickHouseLoginsOf(asked)));
        const policies = createTraffic(name, traffic, { ...this.inside, labels }, child);
        const secrets = createSecrets(name, args, this.inside, child);
        const rights = createAccount(name, { ...this.inside, labels }, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        this.before = [tenant, ...policies, ...secrets, ...rights];
        const { namespace } = tenant;
        const values = planValues(place, clickHouseSizes(asked).operator, args.passwords.generation);
        const plan = { chart: release, release, namespace, values, sources: place.charts } as const;
        const controller = createChart(name, plan, { ...child, dependsOn: [...this.before, definitions] });
        this.operator = { definitions, controller };
        this.registerOutputs({});
    }
}

/**
 * The operator's account, whose token the chart has no other way to give to its pod, with one right that the chart's in this namespace leave out: before it
 * deletes what belongs to an installation that goes, the operator looks whether it goes with its definition, and then leaves all of it. Who may not look is
 * taken to be told to delete.
 *
 * @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/pkg/controller/chi/worker-deleter.go (deleteCHI)
 */
function createAccount(name: string, inside: Inside, child: ChildOptions): readonly pulumi.Resource[] {
    const metadata = { ...inside, name: release };
    const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: true }, child);
    const rules = [
        {
            apiGroups: ["apiextensions.k8s.io"],
            resources: ["customresourcedefinitions"],
            resourceNames: [
                "clickhouseinstallations.clickhouse.altinity.com",
                "clickhousekeeperinstallations.clickhouse-keeper.altinity.com",
            ],
            verbs: ["get"],
        },
    ];
    const subjects = [subjectOf({ namespace: clickHouseNamespace, serviceAccount: release })];
    const plan = { name: `${release}-definitions`, labels: inside.labels, rules, subjects, accounts: [account] };
    const { binding } = createClusterRights(`${name}-look`, plan, { parent: child.parent, provider: child.provider });
    return [account, binding];
}

function createNamespace(
    name: string,
    { place, asked, besides }: ClickHouseOperatorArgs,
    parent: pulumi.Resource,
): TenantNamespace {
    const { cluster, ownership } = place;
    const quota = planQuota(demandAtPeak([...Object.values(clickHouseSizes(asked)), ...besides]), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: clickHouseNamespace, quota }, { parent });
}
