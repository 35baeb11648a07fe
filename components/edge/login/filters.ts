import type { Dashboard } from "../../foundation/login";
import { writtenHosts } from "../callers";
import { type FilterPlan, secureListener } from "../filters";
import { gatewayReference } from "../identity";
import { whoHeaders, whoPrefix } from "./authorizer";
import { loginPath } from "./routes";

/**
 * Takes what only the login may say of a caller out of every request, before anything else reads it: of whom it has nothing to say, such as an
 * account without groups, the caller's own words would otherwise go on. Underscores are taken for hyphens, as some programs do.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/common/mutation_rules/v3/mutation_rules.proto (RemoveOnMatch)
 */
export function planStripping(): FilterPlan {
    const regex = `${whoPrefix.replaceAll("-", "[-_]")}.*`;
    const filter = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
        mutations: { request_mutations: [{ remove_on_match: { key_matcher: { safe_regex: { regex } } } }] },
    };
    const value = { name: "envoy.filters.http.header_mutation", typed_config: filter };
    return {
        targetRefs: [gatewayReference],
        configPatches: [
            {
                applyTo: "HTTP_FILTER",
                match: { context: "GATEWAY", listener: secureListener },
                patch: { operation: "INSERT_FIRST", value },
            },
        ],
    };
}

/**
 * Refuses whoever the login has not named, and at dashboards with groups whoever is in none of them, last of all filters: by then the login has written who
 * it is. It answers 200 also to those who ask for its own files, its health or for robots.txt, and says of them nothing. The filter stands at the listener
 * with TLS, as `planStripping` does: policies of the mesh go by the port that a connection says it was meant for, which whoever writes a PROXY header
 * chooses. They also compare a header with its beginning, its end or all of it, and a group stands anywhere in this one.
 *
 * @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.3/oauthproxy.go (buildServeMux, buildPreAuthChain)
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/rbac/v3/rbac.proto
 */
export function planEntry(dashboards: readonly Dashboard[]): FilterPlan {
    const policies = dashboards.map((dashboard) => [dashboard.name, planOutsiders(dashboard)] as const);
    const filter = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
        rules: { action: "DENY", policies: Object.fromEntries(policies) },
    };
    const { filterChain } = secureListener;
    const router = { filter: { ...filterChain.filter, subFilter: { name: "envoy.filters.http.router" } } };
    return {
        targetRefs: [gatewayReference],
        configPatches: [
            {
                applyTo: "HTTP_FILTER",
                match: { context: "GATEWAY", listener: { ...secureListener, filterChain: router } },
                patch: {
                    operation: "INSERT_BEFORE",
                    value: { name: "dashboard-entry", typed_config: filter },
                },
            },
        ],
    };
}

function planOutsiders({ host, groups }: Dashboard) {
    const names = writtenHosts([host]).map((exact) => header(":authority", { exact, ignore_case: true }));
    const insiders = groups === undefined ? planNamed() : planMembers(groups);
    const rules = [{ or_rules: { rules: names } }, { not_rule: insiders }];
    return { permissions: [{ and_rules: { rules } }], principals: [{ any: true }] };
}

/** Below its own path the login needs to name nobody: the route leads to it there, and to nothing else. */
function planNamed() {
    const own = { url_path: { path: { prefix: `${loginPath}/` } } };
    return { or_rules: { rules: [header(whoHeaders.user, { safe_regex: { regex: ".+" } }), own] } };
}

function planMembers(groups: readonly string[]) {
    return header(whoHeaders.groups, { safe_regex: { regex: memberOf(groups) } });
}

function header(name: string, match: object) {
    return { header: { name, string_match: match } };
}

/** One of the groups among others with commas between them. Envoy compares a regular expression (RE2) with all of a text. */
export function memberOf(groups: readonly string[]): string {
    const any = groups.map((group) => group.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
    return `(.*,)?(${any})(,.*)?`;
}
