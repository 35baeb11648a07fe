import type { CloudFunction, CloudView } from "../cloud/kind";
import { textAt } from "../cloud/values";
import type { Properties } from "../properties";
import { exampleId, subscriptionId } from "./ids";
import { deployer } from "./roles";
import { tokens } from "./tokens";

/** Application id of AKS's API servers in the directory, the same everywhere. @see https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const serverId = "6dae42f8-4368-4678-94ff-3960e28e3630";

export const functions: Readonly<Record<string, CloudFunction>> = {
    "azure-native:authorization:getClientConfig": () => ({
        clientId: deployer.clientId,
        objectId: deployer.objectId,
        subscriptionId: exampleId,
        tenantId: exampleId,
    }),
    "azure-native:containerservice:listManagedClusterUserCredentials": listCredentials,
};

function listCredentials(args: Properties, cloud: CloudView): Properties {
    const id = `${subscriptionId}/resourceGroups/${String(args.resourceGroupName)}/providers/Microsoft.ContainerService/managedClusters/${String(args.resourceName)}`;
    const cluster = cloud.get(tokens.cluster, id);
    if (!cluster?.ready) throw new Error(`ResourceNotFound: ${id}`);
    const [server, authority] = [
        textAt(cluster.outputs, "controlPlane.endpoint"),
        textAt(cluster.outputs, "controlPlane.certificateAuthority"),
    ];
    if (server === undefined || authority === undefined) throw new Error(`${id} has no API server`);
    const text = kubeconfig(String(args.resourceName), String(args.resourceGroupName), server, authority);
    return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(text).toString("base64") }] };
}

/** As AKS writes it for a cluster whose users come from the directory: without a secret, with a command that gets a token. */
function kubeconfig(name: string, group: string, server: string, authority: string): string {
    const user = `clusterUser_${group}_${name}`;
    const args = [
        "get-token",
        "--environment",
        "AzurePublicCloud",
        "--server-id",
        serverId,
        "--client-id",
        clientId,
        "--tenant-id",
        exampleId,
        "--login",
        "devicecode",
    ];
    return [
        "apiVersion: v1",
        "clusters:",
        "- cluster:",
        `    certificate-authority-data: ${authority}`,
        `    server: ${server}`,
        `  name: ${name}`,
        "contexts:",
        "- context:",
        `    cluster: ${name}`,
        `    user: ${user}`,
        `  name: ${name}`,
        `current-context: ${name}`,
        "kind: Config",
        "preferences: {}",
        "users:",
        `- name: ${user}`,
        "  user:",
        "    exec:",
        "      apiVersion: client.authentication.k8s.io/v1beta1",
        "      args:",
        ...args.map((arg) => `      - ${arg}`),
        "      command: kubelogin",
        "      env: null",
        "      provideClusterInfo: false",
        "",
    ].join("\n");
}

/** Application id of the login that AKS puts there. @see https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const clientId = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";
