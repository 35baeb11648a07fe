import { clientSecretKey, type Dashboard, type Login } from "../../foundation/login";
import { loginPath } from "./routes";

/** Folders of the two secrets, and the key of the second. */
export const secretFolders = { client: "/run/secrets/client", session: "/run/secrets/session" } as const;
export const sessionKeyName = "session-key";

/** The cookie of one host: browsers give it to no other, and take it of none. Who runs a dashboard sees it, and could show it at another. @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_name_prefixes */
const cookieName = "__Host-dashboards";

/** Logins that one browser may have under way at a host: pages that fetch several things at once start as many. */
const mostStarted = 5;

/**
 * Arguments of oauth2-proxy. What is right it answers with 200 itself, as Envoy takes no other answer for a yes (`/oauth2/auth` says 202). It
 * believes no `X-Forwarded-*`: the host of a request is in the request.
 *
 * @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.3/docs/docs/configuration/overview.md
 */
export function planArguments(login: Login, dashboards: readonly Dashboard[]): readonly string[] {
    const flags = {
        ...planIssuer(login),
        ...planCookies(login),
        upstream: "static://200",
        "proxy-prefix": loginPath,
        "set-xauthrequest": true,
        "skip-provider-button": true,
        "silence-ping-logging": true,
        // Whose version it is, nobody outside needs to know.
        footer: "-",
    };
    return [
        ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
        ...login.emailDomains.map((domain) => `--email-domain=${domain}`),
        ...groupsOf(dashboards).map((group) => `--allowed-group=${group}`),
    ];
}

/** By default the nonce of a token is not compared with that of the login. */
function planIssuer({ issuer, clientId, groupsClaim, scopes }: Login) {
    return {
        provider: "oidc",
        "oidc-issuer-url": issuer,
        "client-id": clientId,
        "client-secret-file": `${secretFolders.client}/${clientSecretKey}`,
        "oidc-groups-claim": groupsClaim,
        scope: scopes.join(" "),
        "code-challenge-method": "S256",
        "insecure-oidc-skip-nonce": false,
    };
}

/** Sessions are in cookies, without the issuer's tokens: nothing is kept here, and nothing is renewed without a new login. */
function planCookies({ sessionHours }: Login) {
    return {
        "cookie-name": cookieName,
        "cookie-secret-file": `${secretFolders.session}/${sessionKeyName}`,
        "cookie-expire": `${sessionHours}h`,
        "cookie-samesite": "lax",
        "cookie-csrf-per-request": true,
        "cookie-csrf-per-request-limit": mostStarted,
        "session-cookie-minimal": true,
    };
}

/** Who may log in at all: where every dashboard names groups, nobody else has anything to see. */
function groupsOf(dashboards: readonly Dashboard[]): readonly string[] {
    const asked = dashboards.flatMap(({ groups }) => (groups === undefined ? [] : [groups]));
    return asked.length < dashboards.length ? [] : [...new Set(asked.flat())];
}
