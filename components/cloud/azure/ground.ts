import type * as pulumi from "@pulumi/pulumi";
import type { Ground, ObjectStore, StorePurpose } from "../contract";
import type { ClusterAccess } from "./access";
import type { AzureCluster } from "./cluster";
import type { AzureDns } from "./dns";
import { type AzureIdentities, issuerOf } from "./identities";
import type { AzureLogs } from "./logs";
import type { AzureNetwork } from "./network";
import type { AzureRegistry } from "./registry";
import type { AzureSecrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { AzureStorage } from "./storage";

/** Everything that a stack has in Azure. */
export interface AzureParts {
    readonly network: AzureNetwork;
    readonly dns: AzureDns;
    readonly logs: AzureLogs;
    readonly secrets: AzureSecrets;
    readonly storage: AzureStorage;
    readonly registry: AzureRegistry;
    readonly cluster: AzureCluster;
    readonly access: ClusterAccess;
    readonly identities: AzureIdentities;
}

/** What other parts of the platform and other teams need of it. */
export function groundOf(section: AzureSettings, parts: AzureParts): Ground {
    const { region, zones, network, dnsZone } = section;
    const { dns, logs, secrets, storage, registry, cluster, access, identities } = parts;
    const { cidr, podCidr, serviceCidr } = network;
    return {
        region,
        zones: zones.map((zone) => `${region}-${zone}`),
        network: { id: parts.network.network.id, cidr, podCidr, serviceCidr, subnets: subnetIds(parts.network) },
        api: { name: cluster.cluster.name, endpoint: access.endpoint, issuer: issuerOf(cluster.cluster) },
        registry: { host: registry.registry.loginServer },
        objectStores: { data: storeOf(storage, "data"), backups: storeOf(storage, "backups") },
        secretStore: { location: secrets.vault.properties.apply(({ vaultUri }) => vaultUri ?? "") },
        encryptionKey: secrets.key.id,
        dnsZone:
            dnsZone === undefined || dns.publicZone === undefined
                ? undefined
                : { name: dnsZone, id: dns.publicZone.id },
        logs: { id: logs.workspace.id },
        identities: identities.identities,
    };
}

function subnetIds({ subnets }: AzureNetwork): Readonly<Record<string, readonly pulumi.Output<string>[]>> {
    return Object.fromEntries(Object.entries(subnets).map(([purpose, { id }]) => [purpose, [id]]));
}

function storeOf({ account, containers }: AzureStorage, purpose: StorePurpose): ObjectStore {
    const { name } = containers[purpose];
    const url = account.primaryEndpoints.apply(({ blob }) => `${blob}${purpose}`);
    return { name, url };
}
