import type { Case } from "./case";

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const once = "name a group once, in the role it needs";

export const peopleOnAws: readonly Case[] = [
    [
        "nobody named for a role",
        { "aws.access.groups.developers": [] },
        "aws.access.groups.developers: must be at least 1 entries long, got []",
    ],
    [
        "a role named twice",
        { "aws.access.groups.viewers": [role("ci"), role("ci")] },
        "aws.access.groups.viewers: must not name anything twice",
    ],
    [
        "a principal in two roles, of which EKS takes one entry",
        { "aws.access.groups.viewers": [role("tars-developers")] },
        `aws.access.groups.viewers.0: is ${role("tars-developers")}, and aws.access.groups.developers.0 names it already\n      fix: ${once}`,
    ],
    [
        "an administrator who is to be a developer",
        { "aws.administrators": [role("admin")], "aws.access.groups.developers": [role("admin")] },
        `aws.access.groups.developers.0: is ${role("admin")}, and aws.administrators.0 names it already`,
    ],
    [
        "two roles that a slash tells apart",
        { "aws.access.groups.developers": [role("team/a")], "aws.access.groups.viewers": [role("team-a")] },
        `aws.access.groups.viewers.0: is ${role("team-a")}, which passes for ${role("team/a")}`,
    ],
    [
        "a user where a role is asked for",
        { "aws.access.groups.developers": ["arn:aws:iam::123456789012:user/ana"] },
        "aws.access.groups.developers.0: must be the ARN of a role",
    ],
    [
        "a team that there is not",
        { "aws.access.groups.developer": [role("a")] },
        'aws.access.groups.developer: is no setting\n      fix: did you mean "developers"?',
    ],
];

export const peopleOnAzure: readonly Case[] = [
    [
        "nobody named for emergencies",
        { "azure.access.groups.breakGlass": [] },
        "azure.access.groups.breakGlass: must be at least 1 entries long, got []",
    ],
    [
        "a group by its name",
        { "azure.access.groups.developers": ["tars-developers"] },
        "azure.access.groups.developers.0: must be a UID",
    ],
    [
        "a group in two roles, whatever its letters",
        {
            "azure.access.groups.breakGlass": ["AAAAAAAA-2222-2222-2222-222222222222"],
            "azure.access.groups.viewers": ["aaaaaaaa-2222-2222-2222-222222222222"],
        },
        "azure.access.groups.viewers.0: is aaaaaaaa-2222-2222-2222-222222222222, which passes for AAAAAAAA-2222-2222-2222-222222222222, and azure.access.groups.breakGlass.0 names it already",
    ],
    [
        "administrators who are to be viewers",
        { "azure.access.groups.viewers": ["00000000-0000-0000-0000-000000000000"] },
        "and azure.adminGroups.0 names it already",
    ],
];

export const peopleOnDev: readonly Case[] = [
    [
        "no group named for a role",
        { "cluster.access.groups.viewers": [] },
        "cluster.access.groups.viewers: must be at least 1 entries long, got []",
    ],
    [
        "a group named twice",
        { "cluster.access.groups.viewers": ["oidc:all", "oidc:all"] },
        "cluster.access.groups.viewers: must not name anything twice",
    ],
    [
        "a group in two roles",
        { "cluster.access.groups": { developers: ["oidc:tars"], viewers: ["oidc:all", "oidc:tars"] } },
        "cluster.access.groups.viewers.1: is oidc:tars, and cluster.access.groups.developers.0 names it already",
    ],
    [
        "a group that stands for whoever logs in",
        { "cluster.access.groups.viewers": ["system:authenticated"] },
        "cluster.access.groups.viewers.0: must be the name of a group, none of Kubernetes' own (system:...)",
    ],
];
