import type { Labels, Ownership } from "../../foundation/labels";
import { platformTags } from "../common/tags";
import { clusterName } from "./names";
import type { AwsSettings } from "./settings";

/**
 * Tags of a resource: its name, as the console shows it, and whose it is. AWS has no provider-wide tags here, because a plan must show them.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 */
export function tagsOf(name: string, ownership: Ownership): Labels {
    return { Name: name, ...platformTags(ownership) };
}

/**
 * Key of the tag, `owned` its value, by which controllers inside a cluster know what of the account is the cluster's, and by which their rights
 * end there.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/deploy/installation.md#configure-iam
 */
export function clusterTag(section: AwsSettings): string {
    return `kubernetes.io/cluster/${clusterName(section)}`;
}

/** Marks all that the load balancer controller may change. @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/pkg/deploy/tracking/provider.go */
export const balancerMark = "elbv2.k8s.aws/cluster";
