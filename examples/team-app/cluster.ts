import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider for the cluster that the kubeconfig leads to, once that is the platform's own: on another one nothing is made.
 *
 * @param expected UID of the kube-system namespace of the platform's cluster
 */
export function sameCluster(expected: pulumi.Output<string>): Provider {
    // The plugin finds the kubeconfig by itself; named here, one person's path would be in the state.
    const reader = new Provider("cluster-reader", { kubeconfig: "" });
    const found = Namespace.get("kube-system", "kube-system", { provider: reader }).metadata.uid;
    const identity = pulumi.all([found, expected]).apply(([uid, platform]) => confirm(uid, platform));
    return new Provider("cluster", { kubeconfig: "", clusterIdentifier: identity, enableServerSideApply: true });
}

/** @throws pulumi.RunError when this is not the platform's cluster */
export function confirm(found: string, expected: string): string {
    if (found === expected) return found;
    throw new pulumi.RunError(
        `the kubeconfig leads to another cluster than the platform's: kube-system has UID ${found} here and ${expected} there\n` +
            "    fix: select the platform's cluster (KUBECONFIG), or name the stack of this cluster's platform in team-app:platform",
    );
}
