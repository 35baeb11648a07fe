import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "../../cloud/contract";
import { certManagerSizes } from "../../foundation/certManagerSizes";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { labelsOf } from "../../foundation/labels";
import { createChart } from "../../kubernetes/chart";
import { charts as table } from "../../kubernetes/chartTable";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { createAccount } from "../../kubernetes/identities";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic } from "../../kubernetes/trafficPolicies";
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
        // The chart's own could not be told what it must bear before the cloud has made it.
        const account = createAccount(name, { ...inside, name: release, identity: writerOf(args.proof) }, after);
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

/** Who the controller is in the cloud, where it writes records there. */
function writerOf(proof: Proof | undefined): WorkloadIdentity | undefined {
    return proof?.kind === "dns01" ? proof.identity : undefined;
}

function createRelease(name: string, { place, proof }: CertManagerArgs, child: ChildOptions) {
    const values = planValues({ place, identity: writerOf(proof), routes: proof?.kind === "http01" });
    return createChart(name, { chart: release, release, namespace: release, values, sources: place.charts }, child);
}
