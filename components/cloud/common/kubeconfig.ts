/** How to log in to an API server as the cloud lets its callers: by a tool that prints a short-lived credential. */
export interface ClusterLogin {
    /** Name of the cluster; also that of the context. */
    readonly cluster: string;
    /** Such as `https://example.eks.amazonaws.com`. */
    readonly server: string;
    /** Certificate authority, the PEM in base64. */
    readonly certificateAuthority: string;
    /** The tool and its arguments: never a token, never a profile of one person. */
    readonly command: string;
    readonly arguments: readonly string[];
    /** Where the tool is described, for whoever lacks it. */
    readonly installation: `https://${string}`;
}

/** Version of the credential protocol that `aws eks get-token` and `kubelogin get-token` both speak. */
export const execVersion = "client.authentication.k8s.io/v1beta1";

/** The same text for everybody who may log in, today and tomorrow: nothing in it ends or belongs to one person. */
export function kubeconfigOf(login: ClusterLogin): string {
    const { cluster, server, certificateAuthority, command } = login;
    const exec = { apiVersion: execVersion, command, args: login.arguments, interactiveMode: "Never" };
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": certificateAuthority } }],
        users: [{ name: cluster, user: { exec } }],
        contexts: [{ name: cluster, context: { cluster, user: cluster } }],
        "current-context": cluster,
    });
}
