import { listManagedClusterUserCredentialsOutput, type ManagedCluster } from "@pulumi/azure-native/containerservice";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { type ClusterLogin, kubeconfigOf } from "../common/kubeconfig";
import { whenReachable } from "../common/reach";
import type { ApiAccess } from "../common/settings";
import { issuerOf } from "./identities";
import { keep } from "./protection";
import type { Site } from "./site";

export interface AccessArgs {
    readonly site: Site;
    readonly cluster: ManagedCluster;
    readonly apiAccess: ApiAccess;
}

/** The way into the cluster, by the login of whoever runs the program. */
export class Access extends TarsComponent {
    readonly provider: Provider;
    readonly endpoint: pulumi.Output<string>;
    readonly identity: pulumi.Output<string>;

    constructor(
        name: string,
        args: AccessArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Access", name, opts);
        const { site, cluster, apiAccess } = args;
        const server = findServer(args, { parent: this, provider: opts.provider });
        const login = pulumi.all([cluster.name, server]).apply(([own, found]) => loginTo(own, found, site.tenant));
        this.endpoint = server.apply(({ endpoint }) => endpoint);
        this.provider = new Provider(
            name,
            {
                kubeconfig: whenReachable(login, apiAccess).apply(kubeconfigOf),
                // Unlike the cluster's name and id, its issuer is another one in a cluster that is made in its place.
                clusterIdentifier: issuerOf(cluster),
                enableServerSideApply: true,
                enableConfigMapMutable: true,
                enableSecretMutable: true,
            },
            { parent: this, ...keep("clusterProvider", site.rules) },
        );
        const child = { parent: this, provider: this.provider };
        this.identity = Namespace.get(`${name}-kube-system`, "kube-system", child).metadata.uid;
        this.registerOutputs({ endpoint: this.endpoint, identity: this.identity });
    }
}

/** Where the API server is, and who vouches for it. */
export interface Server {
    readonly endpoint: string;
    /** PEM in base64. */
    readonly certificateAuthority: string;
}

/** Azure has the certificate in the kubeconfig of a user only, which it gives out as text. Nothing else of it is used. */
function findServer({ site, cluster }: AccessArgs, child: ChildOptions): pulumi.Output<Server> {
    const asked = { resourceGroupName: site.group.name, resourceName: cluster.name };
    const found = listManagedClusterUserCredentialsOutput(asked, child);
    return pulumi.unsecret(found.apply(({ kubeconfigs: [first] }) => serverOf(first?.value ?? "")));
}

/** @throws pulumi.RunError when a kubeconfig does not say where its server is. */
export function serverOf(kubeconfig: string): Server {
    const text = Buffer.from(kubeconfig, "base64").toString("utf8");
    const [, endpoint] = /^\s*server: *"?(https:\/\/[^\s"]+)"?\s*$/m.exec(text) ?? [];
    const [, certificateAuthority] = /^\s*certificate-authority-data: *"?([A-Za-z0-9+/=]+)"?\s*$/m.exec(text) ?? [];
    if (endpoint === undefined || certificateAuthority === undefined) {
        throw new pulumi.RunError("Azure's kubeconfig for the cluster names no server with a certificate authority");
    }
    return { endpoint, certificateAuthority };
}

/** Application id of AKS's API servers in Entra. @see https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const serverId = "6dae42f8-4368-4678-94ff-3960e28e3630";

/**
 * `kubelogin` gets a token when one is needed: from the Azure CLI's login or, where AAD_LOGIN_METHOD says so, in another way. So the
 * kubeconfig stays the same whoever runs the program.
 */
export function loginTo(cluster: string, { endpoint, certificateAuthority }: Server, tenant: string): ClusterLogin {
    return {
        cluster,
        server: endpoint,
        certificateAuthority,
        command: "kubelogin",
        arguments: ["get-token", "--login", "azurecli", "--server-id", serverId, "--tenant-id", tenant],
        installation: "https://azure.github.io/kubelogin/install.html",
    };
}
