import { EventHub, Namespace } from "@pulumi/azure-native/eventhub";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { HubIdentity, HubsPlan, TokenDirectory, Hubs as TopicHubs } from "../contract";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { entraHost, entraRanges, tokenEndpoint } from "./entra";
import { hubsHost, hubsPort, planRetention } from "./hubsPlan";
import { createHubUser, type HubUserPlace } from "./hubUsers";
import { Locks } from "./locks";
import { type Logs, sendLogs } from "./logs";
import { plannedSubnets, rangeIn } from "./plan";
import { keep } from "./protection";
import type { Secrets } from "./secrets";
import { createServiceZone } from "./serviceZone";
import type { AzureSettings } from "./settings";
import { placeOf } from "./site";
import { asStated } from "./stated";

export interface HubsArgs extends EndpointPlace, Pick<HubUserPlace, "cluster"> {
    readonly section: AzureSettings;
    readonly logs: Logs;
    readonly secrets: Secrets;
    readonly plan: HubsPlan;
}

type Options = pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">;

/**
 * Topics of Event Hubs, which speaks Kafka's protocol: the network alone reaches them, at a private endpoint; they are encrypted with the platform's
 * own key and kept in three zones. There are no keys: whoever calls shows a token of Entra, as the identity of its service account.
 */
export class Hubs extends TarsComponent implements TopicHubs {
    readonly host: pulumi.Output<string>;
    readonly port = hubsPort;
    readonly ranges: readonly string[];
    readonly directory: TokenDirectory;
    readonly users: Readonly<Record<string, HubIdentity>>;

    constructor(name: string, args: HubsArgs, opts: Options) {
        super("cloud", "Hubs", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, section, logs, plan } = args;
        const namespace = createNamespace(name, args, child);
        const hubs = createHubs(name, args, namespace, child);
        const { zone, link } = createServiceZone(name, args, "privatelink.servicebus.windows.net", child);
        const target = { service: "namespace", id: namespace.id, zone } as const;
        const endpoint = createEndpoint(`${name}-endpoint`, args, target, child);
        sendLogs(name, logs, { id: namespace.id, logs: records.map((category) => ({ category })) }, child);
        const users = Object.entries(plan.users).map(([user, asked]) => {
            const { identity, rights } = createHubUser(`${name}-${user}`, { ...args, hubs, user, asked }, child);
            return { user, identity, rights };
        });
        this.users = Object.fromEntries(users.map(({ user, identity }) => [user, identity]));
        const below = [...Object.values(hubs), ...users.flatMap(({ rights }) => rights)];
        new Locks(
            `${name}-lock`,
            { site, scopes: { namespace: namespace.id } },
            { ...child, dependsOn: [endpoint, ...below] },
        );
        // Whoever calls it by its name finds it, and the topics in it, once all of these are there.
        const there = pulumi.all([endpoint.id, link.id, ...Object.values(hubs).map(({ id }) => id)]);
        this.host = pulumi.all([namespace.name, there]).apply(([own]) => hubsHost(own));
        this.ranges = [rangeIn(plannedSubnets(section), "endpoints")];
        this.directory = {
            host: entraHost,
            port: 443,
            ranges: entraRanges,
            endpoint: tokenEndpoint(section.tenant),
            // https://learn.microsoft.com/azure/event-hubs/authorize-access-azure-active-directory: the resource of Kafka's clients
            scope: this.host.apply((host) => `https://${host}/.default`),
        };
        this.registerOutputs({ host: this.host });
    }
}

/**
 * What is told about it: who called and with what outcome, changes, what clients of Kafka's do wrong, and whether the key could be read.
 *
 * @see https://learn.microsoft.com/azure/event-hubs/monitor-event-hubs-reference#resource-logs
 */
const records = ["RuntimeAuditLogs", "OperationalLogs", "KafkaUserErrorLogs", "CustomerManagedKeyUserLogs"] as const;

function createNamespace(name: string, { site, secrets, plan }: HubsArgs, child: ChildOptions): Namespace {
    const encryption = encryptionWith(secrets);
    return new Namespace(
        name,
        {
            ...placeOf(site),
            namespaceName: `${site.naming("eventNamespace", "kafka")}-${site.suffix}`,
            sku: { name: "Premium", tier: "Premium", capacity: plan.units },
            kafkaEnabled: true,
            zoneRedundant: true,
            disableLocalAuth: true,
            minimumTlsVersion: "1.2",
            publicNetworkAccess: "Disabled",
            identity: { type: "UserAssigned", userAssignedIdentities: [secrets.encryption.id] },
            encryption,
        },
        {
            ...child,
            ...keep("eventNamespace", site.rules),
            ...asStated({ encryption }),
            dependsOn: [...secrets.ready],
        },
    );
}

/** A namespace can be given a key while it is empty, and never later: it is there from the first. */
function encryptionWith({ key, vault, encryption }: Secrets) {
    return {
        keySource: "Microsoft.KeyVault" as const,
        keyVaultProperties: [
            {
                // No version: Azure takes the newest by itself.
                keyName: key.name,
                keyVaultUri: vault.properties.apply(({ vaultUri }) => vaultUri ?? ""),
                identity: { userAssignedIdentity: encryption.id },
            },
        ],
    };
}

function createHubs(
    name: string,
    { site, plan }: HubsArgs,
    namespace: Namespace,
    child: ChildOptions,
): Readonly<Record<string, EventHub>> {
    const made = Object.entries(plan.topics).map(([topic, asked]) => {
        const args = {
            resourceGroupName: site.group.name,
            namespaceName: namespace.name,
            eventHubName: topic,
            partitionCount: asked.partitions,
            retentionDescription: planRetention(asked),
        };
        return [topic, new EventHub(`${name}-topic-${topic}`, args, { ...child, ...keep("eventHub", site.rules) })];
    });
    return Object.fromEntries(made);
}
