import type * as pulumi from "@pulumi/pulumi";
import type { FrontBalancer } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Placement } from "../../kubernetes/placement";
import { gateway, gatewayPorts } from "../identity";

export interface FrontBindingArgs {
    /** The namespace of the gateway. */
    readonly placement: Placement;
    readonly front: FrontBalancer;
    /** Knows the kind, and puts pods into target groups. */
    readonly operator: Operator;
}

/** Puts the gateway's pods behind a load balancer that stands outside of the cluster, and keeps it up to date about them. */
export class FrontBinding extends TarsComponent {
    constructor(
        name: string,
        { placement, front, operator }: FrontBindingArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("edge", "FrontBinding", name, opts);
        const { cluster, namespace, ownership } = placement;
        const labels = labelsOf({ name: gateway.name, component: "edge" }, ownership);
        const object = { name: `${gateway.name}-front`, namespace, labels };
        const plan = {
            apiVersion: "elbv2.k8s.aws/v1beta1",
            kind: "TargetGroupBinding",
            ...object,
            spec: planBinding(front),
        };
        // A binding is of its target group for good.
        const replaced = { replaceOnChanges: ["spec.targetGroupARN"], deleteBeforeReplace: true };
        createCustomResource(name, plan, operator, { parent: this, provider: cluster.provider, ...replaced });
        this.registerOutputs({});
    }
}

/**
 * The Service that Istio makes of the Gateway has the name of its service account. Nothing is said of networking: who may call the pods is
 * settled beside the load balancer, and the controller then opens no group of the nodes by itself.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/guide/targetgroupbinding/spec.md
 */
export function planBinding({ targetGroup, network }: FrontBalancer) {
    return {
        serviceRef: { name: gateway.serviceAccount, port: gatewayPorts.https },
        targetGroupARN: targetGroup,
        targetType: "ip",
        ipAddressType: "ipv4",
        vpcID: network,
    };
}
