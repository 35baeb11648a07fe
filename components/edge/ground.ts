import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import type { EdgeController, EdgeSizes } from "../foundation/edge";
import type { ImageSources } from "../foundation/imageSources";
import { labelsOf, type Ownership } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import type { Size } from "../foundation/workloads";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { TenantNamespace } from "../kubernetes/namespace";
import type { Placement } from "../kubernetes/placement";
import { gateway } from "./identity";
import { planNginxTraffic } from "./nginx/traffic";
import { planEdgeQuota } from "./quota";
import { type Pods, planInnerCallers, planTraffic } from "./traffic";

export interface EdgeGroundArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    readonly imageSources: ImageSources;
    /** Who makes the gateway. */
    readonly controller: EdgeController;
    readonly sizes: EdgeSizes;
    /** Pods that others put beside the edge's own, such as those that prove names. @default [] */
    readonly guests?: readonly Size[];
    /** Pods that the gateway leads to. */
    readonly backend: Pods;
    /** Pods that it reaches for dashboards. @default [] */
    readonly dashboards?: readonly Pods[];
    /** How the pods of the edge are in the mesh. The gateway's own always are: they are proxies of it. */
    readonly mode: MeshMode;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

/** The namespace of the edge, in which its pods reach what they need of each other and of others, in the network and in the mesh. */
export class EdgeGround extends TarsComponent {
    readonly placement: Placement;

    constructor(name: string, args: EdgeGroundArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "EdgeGround", name, opts);
        const { cluster, ownership, imageSources } = args;
        const plan = {
            cluster,
            ownership,
            namespace: gateway.namespace,
            quota: planEdgeQuota(args.controller, args.sizes, args.guests ?? [], cluster.entrance),
            mesh: args.mode,
        };
        const tenant = new TenantNamespace(name, plan, { parent: this });
        this.placement = { cluster, namespace: tenant.namespace, ownership, imageSources, mesh: args.mode };
        createAccess(name, args, this.placement, { parent: this, provider: cluster.provider, dependsOn: [tenant] });
        this.registerOutputs({});
    }
}

interface After extends ChildOptions {
    readonly dependsOn: pulumi.Resource[];
}

function createAccess(name: string, args: EdgeGroundArgs, { namespace, ownership }: Placement, child: After): void {
    const { cluster, controller, backend, dashboards = [], mode, istio } = args;
    const inside = (pods: string) => {
        return { name: pods, namespace, labels: labelsOf({ name: pods, component: "access" }, ownership) };
    };
    const { clients, front } = cluster.entrance;
    const traffic = {
        clients,
        asksHealth: front !== undefined,
        backend,
        dashboards,
        monitoringNamespace: cluster.monitoringNamespace,
        mode,
    };
    const paths = controller === "nginx" ? planNginxTraffic(traffic) : planTraffic(traffic);
    for (const [pods, spec] of Object.entries(paths)) {
        new NetworkPolicy(`${name}-${pods}`, { metadata: inside(pods), spec }, child);
    }
    if (controller === "nginx") return;
    for (const [pods, spec] of Object.entries(planInnerCallers())) {
        const object = { ...inside(pods), spec };
        const plan = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", ...object };
        createCustomResource(`${name}-${pods}-callers`, plan, istio, child);
    }
}
