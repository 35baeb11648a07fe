import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource, merge, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const roles = "/subscriptions/sample/providers/Microsoft.Authorization/roleDefinitions";
const contributor = `${roles}/b24988ac-6180-42a0-ab88-20f7382dd24c`;

const compliantAssignment = {
    principalId: "sample",
    principalType: "ServicePrincipal",
    roleDefinitionId: contributor,
    scope: "/subscriptions/sample/resourceGroups/sample",
} as const;

const assignment = (change: Mapping = {}): Resource =>
    cloudResource("azure-native:authorization:RoleAssignment", merge(compliantAssignment, change));
const role = (permission: Mapping): Resource =>
    cloudResource("azure-native:authorization:RoleDefinition", { permissions: [permission] });
const credential = (subject?: string): Resource =>
    cloudResource("azure-native:managedidentity:FederatedIdentityCredential", {
        ...(subject !== undefined && { subject }),
        audiences: ["api://AzureADTokenExchange"],
    });
const account = kubernetesResource("core/v1", "ServiceAccount", { metadata: { name: "api", namespace: "shop" } });

const wide = { scope: "/subscriptions/sample" } as const;
const trusting = (subject?: string): Sample => sampleOf(credential(subject), account);

const tooWide = "scope is a whole subscription or more, for a role that may do nearly everything";

const failing: readonly FailingSample[] = [
    { sample: sampleOf(assignment(wide)), problem: tooWide },
    {
        sample: sampleOf(assignment({ ...wide, roleDefinitionId: `${roles}/8E3AF657-A8FF-443C-A75C-2FE8C4BCB635` })),
        problem: tooWide,
    },
    {
        sample: sampleOf(assignment({ ...wide, roleDefinitionId: `${roles}/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9` })),
        problem: tooWide,
    },
    {
        sample: sampleOf(
            assignment({ principalType: null, scope: "/providers/Microsoft.Management/managementGroups/sample" }),
        ),
        problem: tooWide,
    },
    { sample: sampleOf(role({ actions: ["Microsoft.Storage/*", "*"] })), problem: "actions[1] is every action" },
    { sample: sampleOf(role({ dataActions: ["*"] })), problem: "dataActions[0] is every action" },
    { sample: trusting("system:serviceaccount:shop:*"), problem: "subject is not exactly one account" },
    { sample: trusting("repo:shop/*"), problem: "subject is not exactly one account" },
    { sample: trusting(), problem: "subject is not exactly one account" },
    {
        sample: trusting("system:serviceaccount:shop:web"),
        problem: "subject is of a service account that is not there",
    },
    {
        sample: trusting("system:serviceaccount:store:api"),
        problem: "subject is of a service account that is not there",
    },
];

export const workloadRightSamples = {
    passing: [
        sampleOf(
            assignment({ ...wide, roleDefinitionId: `${roles}/acdd72a7-3385-48ef-bd42-f606fba81ae7` }),
            assignment(),
            credential("system:serviceaccount:shop:api"),
            account,
        ),
        sampleOf(assignment({ ...wide, principalType: "Group" })),
        sampleOf(role({ actions: ["Microsoft.Storage/*"] })),
        sampleOf(credential("system:serviceaccount:backup:velero")),
        sampleOf(credential("repo:shop/api:ref:refs/heads/main")),
    ],
    failing,
} as const;
