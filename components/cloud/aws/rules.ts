import type { MigProfiles } from "../common/rules";

/**
 * Kubernetes versions that the pins of the add-ons are for, each with the cluster autoscaler's own of that version.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html (1.36 is the newest of standard support)
 * @see https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-1.36.1
 */
export const scalerVersions = { "1.36": "v1.36.1" } as const;
export const kubernetesVersions = ["1.36"] as const satisfies readonly (keyof typeof scalerVersions)[];

/**
 * Of the periods that CloudWatch Logs knows, those that the platform allows.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const retentionDays: readonly number[] = [365, 400, 545];

/** Sizes of a VPC. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const vpcPrefix = { shortest: 16, longest: 28 } as const;

/** Sizes of the range of service addresses. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
export const servicePrefix = { shortest: 12, longest: 24 } as const;

/**
 * Slices that NVIDIA cuts the GPUs of AWS's machines into, of those that the settings name. The A100 of p4d has 40 GB and other slices; T4 and A10G have none.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
export const migProfiles: MigProfiles = {
    H100: ["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb"],
};

/** Who makes load balancers: what AWS calls the service where it works by itself. */
export const balancerService = "elasticloadbalancing.amazonaws.com";

/**
 * ARN of the role by which that service works in an account. The account's first load balancer makes it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
 */
export function balancerServiceRole(account: string): string {
    return `arn:aws:iam::${account}:role/aws-service-role/${balancerService}/AWSServiceRoleForElasticLoadBalancing`;
}
