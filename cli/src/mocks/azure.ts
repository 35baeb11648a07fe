import * as pulumi from "@pulumi/pulumi";
import { field, textField } from "../../../simulator/system/files";
import type { CloudMocks } from "./cloud";

type Values = Readonly<Record<string, unknown>>;

export const azure: CloudMocks = {
    computed: (type, name, inputs) => {
        if (!type.startsWith("azure-native:")) return {};
        return { name: ownName(type, inputs) ?? name, ...outputs[type]?.(name, inputs) };
    },
    answer: (token) => answers[token]?.(),
};

/** Azure gives a resource its own name back; of those that programs read, this is the argument that says it. */
function ownName(type: string, inputs: Values): string | undefined {
    const argument = {
        "azure-native:containerregistry:Registry": "registryName",
        "azure-native:containerservice:ManagedCluster": "resourceName",
        "azure-native:eventhub:EventHub": "eventHubName",
        "azure-native:eventhub:Namespace": "namespaceName",
        "azure-native:keyvault:Key": "keyName",
        "azure-native:keyvault:Vault": "vaultName",
        "azure-native:managedidentity:UserAssignedIdentity": "resourceName",
        "azure-native:network:PrivateEndpoint": "privateEndpointName",
        "azure-native:network:VirtualNetwork": "virtualNetworkName",
        "azure-native:privatedns:PrivateZone": "privateZoneName",
        "azure-native:resources:ResourceGroup": "resourceGroupName",
        "azure-native:storage:BlobContainer": "containerName",
        "azure-native:storage:StorageAccount": "accountName",
    }[type];
    return argument === undefined ? undefined : textField(inputs, argument);
}

/** What else programs read of a resource. */
const outputs: Readonly<Record<string, (name: string, inputs: Values) => Values>> = {
    "azure-native:containerregistry:Registry": () => ({ loginServer: "[loginServer]" }),
    "azure-native:containerregistry:Task": (name) => ({
        identity: { type: "SystemAssigned", principalId: `[principalId of ${name}]` },
    }),
    "azure-native:containerservice:ManagedCluster": () => ({ oidcIssuerProfile: { issuerURL: "[issuerURL]" } }),
    "azure-native:keyvault:Key": (name) => ({
        keyUri: `[keyUri of ${name}]`,
        keyUriWithVersion: `[keyUriWithVersion of ${name}]`,
    }),
    "azure-native:keyvault:Vault": (_, inputs) => ({
        properties: { ...Object(field(inputs, "properties")), vaultUri: "[vaultUri]" },
    }),
    "azure-native:managedidentity:UserAssignedIdentity": (name) => ({
        clientId: `[clientId of ${name}]`,
        principalId: `[principalId of ${name}]`,
    }),
    "azure-native:storage:StorageAccount": () => ({ primaryEndpoints: { blob: "[blobEndpoint]/" } }),
};

const answers: Readonly<Record<string, () => Values>> = {
    "azure-native:authorization:getClientConfig": caller,
    "azure-native:containerservice:listManagedClusterUserCredentials": () => ({ kubeconfigs: [credentials()] }),
};

/** Nobody is asked who calls, so nobody can be the wrong one: the caller is whom the stack file names. */
function caller(): Values {
    const section = new pulumi.Config().getObject<unknown>("azure");
    return { subscriptionId: textField(section, "subscription"), tenantId: textField(section, "tenant") };
}

function credentials(): Values {
    const text = "server: https://cluster.invalid:443\ncertificate-authority-data: LS0tLS0=\n";
    return { name: "clusterUser", value: Buffer.from(text).toString("base64") };
}
