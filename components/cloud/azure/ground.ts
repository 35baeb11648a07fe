import type * as pulumi from "@pulumi/pulumi";
import type { Ground, ObjectStore, StorePurpose } from "../contract";
import type { Access } from "./access";
import type { Cluster } from "./cluster";
import type { Dns } from "./dns";
import { type Identities, issuerOf } from "./identities";
import type { Logs } from "./logs";
import type { Network } from "./network";
import type { Registry } from "./registry";
import type { Secrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { Stores } from "./storage";

/** Everything that a stack has in Azure. */
export interface Parts {
    readonly network: Network;
    readonly dns: Dns;
    readonly logs: Logs;
    readonly secrets: Secrets;
    readonly storage: Stores;
    readonly registry: Registry;
    readonly cluster: Cluster;
    readonly access: Access;
    readonly identities: Identities;
}

/** What other parts of the platform and other teams need of it. */
export function groundOf(section: AzureSettings, parts: Parts): Ground {
    const { region, zones, network } = section;
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
        dnsZone: dns.zone,
        logs: { id: logs.workspace.id },
        identities: identities.identities,
    };
}

function subnetIds({ subnets }: Network): Readonly<Record<string, readonly pulumi.Output<string>[]>> {
    const there = Object.entries(subnets).flatMap(([purpose, subnet]) =>
        subnet === undefined ? [] : [[purpose, [subnet.id]] as const],
    );
    return Object.fromEntries(there);
}

function storeOf({ account, containers }: Stores, purpose: StorePurpose): ObjectStore {
    const { name } = containers[purpose];
    const url = account.primaryEndpoints.apply(({ blob }) => `${blob}${purpose}`);
    return { name, url };
}
