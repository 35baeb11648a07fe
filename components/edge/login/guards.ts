import type { Dashboard } from "../../foundation/login";
import { writtenHosts } from "../callers";
import { gatewayPorts, gatewayReference } from "../identity";
import { authorizerName } from "./authorizer";

/**
 * Everything but plain HTTP, which only sends on. It is named by what it is not: a load balancer may say of a connection that it was meant for another
 * port than the gateway's own, and such a request is asked too. Whoever says that it was meant for this one (PROXY protocol) is not asked, and still goes
 * no further: at the listener with TLS nobody enters whom the login has not named (`planEntry`).
 */
const secure = { notPorts: [`${gatewayPorts.http}`] } as const;

/**
 * Asks the login about every request to a dashboard, whatever its path. Istio refuses everybody where it cannot make sense of the provider.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/security/authz/builder/builder.go (getBadCustomDenyRules)
 */
export function planAsking(dashboards: readonly Dashboard[]) {
    const hosts = writtenHosts(dashboards.map(({ host }) => host));
    return {
        targetRefs: [gatewayReference],
        action: "CUSTOM",
        provider: { name: authorizerName },
        rules: [{ to: [{ operation: { hosts, ...secure } }] }],
    };
}
