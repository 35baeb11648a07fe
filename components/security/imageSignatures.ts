import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { type Labels, labelsOf } from "../foundation/labels";
import { type SupplyChain, signatureSizes } from "../foundation/supplyChain";
import { createChart } from "../kubernetes/chart";
import { charts } from "../kubernetes/chartTable";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import type { Identities } from "../kubernetes/identities";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import {
    fromApiServer,
    fromMonitoring,
    planCallers,
    planCalls,
    type TrafficPolicy,
    toApiServer,
} from "../kubernetes/traffic";
import { createTraffic } from "../kubernetes/trafficPolicies";
import { partLabels, planKyvernoValues, ports, release } from "./kyvernoValues";
import { planSignaturePolicy } from "./signaturePolicy";
import { planRegistryCalls } from "./supplyTraffic";

export interface ImageSignaturesArgs {
    readonly place: SystemPlace;
    /** Whose signature images must have, and what becomes of pods whose images lack it. */
    readonly trust: NonNullable<SupplyChain["signatures"]>;
    /** Blocks of addresses in which registries answer, beside the network's own; none for the Internet. */
    readonly registries: readonly string[];
    /** Who service accounts are in the cloud: a private registry is read as `kyverno-admission-controller` and `kyverno-reports-controller`. */
    readonly identities: Identities;
}

/**
 * Has the API server ask Kyverno, before it takes a pod of the platform, whether every image of it is signed. What must be checked comes after this
 * component; docs/adr/0013-image-signatures.md has the reasons.
 */
export class ImageSignatures extends TarsComponent {
    constructor(name: string, args: ImageSignaturesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "ImageSignatures", name, opts);
        const { place } = args;
        const labels = labelsOf(
            { name: release, component: "signatures", version: charts[release].version },
            place.ownership,
        );
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const traffic = createTraffic(name, planTraffic(args), { namespace: tenant.namespace, labels }, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const controller = createKyverno(args, tenant.namespace, {
            ...child,
            dependsOn: [tenant, definitions, ...traffic],
        });
        createPolicy(name, args, { labels, operator: { definitions, controller } }, child);
        this.registerOutputs({});
    }
}

function createNamespace(name: string, { cluster, ownership, copies }: SystemPlace, parent: pulumi.Resource) {
    const quota = planQuota(demandAtPeak(Object.values(signatureSizes(copies))), undefined);
    const unjudged = "Kyverno's chart keeps the certificate of its webhook in a Secret that it reads by a Role";
    return new TenantNamespace(name, { cluster, ownership, namespace: release, quota, unjudged }, { parent });
}

function planTraffic({ place: { cluster }, registries }: ImageSignaturesArgs): Readonly<Record<string, TrafficPolicy>> {
    return {
        "api-server": planCalls({}, toApiServer(cluster)),
        registries: planRegistryCalls(cluster, registries),
        webhook: planCallers(partLabels("admission-controller"), [fromApiServer(cluster, ports.webhook)]),
        metrics: planCallers({}, [fromMonitoring(cluster, ports.metrics)]),
    };
}

function createKyverno(
    { place, identities }: ImageSignaturesArgs,
    namespace: pulumi.Output<string>,
    child: ChildOptions,
): pulumi.Resource {
    const values = planKyvernoValues(place, identities);
    return createChart(release, { chart: release, release, namespace, values, sources: place.charts }, child);
}

/** Kyverno says that a policy is ready when the API server asks for it. Until then nothing that is to be checked may come. */
const whenAsked = { "pulumi.com/waitFor": "jsonpath={.status.conditionStatus.ready}=true" } as const;

function createPolicy(
    name: string,
    { trust }: ImageSignaturesArgs,
    { labels, operator }: { readonly labels: Labels; readonly operator: Operator },
    child: ChildOptions,
): void {
    const plan = {
        apiVersion: "policies.kyverno.io/v1",
        kind: "ImageValidatingPolicy",
        name: "tars-image-signatures",
        labels,
        annotations: whenAsked,
        spec: planSignaturePolicy(trust, [release]),
    };
    createCustomResource(`${name}-policy`, plan, operator, child);
}
