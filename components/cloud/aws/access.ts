import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { type ClusterLogin, kubeconfigOf } from "../common/kubeconfig";
import { whenReachable } from "../common/reach";
import type { Cluster } from "./cluster";
import type { AwsSettings } from "./settings";

export interface AccessArgs {
    readonly cluster: Cluster;
    readonly section: AwsSettings;
}

/** The way into the cluster, by the login of whoever runs the program. */
export class Access extends TarsComponent {
    readonly provider: Provider;
    readonly identity: pulumi.Output<string>;

    constructor(name: string, { cluster, section }: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Access", name, opts);
        const login = whenReachable(loginOf(cluster, section.region), section.apiAccess);
        this.provider = new Provider(
            name,
            {
                kubeconfig: login.apply(kubeconfigOf),
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
function loginOf({ name, endpoint, certificateAuthority }: Cluster, region: string): pulumi.Output<ClusterLogin> {
    return pulumi.all([name, endpoint, certificateAuthority]).apply(
        ([cluster, server, authority]): ClusterLogin => ({
            cluster,
            server,
            certificateAuthority: authority,
            command: "aws",
            arguments: ["eks", "get-token", "--cluster-name", cluster, "--region", region, "--output", "json"],
            installation: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
        }),
    );
}
