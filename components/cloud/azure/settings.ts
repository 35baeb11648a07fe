import { z } from "zod";
import { count, distinct, ipRange } from "../../settings/fields";
import { poolSettings } from "../common/poolSettings";
import {
    accountBaseline,
    apiAccess,
    dnsZone,
    identityBindings,
    joinedNetworks,
    logRetentionDays,
    protection,
} from "../common/settings";
import { teamAccess } from "../common/teams";
import { firewallSettings } from "./firewall/settings";
import { defaultMachines, machineNames } from "./machines";
import { zoneIdForm } from "./zone";

/** The GUID that Microsoft's documentation has in the place of ids that only an owner knows. */
const example = "00000000-0000-0000-0000-000000000000";

const guid = (description: string) => z.guid().meta({ description, examples: [example] });

const egress = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: z.literal("natGateway"),
        }),
        z.strictObject({
            kind: z.literal("firewall"),
            nextHop: z.ipv4({ error: "must be an IPv4 address" }).meta({
                description: "private address of the firewall that all traffic to the outside goes through",
                examples: ["10.100.0.4"],
            }),
        }),
    ])
    .default({ kind: "natGateway" })
    .meta({ description: "how nodes reach the outside: a gateway of this stack, or a firewall that is there" });

const network = z
    .strictObject({
        cidr: ipRange().meta({ description: "range of the virtual network", examples: ["10.20.0.0/16"] }),
        podCidr: ipRange()
            .default("10.0.0.0/14")
            .meta({ description: "range of the pods, which exists in the cluster only", examples: ["10.0.0.0/14"] }),
        serviceCidr: ipRange()
            .default("10.4.0.0/14")
            .meta({ description: "range of the services, in the cluster only", examples: ["10.4.0.0/14"] }),
        joined: joinedNetworks(),
        egress,
    })
    .meta({ description: "the virtual network" });

const maintenance = z
    .strictObject({
        day: z
            .enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
            .default("Sunday")
            .meta({ description: "day on which Azure may upgrade the cluster and its nodes", examples: ["Sunday"] }),
        startTime: z
            .string()
            .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time in quotes, such as "01:00"' })
            .default("01:00")
            .meta({ description: "when it may begin, in UTC", examples: ["01:00"] }),
        // https://learn.microsoft.com/azure/aks/planned-maintenance: a window lasts at least four hours.
        hours: count(4, 24)
            .default(4)
            .meta({ description: "hours that it may last", examples: [4] }),
    })
    .prefault({})
    .meta({ description: "when Azure upgrades the cluster and its nodes" });

const coreQuota = z
    .strictObject({
        regular: count(1, 1_000_000).meta({ description: "Total Regional vCPUs", examples: [400] }),
        spot: count(0, 1_000_000)
            .default(0)
            .meta({ description: "Total Regional Spot vCPUs", examples: [200] }),
    })
    .optional()
    .meta({
        description: "quotas of the subscription in the region (az vm list-usage); without them nothing is compared",
        examples: [{ regular: 400, spot: 200 }],
    });

/**
 * What a stack says about its place in Azure.
 *
 * The version is one that AKS supports until June 2027 (release calendar of
 * https://github.com/MicrosoftDocs/azure-aks-docs/blob/f988e7e8b023581e9e736cefa17b035a02e7b686/articles/aks/supported-kubernetes-versions.md).
 */
export const azureSettings = z
    .strictObject({
        // Ten characters leave room in the shortest names, which end in a purpose and eight characters of a hash.
        name: z
            .string()
            .regex(/^[a-z][a-z0-9]{1,9}$/, {
                error: "must be 2 to 10 lower-case letters and digits, beginning with a letter",
            })
            .default("tars")
            .meta({ description: "what names in Azure begin with", examples: ["tars"] }),
        subscription: guid("subscription that everything is made in"),
        tenant: guid("Entra tenant of the subscription"),
        region: z
            .string()
            .regex(/^[a-z]+[0-9]?$/, { error: "must be a region as Azure writes it, such as westeurope" })
            .meta({ description: "region that everything is made in", examples: ["westeurope"] }),
        zones: distinct(z.enum(["1", "2", "3"]))
            .min(1)
            .default(["1", "2", "3"])
            .meta({ description: "availability zones of the nodes", examples: [["1", "2", "3"]] }),
        network,
        apiAccess: apiAccess(),
        kubernetesVersion: z
            .string()
            .regex(/^1\.\d{2}$/, {
                error: 'must be a minor version in quotes, such as "1.36": AKS keeps it at its newest patch',
            })
            .default("1.36")
            .meta({ description: "minor version of Kubernetes", examples: ["1.36"] }),
        adminGroups: distinct(guid("Entra group"))
            .min(1)
            .meta({
                description: "Entra groups whose members administer the cluster: whoever deploys must be in one",
                examples: [[example]],
            }),
        access: teamAccess(z.guid(), "22222222-2222-2222-2222-222222222222"),
        pools: poolSettings({ names: machineNames, defaults: defaultMachines }),
        coreQuota,
        identities: identityBindings(),
        maintenance,
        backupDays: count(1, 3650)
            .default(35)
            .meta({
                description:
                    "days that nobody can delete or change a backup, once the policy is locked (docs/azure.md)",
                examples: [35],
            }),
        logRetentionDays: logRetentionDays(),
        auditArchive: z
            .string()
            .regex(
                /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]+$/,
                {
                    error: "must be the id of a storage account",
                },
            )
            .optional()
            .meta({
                description:
                    "storage account in a subscription of its own, in the stack's region, that keeps audit records write-once for at least 365 days",
                examples: [
                    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/audit/providers/Microsoft.Storage/storageAccounts/tarsaudit",
                ],
            }),
        auditReads: z
            .boolean()
            .default(true)
            .meta({ description: "true to keep audit records of reads too, which are most of them" }),
        dnsZone: dnsZone("public zone for the platform's hosts"),
        firewall: firewallSettings,
        dnsZoneId: z
            .string()
            .regex(zoneIdForm, { error: "must be the id of a DNS zone" })
            .optional()
            .meta({
                description:
                    "id of the zone dnsZone where another stack of this subscription makes it; without it this one does",
                examples: [
                    `/subscriptions/${example}/resourceGroups/tars-production/providers/Microsoft.Network/dnszones/tars.example.com`,
                ],
            }),
        defender: z.boolean().default(true).meta({
            description: "false to do without Defender's sensor on every node, which has a price for each core",
        }),
        azurePolicy: z.boolean().default(true).meta({
            description: "false to do without the Azure Policy add-on, which audits what runs in the cluster",
        }),
        accountBaseline: accountBaseline(),
        protection: protection("data"),
    })
    .meta({ description: "the place in Azure" });

export type AzureSettings = z.output<typeof azureSettings>;
