import { PolicyAssignment } from "@pulumi/azure-native/authorization";
import { SubscriptionDiagnosticSetting } from "@pulumi/azure-native/monitor";
import { Pricing } from "@pulumi/azure-native/security";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Logs } from "./logs";
import type { Site } from "./site";

export interface BaselineArgs {
    readonly site: Site;
    readonly logs: Logs;
}

/**
 * All that the activity log tells of: who changed what through Resource Manager, rights among it, what policies decided and Defender found, and
 * how Azure itself was. By itself Azure keeps it for 90 days, where nobody can search it.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema#categories
 */
const activity = [
    "Administrative",
    "Security",
    "Policy",
    "Alert",
    "Autoscale",
    "Recommendation",
    "ResourceHealth",
    "ServiceHealth",
] as const;

/**
 * Plans of Defender for Cloud that the platform's kinds of resource fall under. That of containers scans images of every registry of the
 * subscription, on push and then daily.
 *
 * @see https://learn.microsoft.com/rest/api/defenderforcloud/pricings/update
 * @see https://learn.microsoft.com/azure/defender-for-cloud/agentless-vulnerability-assessment-azure
 */
const plans = [
    {
        name: "Containers",
        extensions: [
            "ContainerRegistriesVulnerabilityAssessments",
            "AgentlessDiscoveryForKubernetes",
            "ContainerSensor",
        ],
    },
    { name: "KeyVaults", subPlan: "PerKeyVault", extensions: [] },
    { name: "StorageAccounts", subPlan: "DefenderForStorageV2", extensions: [] },
    { name: "Arm", subPlan: "PerSubscription", extensions: [] },
] as const;

/**
 * Built-in initiatives that only report.
 *
 * @see https://learn.microsoft.com/azure/governance/policy/samples/azure-security-benchmark
 * @see https://learn.microsoft.com/azure/aks/policy-reference
 */
const initiatives = [
    {
        name: "security-benchmark",
        title: "Microsoft cloud security benchmark",
        id: "1f3afdf9-d0c9-4c3d-847f-89da613e70a8",
    },
    { name: "pods-restricted", title: "Pod security restricted", id: "42b8ef37-b724-4e24-bbc8-7a7708edfe00" },
] as const;

/** What there can be one of in a subscription. The stack that the subscription's owner chose keeps it. */
export class Baseline extends TarsComponent {
    constructor(
        name: string,
        { site, logs }: BaselineArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Baseline", name, opts);
        const child = { parent: this, provider: opts.provider };
        keepActivity(name, logs, child);
        createPlans(name, site, child);
        createAssignments(name, site, child);
        this.registerOutputs({});
    }
}

/** To where the cluster's audit goes as well, the archive of another subscription included. */
function keepActivity(name: string, { workspace, archive }: Logs, child: ChildOptions): void {
    new SubscriptionDiagnosticSetting(
        `${name}-activity`,
        {
            name: "tars-activity",
            workspaceId: workspace.id,
            ...(archive !== undefined && { storageAccountId: archive }),
            logs: activity.map((category) => ({ category, enabled: true })),
        },
        child,
    );
}

/** One after the other: Azure refuses to change two plans of a subscription at once. */
function createPlans(name: string, { subscription }: Site, child: ChildOptions): void {
    const made: pulumi.Resource[] = [];
    for (const { name: pricingName, extensions, ...more } of plans) {
        const args = {
            scopeId: `subscriptions/${subscription}`,
            pricingName,
            pricingTier: "Standard",
            extensions: extensions.map((extension) => ({ name: extension, isEnabled: "True" })),
            ...more,
        };
        made.push(new Pricing(`${name}-${pricingName.toLowerCase()}`, args, { ...child, dependsOn: made.slice(-1) }));
    }
}

function createAssignments(name: string, { subscription, naming }: Site, child: ChildOptions): void {
    for (const initiative of initiatives) {
        new PolicyAssignment(
            `${name}-${initiative.name}`,
            {
                scope: `/subscriptions/${subscription}`,
                policyAssignmentName: naming("policyAssignment", initiative.name),
                displayName: initiative.title,
                policyDefinitionId: `/providers/Microsoft.Authorization/policySetDefinitions/${initiative.id}`,
                enforcementMode: "DoNotEnforce",
            },
            child,
        );
    }
}
