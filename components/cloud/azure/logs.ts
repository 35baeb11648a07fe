import { AzureMonitorWorkspace, DiagnosticSetting } from "@pulumi/azure-native/monitor";
import { Workspace } from "@pulumi/azure-native/operationalinsights";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { keep } from "./protection";
import { placeOf, type Site } from "./site";

export interface LogsArgs {
    readonly site: Site;
    readonly retentionDays: number;
    /** Storage account of another subscription that keeps audit records write-once. @default none */
    readonly archive: string | undefined;
}

/**
 * Where logs, audit records and metrics go. The place of metrics is there to be given to others; what fills it (a collection rule) and what
 * reads it come with observability (part 6), and until then it stays empty.
 */
export class Logs extends TarsComponent {
    readonly workspace: Workspace;
    readonly metrics: AzureMonitorWorkspace;
    readonly archive: string | undefined;

    constructor(name: string, args: LogsArgs, opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">) {
        super("cloud", "Logs", name, opts);
        const child = { parent: this, provider: opts.provider };
        this.archive = args.archive;
        this.workspace = createWorkspace(name, args, child);
        this.metrics = new AzureMonitorWorkspace(
            `${name}-metrics`,
            { ...placeOf(args.site), azureMonitorWorkspaceName: args.site.naming("monitorWorkspace", "metrics") },
            child,
        );
        this.registerOutputs({ workspace: this.workspace.id });
    }
}

function createWorkspace(name: string, { site, retentionDays }: LogsArgs, child: ChildOptions): Workspace {
    const workspace = new Workspace(
        `${name}-workspace`,
        {
            ...placeOf(site),
            workspaceName: site.naming("workspace", "logs"),
            sku: { name: "PerGB2018" },
            retentionInDays: retentionDays,
            features: { disableLocalAuth: true },
        },
        { ...child, ...keep("workspace", site.rules) },
    );
    return workspace;
}

export interface Diagnosed {
    readonly id: pulumi.Input<string>;
    /** Categories that Azure has for this kind, or one of its groups of them. */
    readonly logs: readonly ({ readonly category: string } | { readonly categoryGroup: "audit" | "allLogs" })[];
}

/** Sends what a resource tells about itself to the workspace, and to the archive where there is one. */
export function sendLogs(
    name: string,
    { workspace, archive }: Pick<Logs, "workspace" | "archive">,
    { id, logs }: Diagnosed,
    child: ChildOptions,
): void {
    new DiagnosticSetting(
        `${name}-logs`,
        {
            name: "logs",
            resourceUri: id,
            workspaceId: workspace.id,
            ...(archive !== undefined && { storageAccountId: archive }),
            // A table for each category, with columns of its own, instead of one table for all of Azure.
            logAnalyticsDestinationType: "Dedicated",
            logs: logs.map((chosen) => ({ ...chosen, enabled: true })),
        },
        child,
    );
}
