import type * as pulumi from "@pulumi/pulumi";
import { type SecretProvider, secretOperator, type WorkloadIdentity } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { externalSecretsSizes } from "../foundation/externalSecretsSizes";
import { labelsOf } from "../foundation/labels";
import { createChart } from "../kubernetes/chart";
import { charts } from "../kubernetes/chartTable";
import type { Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import { createAccount } from "../kubernetes/identities";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { createTraffic } from "../kubernetes/trafficPolicies";
import { createWebhookAuthority } from "../kubernetes/webhookAuthority";
import { planTraffic } from "./externalSecretsTraffic";
import { planValues, release } from "./externalSecretsValues";

export interface ExternalSecretsArgs {
    readonly place: SystemPlace;
    /** The store that it is to reach. */
    readonly provider: SecretProvider;
    /** Who it is in the cloud; undefined where the store knows it by its service account alone. */
    readonly identity: WorkloadIdentity | undefined;
    /** Makes the certificate by which the API server knows its webhook. */
    readonly certManager: Operator;
}

/** External Secrets: brings secrets from a store into the cluster, and the cluster's generated ones into the store. */
export class ExternalSecrets extends TarsComponent {
    /** Where it runs: nobody else's pods or secrets are there. */
    readonly namespace: pulumi.Output<string>;
    /** What its objects wait for. */
    readonly operator: Operator;

    constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "ExternalSecrets", name, opts);
        const { place, certManager } = args;
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const traffic = createTraffic(name, planTraffic(place.cluster, args.provider), inside, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const authority = createWebhookAuthority(name, { ...inside, certManager }, child);
        // The chart would make one too, but could not be told beforehand what it must carry.
        const who = { ...inside, name: secretOperator.serviceAccount, identity: args.identity };
        const account = createAccount(name, who, child);
        const after = { ...child, dependsOn: [tenant, definitions, account, ...traffic, ...authority] };
        const controller = createOperator(name, args, tenant.namespace, after);
        this.namespace = tenant.namespace;
        this.operator = { definitions, controller };
        this.registerOutputs({ namespace: this.namespace });
    }
}

const part = { name: release, component: "secrets", version: charts[release].version } as const;

function createNamespace(name: string, { cluster, ownership, copies }: SystemPlace, parent: pulumi.Resource) {
    const quota = planQuota(demandAtPeak(Object.values(externalSecretsSizes(copies))), undefined);
    const { namespace } = secretOperator;
    return new TenantNamespace(name, { cluster, ownership, namespace, quota }, { parent });
}

function createOperator(
    name: string,
    { place, identity }: ExternalSecretsArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
) {
    const { charts: sources } = place;
    const values = planValues(place, identity);
    return createChart(name, { chart: release, release, namespace, values, sources }, child);
}
