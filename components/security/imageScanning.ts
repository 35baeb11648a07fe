import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import { scanningSizes } from "../foundation/supplyChain";
import { createChart } from "../kubernetes/chart";
import { charts } from "../kubernetes/chartTable";
import { createDefinitions } from "../kubernetes/definitions";
import type { Identities } from "../kubernetes/identities";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { fromMonitoring, planCallers, planCalls, type TrafficPolicy, toApiServer } from "../kubernetes/traffic";
import { createTraffic, type Inside } from "../kubernetes/trafficPolicies";
import { planInnerCalls, planRegistryCalls } from "./supplyTraffic";
import { namespace, operatorLabels, planTrivyValues, ports, release, serverLabels } from "./trivyValues";

export interface ImageScanningArgs {
    readonly place: SystemPlace;
    /** Blocks of addresses in which registries and databases answer, beside the network's own; none for the Internet. */
    readonly registries: readonly string[];
    /** Who service accounts are in the cloud: private registries are read as `trivy-operator`. */
    readonly identities: Identities;
}

/** Looks for vulnerabilities and forgotten secrets in the images of everything that runs, and keeps what it finds as reports beside it. */
export class ImageScanning extends TarsComponent {
    constructor(name: string, args: ImageScanningArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "ImageScanning", name, opts);
        const { place, identities } = args;
        const { version } = charts[release];
        const labels = labelsOf({ name: release, component: "scanning", version }, place.ownership);
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const traffic = createTraffic(name, planTraffic(args), { namespace: tenant.namespace, labels }, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const values = planTrivyValues(place, identities);
        createChart(
            release,
            { chart: release, release, namespace: tenant.namespace, values, sources: place.charts },
            { ...child, dependsOn: [tenant, definitions, ...traffic] },
        );
        createDisruptionBudgets(name, { namespace: tenant.namespace, labels }, child);
        this.registerOutputs({});
    }
}

function createNamespace(name: string, { cluster, ownership, copies }: SystemPlace, parent: pulumi.Resource) {
    const quota = planQuota(demandAtPeak(Object.values(scanningSizes(copies))), undefined);
    const unjudged =
        "Trivy's operator makes pods whose scratch volumes have no limit of their own; that of the container holds";
    return new TenantNamespace(name, { cluster, ownership, namespace, quota, unjudged }, { parent });
}

function planTraffic({ place: { cluster }, registries }: ImageScanningArgs): Readonly<Record<string, TrafficPolicy>> {
    const toServer = planInnerCalls(serverLabels, ports.server);
    return {
        "api-server": planCalls({}, toApiServer(cluster)),
        registries: planRegistryCalls(cluster, registries),
        "server-in": toServer.in,
        "server-out": toServer.out,
        metrics: planCallers({}, [fromMonitoring(cluster, ports.metrics)]),
    };
}

/** The chart has none. */
function createDisruptionBudgets(name: string, inside: Inside, child: ChildOptions): void {
    for (const [part, matchLabels] of Object.entries({ operator: operatorLabels, server: serverLabels })) {
        const spec = { maxUnavailable: 1, selector: { matchLabels } };
        new PodDisruptionBudget(`${name}-${part}`, { metadata: { ...inside, name: part }, spec }, child);
    }
}
