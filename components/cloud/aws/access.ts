import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { Cluster } from "./cluster";

export interface AccessArgs {
    readonly cluster: Cluster;
    readonly region: string;
}

/**
 * The provider that makes everything in the cluster, and the cluster's identity as it reads it. Its kubeconfig asks the `aws` tool of whoever
 * runs the program for a token: it holds none itself and names nobody's profile, so it stays the same for everybody.
 */
export class Access extends TarsComponent {
    readonly provider: Provider;
    readonly identity: pulumi.Output<string>;

    constructor(name: string, { cluster, region }: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "AwsAccess", name, opts);
        this.provider = new Provider(
            name,
            {
                kubeconfig: kubeconfig(cluster, region),
                // EKS gives every cluster a host of its own: another one means another cluster, whose objects are all to be made anew.
                clusterIdentifier: cluster.endpoint,
                enableServerSideApply: true,
                enableConfigMapMutable: true,
                enableSecretMutable: true,
            },
            { parent: this },
        );
        const system = { parent: this, provider: this.provider };
        this.identity = Namespace.get(`${name}-kube-system`, "kube-system", system).metadata.uid;
        this.registerOutputs({ identity: this.identity });
    }
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html */
function kubeconfig({ name, endpoint, certificateAuthority }: Cluster, region: string): pulumi.Output<string> {
    const args = ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"];
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args, interactiveMode: "Never" };
    const server = { server: endpoint, "certificate-authority-data": certificateAuthority };
    return pulumi.jsonStringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster: server }],
        users: [{ name, user: { exec } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
    });
}
