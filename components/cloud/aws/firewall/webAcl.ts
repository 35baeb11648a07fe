import { LogGroup } from "@pulumi/aws/cloudwatch";
import { IpSet, WebAcl, WebAclLoggingConfiguration } from "@pulumi/aws/wafv2";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../../foundation/component";
import type { FirewallSettings } from "../../../settings/firewall";
import type { Settings } from "../../../settings/schema";
import type { AwsAccount } from "../account";
import { planRules, visible } from "./rules";

export interface AclPlan {
    readonly account: AwsAccount;
    readonly edge: Settings["edge"];
    readonly firewall: FirewallSettings;
    /** Key that encrypts the record. */
    readonly key: pulumi.Output<string>;
}

export interface AclMade {
    readonly arn: pulumi.Output<string>;
    /** What writes down whom it refused: callers wait for it. */
    readonly logging: pulumi.Resource;
}

/** For load balancers and not for CloudFront: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
const scope = "REGIONAL";

/** What the firewall refuses, and the record of it. */
export function createAcl(name: string, plan: AclPlan, parent: pulumi.Resource): AclMade {
    const { account, edge, firewall } = plan;
    const child = account.child(parent);
    const physical = aclName(account);
    const { requestsPerSecond } = edge.rateLimit;
    const rules = planRules({ ...firewall, requestsPerSecond, exempt: createExempt(name, plan, child)?.arn });
    const args = {
        name: physical,
        description: "What comes to the gateway from outside",
        scope,
        defaultAction: { allow: {} },
        rules,
        visibilityConfig: visible(physical),
        tags: account.tags(physical),
    };
    const { arn } = new WebAcl(`${name}-acl`, args, child);
    return { arn, logging: createLogging(name, plan, arn, parent) };
}

/** Name of the stack's web ACL, and of what is made for it. */
function aclName({ section }: AwsAccount): string {
    return `${section.name}-edge`;
}

function createExempt(name: string, { account, edge }: AclPlan, child: ChildOptions): IpSet | undefined {
    const { exempt } = edge.rateLimit;
    if (exempt.length === 0) return undefined;
    const physical = `${aclName(account)}-exempt`;
    const args = { name: physical, scope, ipAddressVersion: "IPV4", addresses: [...exempt] };
    return new IpSet(`${name}-exempt`, { ...args, tags: account.tags(physical) }, child);
}

/**
 * The group's name begins as AWS WAF demands; it lets itself write there. Headers that say who a caller is are left out of the record.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
 */
function createLogging(
    name: string,
    { account, edge, key }: AclPlan,
    acl: pulumi.Output<string>,
    parent: pulumi.Resource,
): WebAclLoggingConfiguration {
    const physical = `aws-waf-logs-${aclName(account)}`;
    const { logRetentionDays: retentionInDays } = account.section;
    const args = { name: physical, retentionInDays, kmsKeyId: key, tags: account.tags(physical) };
    const group = new LogGroup(`${name}-log`, args, account.kept("logGroup", parent));
    const headers = new Set(["authorization", "cookie", edge.authentication?.header ?? "authorization"]);
    const redactedFields = [...headers].map((header) => ({ singleHeader: { name: header } }));
    const logged = { resourceArn: acl, logDestinationConfigs: [group.arn], redactedFields };
    return new WebAclLoggingConfiguration(`${name}-logging`, logged, account.child(parent));
}
