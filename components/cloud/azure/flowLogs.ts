import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import { FlowLog } from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Logs } from "./logs";
import type { Network } from "./network";
import { flowLogDays } from "./networkLogs";
import { grant } from "./roles";
import { placeOf, type Site } from "./site";
import type { Stores } from "./storage";

export interface FlowLogsArgs {
    readonly site: Site;
    readonly network: Network;
    readonly storage: Stores;
    readonly logs: Logs;
    readonly retentionDays: number;
}

/** Records what flows in the network: every flow in a storage account, and sums of them in the workspace. */
export class FlowLogs extends TarsComponent {
    constructor(
        name: string,
        args: FlowLogsArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "FlowLogs", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, storage } = args;
        // The account has no keys, so whoever writes to it needs an identity.
        const writer = new UserAssignedIdentity(
            `${name}-writer`,
            { ...placeOf(site), resourceName: site.naming("identity", "flow-logs") },
            child,
        );
        const right = { role: "blobContributor", kind: "ServicePrincipal", principal: writer.principalId } as const;
        const allowed = grant(`${name}-right`, site, { ...right, scope: storage.networkLogs.id }, child);
        createFlowLog(name, args, { writer, allowed }, child);
        this.registerOutputs({});
    }
}

/** Azure makes the watcher of a region, in this group and with this name, with the first network that a subscription has there. */
function createFlowLog(
    name: string,
    { site, network, storage, logs, retentionDays }: FlowLogsArgs,
    { writer, allowed }: { readonly writer: UserAssignedIdentity; readonly allowed: pulumi.Resource },
    child: ChildOptions,
): void {
    const { region, tags } = site;
    new FlowLog(
        `${name}-flows`,
        {
            resourceGroupName: "NetworkWatcherRG",
            networkWatcherName: `NetworkWatcher_${region}`,
            flowLogName: site.naming("networkPart", "flows"),
            location: region,
            tags,
            targetResourceId: network.network.id,
            storageId: storage.networkLogs.id,
            enabled: true,
            identity: { type: "UserAssigned", userAssignedIdentities: [writer.id] },
            format: { type: "JSON", version: 2 },
            retentionPolicy: { enabled: true, days: flowLogDays(retentionDays) },
            flowAnalyticsConfiguration: {
                networkWatcherFlowAnalyticsConfiguration: {
                    enabled: true,
                    workspaceResourceId: logs.workspace.id,
                    workspaceRegion: region,
                    trafficAnalyticsInterval: 60,
                },
            },
        },
        // Azure would make the container itself if it were not there.
        { ...child, dependsOn: [allowed, storage] },
    );
}
