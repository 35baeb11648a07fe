import type { Read, Value } from "../../reading/value";
import { undecided } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";

/** What ids of a kind look like: the type in the path, and the input that has the name behind it. */
const ids: Readonly<Record<string, { readonly type: string; readonly name: string }>> = {
    "azure-native:containerservice/ManagedCluster": {
        type: "Microsoft.ContainerService/managedClusters",
        name: "resourceName",
    },
    "azure-native:operationalinsights/Workspace": {
        type: "Microsoft.OperationalInsights/workspaces",
        name: "workspaceName",
    },
    "azure-native:storage/StorageAccount": { type: "Microsoft.Storage/storageAccounts", name: "accountName" },
    "azure-native:keyvault/Vault": { type: "Microsoft.KeyVault/vaults", name: "vaultName" },
    "azure-native:containerregistry/Registry": { type: "Microsoft.ContainerRegistry/registries", name: "registryName" },
    "azure-native:dbforpostgresql/Server": { type: "Microsoft.DBforPostgreSQL/flexibleServers", name: "serverName" },
    "azure-native:redis/Redis": { type: "Microsoft.Cache/redis", name: "name" },
    "azure-native:cosmosdb/DatabaseAccount": { type: "Microsoft.DocumentDB/databaseAccounts", name: "accountName" },
    "azure-native:eventhub/Namespace": { type: "Microsoft.EventHub/namespaces", name: "namespaceName" },
    "azure-native:search/Service": { type: "Microsoft.Search/searchServices", name: "searchServiceName" },
    "azure-native:network/PrivateEndpoint": { type: "Microsoft.Network/privateEndpoints", name: "privateEndpointName" },
    "azure-native:privatedns/PrivateZone": { type: "Microsoft.Network/privateDnsZones", name: "privateZoneName" },
};

/** A property of one resource that names another by its id, or by its name alone. */
export interface Reference {
    readonly from: Subject;
    /** The input that `at` is or is in: the engine knows where its value comes from. */
    readonly property: string;
    readonly at: Value;
}

/**
 * Whether a reference is to a resource. Before the first update ids are unknown, and where the value comes from decides; in a state the id
 * itself does. `undecided` only where neither is known.
 */
export function isReferenceTo(stack: Stack, { from, property, at }: Reference, to: Subject): Read<boolean> {
    const sources = stack.sourcesOf(from, property);
    if (sources.some(({ resource }) => resource.urn === to.resource.urn)) return true;
    const read = at.quietly.text();
    if (read === undecided) return sources.length > 0 ? false : undecided;
    const known = ids[keyOf(to.kind)];
    const name = known && to.object.quietly.get(known.name).text();
    if (typeof read !== "string" || typeof name !== "string" || known === undefined) return false;
    return read === name || names(read, `/providers/${known.type}/${name}`);
}

/** Azure's ids are the same in any case; what is below a resource, such as its blob service, has its id and more. */
function names(id: string, end: string): boolean {
    const [whole, part] = [id.toLowerCase(), end.toLowerCase()];
    return whole.endsWith(part) || whole.includes(`${part}/`);
}

/** Companions of a resource: those that refer to it, and whether there may be more that do. */
export interface Companions {
    readonly found: readonly Subject[];
    readonly unsure: boolean;
}

/** Those of `candidates` that refer to a resource. Where none does, what they refer to and nobody can read is noted. */
export function companionsOf(stack: Stack, to: Subject, candidates: readonly Reference[]): Companions {
    const judged = candidates.map((reference) => ({ reference, is: isReferenceTo(stack, reference, to) }));
    const found = judged.filter(({ is }) => is === true).map(({ reference }) => reference.from);
    const unsure = judged.filter(({ is }) => is === undecided);
    if (found.length === 0) for (const { reference } of unsure) reference.at.text();
    return { found, unsure: unsure.length > 0 };
}

/** The same property of every resource of a kind, as a reference. */
export function references(stack: Stack, kind: string, property: string): readonly Reference[] {
    return stack.of(kind).map((from) => ({ from, property, at: from.object.get(property) }));
}
