import type * as pulumi from "@pulumi/pulumi";
import type { FirewallSettings } from "../../../settings/firewall";

export interface RulesPlan extends FirewallSettings {
    /** Requests that one client address may make in a second. */
    readonly requestsPerSecond: number;
    /** ARN of the set of addresses that no limit holds for; undefined where there are none. */
    readonly exempt: pulumi.Input<string> | undefined;
}

/** Seconds that AWS WAF counts over (`EvaluationWindowSec`): https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const windowSeconds = 300;

/**
 * Groups of rules that AWS keeps up to date, in the order in which they are asked: who is known to be hostile costs least to refuse.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
const groups = {
    reputation: "AWSManagedRulesAmazonIpReputationList",
    knownBad: "AWSManagedRulesKnownBadInputsRuleSet",
    common: "AWSManagedRulesCommonRuleSet",
} as const;

/**
 * Refuses bodies above 8 KB, which documents are: how large a body may be is `edge.requestBytes`, and the gateway's to refuse. Of a larger
 * body AWS WAF sees the beginning.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const bodySize = "SizeRestrictions_BODY";

/** What the web ACL asks of each request, one after the other; what no rule matches comes in. */
export function planRules({ action, counted, ...limit }: RulesPlan) {
    const measured = [bodySize, ...counted.filter((rule) => rule !== bodySize)];
    const rules = [
        planGroup("reputation", action),
        planLimit(limit, action),
        planGroup("knownBad", action),
        planGroup("common", action, measured),
    ];
    return rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visible(rule.name) }));
}

/** In metrics by its name, with samples of what it matched. */
export function visible(metricName: string) {
    return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

type Action = FirewallSettings["action"];

/** A group's rules say themselves what becomes of a request, unless they only count. */
function planGroup(name: keyof typeof groups, action: Action, counted: readonly string[] = []) {
    const ruleActionOverrides = counted.map((rule) => ({ name: rule, actionToUse: { count: {} } }));
    const group = { vendorName: "AWS", name: groups[name], ...(counted.length > 0 && { ruleActionOverrides }) };
    return {
        name,
        overrideAction: action === "count" ? { count: {} } : { none: {} },
        statement: { managedRuleGroupStatement: group },
    };
}

/** The limit of the edge over five minutes: who keeps on asking too much is refused before the gateway has any work with it. */
function planLimit({ requestsPerSecond, exempt }: Pick<RulesPlan, "requestsPerSecond" | "exempt">, action: Action) {
    const tooMany = { block: { customResponse: { responseCode: 429 } } };
    return {
        name: "rate",
        action: action === "count" ? { count: {} } : tooMany,
        statement: {
            rateBasedStatement: {
                aggregateKeyType: "IP",
                evaluationWindowSec: windowSeconds,
                limit: requestsPerSecond * windowSeconds,
                ...(exempt !== undefined && { scopeDownStatement: outside(exempt) }),
            },
        },
    };
}

function outside(arn: pulumi.Input<string>) {
    return { notStatement: { statement: { ipSetReferenceStatement: { arn } } } };
}
