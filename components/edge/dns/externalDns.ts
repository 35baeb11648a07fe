import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type DnsZone, recordWriter, type WorkloadIdentity } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { externalDnsSize } from "../../foundation/externalDnsSizes";
import { labelsOf } from "../../foundation/labels";
import { createChart } from "../../kubernetes/chart";
import { charts } from "../../kubernetes/chartTable";
import { createAccount } from "../../kubernetes/identities";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import { createClusterRights, subjectOf } from "../../kubernetes/rights";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { planTraffic } from "./traffic";
import { fileOfCloud, planValues, release } from "./values";

export interface ExternalDnsArgs {
    readonly place: SystemPlace;
    readonly zone: DnsZone;
    /** Who it is in the cloud. */
    readonly identity: WorkloadIdentity;
    /** Namespace of the routes that hosts are read from. */
    readonly routesFrom: string;
}

/**
 * ExternalDNS: writes into the stack's zone where each host of the gateway's routes is, and removes it with the route. Routes must come after
 * it, so that they go before it.
 */
export class ExternalDns extends TarsComponent {
    constructor(name: string, args: ExternalDnsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "ExternalDns", name, opts);
        const { place, zone, identity } = args;
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const before = [
            createAccount(name, { ...inside, name: recordWriter.serviceAccount, identity }, child),
            ...createTraffic(name, planTraffic(place.cluster), inside, child),
            ...createAccess(name, inside, child),
            ...createFile(name, zone, inside, child),
        ];
        createOperator(name, args, tenant.namespace, { ...child, dependsOn: [tenant, ...before] });
        this.registerOutputs({});
    }
}

const part = { name: release, component: "dns", version: charts[release].version } as const;

function createNamespace(name: string, { cluster, ownership }: SystemPlace, parent: pulumi.Resource): TenantNamespace {
    const quota = planQuota(demandAtPeak([externalDnsSize]), undefined);
    const { namespace } = recordWriter;
    return new TenantNamespace(name, { cluster, ownership, namespace, quota }, { parent });
}

/**
 * It watches all namespaces, to see which of them a listener lets in, and does not start where it may not. The chart leaves this out where it is told
 * the gateway's namespace.
 *
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/source/gateway.go (newGatewayRouteSource)
 */
function createAccess(name: string, { labels }: Inside, child: ChildOptions): pulumi.Resource[] {
    const rules = [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "watch"] }];
    const plan = { name: `${release}-namespaces`, labels, rules, subjects: [subjectOf(recordWriter)] };
    const { role, binding } = createClusterRights(`${name}-namespaces`, plan, child);
    return [role, binding];
}

/**
 * What it must know of its cloud: where the zone is. Its docs have this in a Secret, for the password that may be in it; here there is none, and
 * whoever operates the platform may see it.
 */
function createFile(name: string, { records }: DnsZone, inside: Inside, child: ChildOptions): ConfigMap[] {
    const { file } = records;
    if (file === undefined) return [];
    const metadata = { ...inside, name: fileOfCloud };
    return [new ConfigMap(`${name}-cloud`, { metadata, data: { [file.name]: file.text } }, child)];
}

function createOperator(
    name: string,
    { place, zone: { name: zone, records }, identity, routesFrom }: ExternalDnsArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
): void {
    const values = planValues({ place, zone, records, identity, routesFrom });
    createChart(name, { chart: release, release, namespace, values, sources: place.charts }, child);
}
