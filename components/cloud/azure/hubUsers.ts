import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import type { ManagedCluster } from "@pulumi/azure-native/containerservice";
import type { EventHub } from "@pulumi/azure-native/eventhub";
import * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { HubUser } from "../../foundation/kafkaNames";
import type { HubIdentity } from "../contract";
import { identify } from "./identities";
import { grant } from "./roles";
import type { Site } from "./site";

export interface HubUserPlace {
    readonly site: Site;
    readonly cluster: ManagedCluster;
    /** By the name of their topic. */
    readonly hubs: Readonly<Record<string, EventHub>>;
}

export interface HubUserArgs extends HubUserPlace {
    readonly user: string;
    readonly asked: HubUser;
}

/**
 * Who a user is, and what it may do with each topic that it is named for. Groups of Kafka's clients are made by their first member, span all topics
 * and are nothing that rights could be given to, unlike the groups that Event Hubs has of its own.
 *
 * @see
 * https://github.com/MicrosoftDocs/azure-docs/blob/11ee015ba3f43d7c48a73da63e3d8858733c8841/articles/event-hubs/apache-kafka-frequently-asked-questions.yml
 */
export function createHubUser(
    name: string,
    { site, cluster, hubs, user, asked }: HubUserArgs,
    child: ChildOptions,
): { readonly identity: HubIdentity; readonly rights: readonly RoleAssignment[] } {
    const { namespace, serviceAccount, produces, consumes } = asked;
    const binding = { namespace, serviceAccount, permissions: [] };
    const resourceName = site.naming("identity", "kafka", user);
    const { identity, described } = identify(name, { site, cluster, binding, resourceName }, child);
    const whom = { principal: identity.principalId, kind: "ServicePrincipal" } as const;
    const on = (topic: string): pulumi.Output<string> => {
        const hub = hubs[topic];
        if (hub === undefined) throw new RangeError(`${user} is to use ${topic}, of which there is no hub`);
        return hub.id;
    };
    const rights = [
        ...produces.map((topic) => {
            const right = { ...whom, role: "eventSender", scope: on(topic) } as const;
            return grant(`${name}-sends-${topic}`, site, right, child);
        }),
        ...consumes.map((topic) => {
            const right = { ...whom, role: "eventReceiver", scope: on(topic) } as const;
            return grant(`${name}-receives-${topic}`, site, right, child);
        }),
    ];
    const clientId = pulumi.all([identity.clientId, pulumi.all(rights.map(({ id }) => id))]).apply(([own]) => own);
    return { identity: { ...described, clientId }, rights };
}
