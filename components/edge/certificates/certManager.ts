import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { certManagerSizes } from "../../foundation/certManagerSizes";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { labelsOf } from "../../foundation/labels";
import { createChart } from "../../kubernetes/chart";
import { charts as table } from "../../kubernetes/chartTable";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import type { Proof } from "./proof";
import { planTraffic } from "./traffic";
import { planValues, release } from "./values";

export interface CertManagerArgs {
    readonly place: SystemPlace;
    /** How names are proven to an ACME server; undefined where no issuer asks for it, and the pods then reach nothing outside. */
    readonly proof: Proof | undefined;
}

/** What certificates need to be asked for, renewed and kept: cert-manager, in a namespace of its own. */
export class CertManager extends TarsComponent {
    /** What issuers and certificates come after. */
    readonly operator: Operator;
    /** Namespace in which cluster-wide issuers look for their Secrets. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "CertManager", name, opts);
        const { cluster } = args.place;
        const child = { parent: this, provider: cluster.provider };
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...args.place }, child);
        const tenant = createNamespace(name, args.place, this);
        const after = { ...child, dependsOn: [tenant.object] };
        const inside = { namespace: release, labels: labelsOf(part, args.place.ownership) };
        const account = createAccount(name, args, inside, after);
        const traffic = createTraffic(name, planTraffic(cluster, args.proof), inside, after);
        const ready = { ...child, dependsOn: [definitions, tenant, account, ...traffic] };
        const controller = createRelease(name, args, ready);
        this.operator = { definitions, controller };
        this.namespace = tenant.namespace;
        this.registerOutputs({ namespace: this.namespace });
    }
}

const part = { name: release, component: "certificates", version: table[release].version } as const;

function createNamespace(name: string, { cluster, ownership, copies }: SystemPlace, parent: pulumi.Resource) {
    const quota = planQuota(demandAtPeak(Object.values(certManagerSizes(copies))), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: release, quota }, { parent });
}

/** The controller's. It carries what the cloud's identity asks for, which the chart could not render before the cloud has made it. */
function createAccount(name: string, { proof }: CertManagerArgs, inside: Inside, child: ChildOptions): ServiceAccount {
    const metadata = { name: release, ...inside, annotations: planAnnotations(proof) };
    return new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, child);
}

/** With the id, which is known once the cloud lets the pods have it: pods that start before are never told who they are. */
function planAnnotations(proof: Proof | undefined): Readonly<Record<string, pulumi.Output<string>>> {
    if (proof?.kind !== "dns01") return {};
    const { id, annotations } = proof.identity;
    return { "tars-platform/identity": id, ...annotations };
}

function createRelease(name: string, { place, proof }: CertManagerArgs, child: ChildOptions) {
    const identity = proof?.kind === "dns01" ? proof.identity : undefined;
    const values = planValues({ place, identity, routes: proof?.kind === "http01" });
    return createChart(name, { chart: release, release, namespace: release, values, sources: place.charts }, child);
}
