import { z } from "zod";
import { count, distinct, dnsLabel, ipRange } from "../../settings/fields";
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
import { defaultMachines, machineNames } from "./machines";
import { kubernetesVersions, retentionDays } from "./rules";

/** Regions of the partition `aws`, whose ARNs the program writes; China, GovCloud and the European sovereign cloud have their own. */
const region = z.string().regex(/^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/, {
    error: "must be a region such as eu-central-1, in neither China nor GovCloud",
});

const network = z
    .strictObject({
        cidr: ipRange().meta({
            description: "range of the VPC: nodes and pods get their addresses from it",
            examples: ["10.20.0.0/16"],
        }),
        serviceCidr: ipRange()
            .default("10.4.0.0/14")
            .meta({
                description: "range of service addresses, which exist in the cluster only",
                examples: ["10.4.0.0/14"],
            }),
        joined: joinedNetworks(),
        natGateways: z
            .enum(["perZone", "single"])
            .default("perZone")
            .meta({
                description:
                    "one way out for each zone, or a cheaper one that all share and that one zone can take down",
                examples: ["perZone"],
            }),
    })
    .meta({ description: "the VPC" });

const addonVersion = (name: string, initial: string) =>
    z
        .string()
        .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, { error: `must be a version of EKS, such as ${initial}` })
        .default(initial)
        .meta({ description: `version of the ${name} add-on`, examples: [initial] });

/**
 * Add-ons are pinned, not asked for at each preview: a preview of the same commit says the same next month, and an upgrade is a change that
 * somebody reviews. The first two are those that AWS lists for 1.36; of the next three EKS offered these for 1.36 at the same time. That of
 * metrics-server is what `aws eks describe-addon-versions --kubernetes-version 1.36` gave as the default on 2026-10-07, by two public
 * programs that pin it with 1.36: no page of AWS's lists its versions. That of the snapshot controller is what the same command gave a
 * public program for its cluster of 1.36, which it then ran and restored a volume with on 2026-09-26.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managing-kube-proxy.html
 * @see https://github.com/kirandevraaj/kubernetes-platform-engineering-gitops/blob/2a013bd37eee85adc5413c55a2fc127011d7e0cd/docs/dr-lab-evidence.md
 */
const addons = z
    .strictObject({
        coreDns: addonVersion("coredns", "v1.14.3-eksbuild.3"),
        kubeProxy: addonVersion("kube-proxy", "v1.36.0-eksbuild.14"),
        vpcCni: addonVersion("vpc-cni", "v1.22.3-eksbuild.1"),
        ebsCsi: addonVersion("aws-ebs-csi-driver", "v1.63.1-eksbuild.1"),
        podIdentity: addonVersion("eks-pod-identity-agent", "v1.3.10-eksbuild.3"),
        metricsServer: addonVersion("metrics-server", "v0.9.0-eksbuild.11"),
        snapshotController: addonVersion("snapshot-controller", "v8.6.0-eksbuild.8"),
    })
    .prefault({})
    .meta({ description: "versions of the cluster's own add-ons, as `aws eks describe-addon-versions` lists them" });

const cores = (of: string, initial: number) =>
    count(0, 100_000).meta({ description: `vCPUs that the account may run at a time as ${of}`, examples: [initial] });

/** @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html (quotas go by the first letter of a machine) */
const coreQuota = z
    .strictObject({
        standard: cores("on-demand Standard machines", 576),
        gpu: cores("on-demand machines of the gpu pool's family, G or P", 64),
        spot: cores("spot Standard machines", 256),
    })
    .optional()
    .meta({
        description: "quotas of the account, as `aws service-quotas` lists them; without them they are not checked",
    });

const principal = z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/, {
    error: "must be the ARN of a role or user",
});

const role = z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, { error: "must be the ARN of a role" });

const repository = z.string().regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, {
    error: "must be a repository name in lower case",
});

/** What a stack says about its part of an AWS account. */
export const awsSettings = z
    .strictObject({
        account: z
            .string()
            .regex(/^\d{12}$/, { error: "must be the twelve digits of an account, in quotes" })
            .meta({
                description: "account that the stack belongs to; a run by anybody else is refused",
                examples: ["123456789012"],
            }),
        region: region.meta({ description: "region that everything is in", examples: ["eu-central-1"] }),
        zones: distinct(z.string())
            .min(3)
            .max(4)
            .meta({
                description: "availability zones, in an order that never changes",
                examples: [["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
            }),
        name: dnsLabel()
            .max(20, { error: "must be at most 20 characters long: it begins the names of everything" })
            .default("tars")
            .meta({ description: "what the names of everything in the account begin with", examples: ["tars"] }),
        network,
        apiAccess: apiAccess(),
        kubernetesVersion: z
            .enum(kubernetesVersions)
            .default("1.36")
            .meta({ description: "Kubernetes version of the cluster and its nodes", examples: ["1.36"] }),
        addons,
        pools: poolSettings({ names: machineNames, defaults: defaultMachines }),
        coreQuota,
        administrators: distinct(principal)
            .default([])
            .meta({
                description:
                    "roles and users that administer the cluster beside whoever creates it, who must not be among them",
                examples: [["arn:aws:iam::123456789012:role/platform-admin"]],
            }),
        access: teamAccess(role, "arn:aws:iam::123456789012:role/tars-developers"),
        identities: identityBindings(),
        karpenter: z
            .boolean()
            .default(false)
            .meta({ description: "true to prepare the roles and the interruption queue that Karpenter needs" }),
        repositories: distinct(repository)
            .min(1)
            .default(["tars-backend"])
            .meta({ description: "image repositories of the stack", examples: [["tars-backend"]] }),
        chartRepositories: distinct(repository)
            .default([])
            .meta({
                description:
                    "names of charts that the stack's registry has a repository for, below charts/ (docs/charts.md)",
                examples: [["cert-manager"]],
            }),
        unusedImageDays: count(1, 3650)
            .default(30)
            .meta({
                description:
                    "days after which an image that nobody pulled is archived; one that still runs cannot be pulled again from there",
                examples: [30],
            }),
        backupDays: count(1, 3650)
            .default(35)
            .meta({ description: "days that nobody can delete or change a backup", examples: [35] }),
        backupCopy: z
            .strictObject({
                region: region.meta({
                    description: "another region than the stack's own",
                    examples: ["eu-west-1"],
                }),
            })
            .optional()
            .meta({
                description:
                    "where backups are copied to as they arrive, as locked as they are; production needs it (docs/aws.md)",
            }),
        followed: z
            .strictObject({
                name: dnsLabel()
                    .max(20, { error: "must be at most 20 characters long, as the names of stacks are" })
                    .meta({ description: "what the other stack has as aws.name", examples: ["tars-production"] }),
            })
            .optional()
            .meta({
                description:
                    "another stack of the account that copies its backups to this stack's region, for a database that follows its (docs/data.md#another-region)",
            }),
        logRetentionDays: logRetentionDays().refine((days) => retentionDays.includes(days), {
            error: `must be one of ${retentionDays.join(", ")}`,
        }),
        auditArchive: z
            .string()
            .regex(/^arn:aws:logs:[a-z0-9-]+:\d{12}:destination:[^:]+$/, {
                error: "must be the ARN of a CloudWatch Logs destination",
            })
            .optional()
            .meta({
                description:
                    "destination in an account of its own, in the stack's region, that keeps audit records of the cluster write-once for at least 365 days",
                examples: ["arn:aws:logs:eu-central-1:111122223333:destination:audit"],
            }),
        trailArchive: z
            .strictObject({
                bucket: z
                    .string()
                    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "must be the name of a bucket" })
                    .meta({ description: "name of the bucket", examples: ["example-audit-trail"] }),
                key: z
                    .string()
                    .regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-z-]+$/, {
                        error: "must be the ARN of a key of KMS",
                    })
                    .meta({
                        description: "the archive's own key, in the bucket's region",
                        examples: ["arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222"],
                    }),
            })
            .optional()
            .meta({
                description:
                    "bucket in an account of its own that keeps CloudTrail's records of this account write-once for at least 365 days; with accountBaseline: managed",
            }),
        dnsZone: dnsZone("zone of names to make"),
        dnsZoneId: z
            .string()
            .regex(/^Z[A-Z0-9]{1,31}$/, { error: "must be the id of a hosted zone" })
            .optional()
            .meta({
                description:
                    "id of the hosted zone dnsZone where another stack of this account makes it; without it this one does",
                examples: ["Z0123456789ABCDEFGHIJ"],
            }),
        accountBaseline: accountBaseline(),
        protection: protection("the platform"),
    })
    .meta({ description: "the AWS account and what the stack has in it" });

export type AwsSettings = z.output<typeof awsSettings>;
