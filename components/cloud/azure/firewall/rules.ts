import type { input } from "@pulumi/azure-native/types";
import type { FirewallSettings } from "../../../settings/firewall";
import type { Settings } from "../../../settings/schema";

export interface RulesPlan extends FirewallSettings {
    readonly edge: Pick<Settings["edge"], "rateLimit" | "authentication">;
}

type ManagedRules = input.network.ManagedRulesDefinitionArgs;
type PolicySettings = input.network.PolicySettingsArgs;
type CustomRule = input.network.WebApplicationFirewallCustomRuleArgs;

/** What judges each request, as Azure takes it. */
export interface PolicyPlan {
    readonly policySettings: PolicySettings;
    readonly customRules: CustomRule[];
    readonly managedRules: ManagedRules;
}

/**
 * Groups of Microsoft's default rules, by what the numbers of their rules begin with.
 *
 * @see https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-crs-rulegroups-rules
 */
const ruleGroups = {
    "200": "General",
    "911": "METHOD-ENFORCEMENT",
    "920": "PROTOCOL-ENFORCEMENT",
    "921": "PROTOCOL-ATTACK",
    "930": "LFI",
    "931": "RFI",
    "932": "RCE",
    "933": "PHP",
    "934": "NODEJS",
    "941": "XSS",
    "942": "SQLI",
    "943": "FIX",
    "944": "JAVA",
    "99001": "MS-ThreatIntel-CVEs",
    "99005": "MS-ThreatIntel-WebShells",
    "99030": "MS-ThreatIntel-AppSec",
    "99031": "MS-ThreatIntel-SQLI",
} as const satisfies Readonly<Record<string, string>>;

/** The group that a rule is in, by its number: six digits, or eight of Microsoft's own; undefined where there is no such rule. */
export function groupOfRule(rule: string): string | undefined {
    const [found] = Object.entries(ruleGroups).filter(
        ([start]) => rule.startsWith(start) && /^\d+$/.test(rule) && rule.length === start.length + 3,
    );
    return found?.[1];
}

/**
 * The policy that judges requests before the gateway does. In Detection everything comes in and is written down.
 *
 * How large a body may be is `edge.requestBytes`, and the gateway's to refuse: Azure enforces no size of its own, and looks at the first
 * 128 KB of a body, as in the vendor's own example.
 *
 * @see https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-waf-request-size-limits
 */
export function planPolicy({ action, counted, edge }: RulesPlan): PolicyPlan {
    return {
        policySettings: {
            state: "Enabled",
            mode: action === "count" ? "Detection" : "Prevention",
            requestBodyCheck: true,
            requestBodyInspectLimitInKB: 128,
            requestBodyEnforcement: false,
            fileUploadEnforcement: false,
            logScrubbing: planScrubbing(edge),
        },
        customRules: [planLimit(edge.rateLimit)],
        managedRules: { managedRuleSets: planSets(counted) },
    };
}

/** What says who a caller is stays out of the record. @see https://learn.microsoft.com/azure/web-application-firewall/ag/waf-sensitive-data-protection-configure */
function planScrubbing({ authentication }: RulesPlan["edge"]): input.network.PolicySettingsLogScrubbingArgs {
    const headers = new Set(["authorization", "cookie", authentication?.header ?? "authorization"]);
    const state = "Enabled";
    return {
        state,
        scrubbingRules: [
            ...[...headers].map((selector) => ({
                matchVariable: "RequestHeaderNames",
                selectorMatchOperator: "Equals",
                selector,
                state,
            })),
            { matchVariable: "RequestCookieNames", selectorMatchOperator: "EqualsAny", state },
        ],
    };
}

/** Seconds that are counted over; Azure knows one minute and five: https://learn.microsoft.com/azure/web-application-firewall/ag/rate-limiting-overview */
const windowSeconds = 300;

/** An address that nobody calls from, with which Azure's own example says "everybody else". */
const nobody = "255.255.255.255/32";

/**
 * The limit of the edge over five minutes, for each address: who keeps on asking too much is refused before the gateway has any work with it.
 *
 * @see https://learn.microsoft.com/azure/web-application-firewall/ag/rate-limiting-configure
 */
function planLimit({ requestsPerSecond, exempt }: Settings["edge"]["rateLimit"]): CustomRule {
    const matchVariables = [{ variableName: "RemoteAddr" }];
    const matchValues = exempt.length === 0 ? [nobody] : [...exempt];
    return {
        name: "rate",
        priority: 10,
        ruleType: "RateLimitRule",
        action: "Block",
        state: "Enabled",
        rateLimitDuration: "FiveMins",
        rateLimitThreshold: requestsPerSecond * windowSeconds,
        groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
        matchConditions: [{ matchVariables, operator: "IPMatch", negationConditon: true, matchValues }],
    };
}

/** Rules that Microsoft keeps up to date: against attacks on applications, with those of its own watch, and against known bots. */
function planSets(counted: readonly string[]): input.network.ManagedRuleSetArgs[] {
    const ruleGroupOverrides = planOverrides(counted);
    const overrides = ruleGroupOverrides.length === 0 ? {} : { ruleGroupOverrides };
    return [
        { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1", ...overrides },
        { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
    ];
}

/** Rules that only count, by their groups. */
function planOverrides(counted: readonly string[]): input.network.ManagedRuleGroupOverrideArgs[] {
    return Object.values(ruleGroups).flatMap((ruleGroupName) => {
        const own = counted.filter((rule) => groupOfRule(rule) === ruleGroupName);
        const rules = own.map((ruleId) => ({ ruleId, state: "Enabled", action: "Log" }));
        return rules.length === 0 ? [] : [{ ruleGroupName, rules }];
    });
}
