import * as pulumi from "@pulumi/pulumi";

interface ClusterAddress {
    readonly name: pulumi.Input<string>;
    readonly endpoint: pulumi.Input<string>;
    readonly certificateAuthority: pulumi.Input<string>;
    readonly arn: pulumi.Input<string>;
}

/** How the tool `aws` is to log in. */
interface Login {
    readonly roleArn?: string;
    readonly profileName?: string;
}

/** The kubeconfig that the official component gives out: it asks the tool `aws` for a token, and holds none. */
export function kubeconfigOf(cluster: ClusterAddress, login: pulumi.Input<Login | undefined>): pulumi.Output<object> {
    return pulumi.all([cluster, login]).apply(([{ name, endpoint, certificateAuthority, arn }, options]) => ({
        apiVersion: "v1",
        clusters: [
            { cluster: { server: endpoint, "certificate-authority-data": certificateAuthority }, name: "kubernetes" },
        ],
        contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
        "current-context": "aws",
        kind: "Config",
        users: [{ name: "aws", user: { exec: execOf(name, arn, options) } }],
    }));
}

function execOf(name: string, arn: string, login: Login | undefined): object {
    // arn:aws:eks:REGION:...
    const region = arn.split(":")[3] ?? "";
    const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"];
    if (login?.roleArn) args.push("--role", login.roleArn);
    if (login?.profileName) args.push("--profile", login.profileName);
    const value = '{"apiVersion": "client.authentication.k8s.io/v1beta1"}';
    return {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args,
        env: [{ name: "KUBERNETES_EXEC_INFO", value }],
    };
}
