import type { Dashboard } from "../../foundation/login";
import { writtenHosts } from "../callers";
import { gatewayPorts, gatewayReference } from "../identity";
import { authorizerName, whoHeaders } from "./authorizer";
import { loginPath } from "./routes";

/**
 * Everything but plain HTTP, which only sends on. It is named by what it is not: a load balancer may say of a connection that it was meant for another
 * port than the gateway's own, and such a request is asked too.
 */
const secure = { notPorts: [`${gatewayPorts.http}`] } as const;

const hostsOf = (dashboards: readonly Dashboard[]) => writtenHosts(dashboards.map(({ host }) => host));

/**
 * Asks the login about every request to a dashboard, whatever its path. Istio refuses everybody where it cannot make sense of the provider.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/security/authz/builder/builder.go (getBadCustomDenyRules)
 */
export function planAsking(dashboards: readonly Dashboard[]) {
    return {
        targetRefs: [gatewayReference],
        action: "CUSTOM",
        provider: { name: authorizerName },
        rules: [{ to: [{ operation: { hosts: hostsOf(dashboards), ...secure } }] }],
    };
}

/**
 * Refuses whoever the login let pass without a word of who it is: it answers 200 also to those who ask for its own files, for its health or for
 * robots.txt. Proxies look at such policies after they have asked it, and no caller writes that header (`planStripping`).
 *
 * @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.3/oauthproxy.go (buildServeMux, buildPreAuthChain)
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/networking/core/listener_builder.go (authzCustomBuilder before authzBuilder)
 */
export function planNameless(dashboards: readonly Dashboard[]) {
    const operation = { hosts: hostsOf(dashboards), ...secure, notPaths: [`${loginPath}/*`] };
    const when = [{ key: `request.headers[${whoHeaders.user}]`, notValues: ["*"] }];
    return { targetRefs: [gatewayReference], action: "DENY", rules: [{ to: [{ operation }], when }] };
}
