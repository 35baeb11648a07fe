import type { Copies } from "./copies";
import { type Load, systemRoles } from "./loads";
import type { Size } from "./workloads";

/**
 * How many pods the load balancer controller has, of which one works, and what each gets. Cores and memory are those of upstream's own
 * installation, which says that they serve up to 400 Services; its request for memory is raised to the limit. The disk is ours: it writes none.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/deploy/scaling.md
 */
export function loadBalancerSize({ controllers }: Copies): Size {
    return {
        replicas: { min: controllers, max: controllers },
        surge: 1,
        requests: { cpu: "100m", memory: "500Mi" },
        limits: { cpu: "200m", memory: "500Mi" },
        scratch: "64Mi",
    };
}

/** What the controller takes of the nodes, where the cloud leaves load balancers to one. */
export function loadBalancerLoads(copies: Copies): readonly Load[] {
    return [{ name: "load-balancer-controller", size: loadBalancerSize(copies), roles: systemRoles }];
}
