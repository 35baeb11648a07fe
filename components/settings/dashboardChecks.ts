import type { Issues } from "../foundation/issues";
import { leadsTo } from "../foundation/pages";
import { platformNamespaces } from "../foundation/platformNamespaces";
import type { LoginSettings } from "./dashboards";
import { pagesOf } from "./pageChecks";
import type { Settings } from "./schema";
import type { Environment } from "./sizing";

type Checked = Pick<Settings, "data" | "edge" | "environment">;

const [dashboardsKey, loginKey] = ["edge.dashboards", "edge.login"];

/** Where everybody whom an issuer knows may see what its owner did not think of. */
const everyAccount: Readonly<Record<Environment, "taken" | "refused">> = {
    dev: "taken",
    staging: "taken",
    production: "refused",
};

/**
 * What the login cannot do without: it answers 500 to an account without an address.
 *
 * @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.3/providers/oidc.go (EnrichSession)
 */
const neededScopes = {
    openid: "without which an issuer says nobody's name",
    email: "without which an issuer says no address, and the login lets nobody in",
} as const;

/** Port that the Internet is called at. */
const httpsPort = "443";

/** Refuses dashboards that anybody could reach, and a login that would let nobody in or everybody. */
export function checkDashboards({ data, edge, environment }: Checked, issues: Issues): void {
    const names = Object.keys(edge.dashboards);
    if (edge.login === undefined) {
        if (names.length > 0) addMissing(names, issues);
        return;
    }
    if (names.length === 0) {
        const words = `is set, but ${dashboardsKey} names none, so that nobody would ever be asked to log in`;
        issues.add(loginKey, words, "name a dashboard, or remove it");
        return;
    }
    checkController(edge, issues);
    checkHosts(edge, issues);
    checkNamespaces({ data, edge }, issues);
    checkLogin(edge.login, issues);
    checkOpen({ edge, environment }, edge.login, issues);
}

function addMissing(names: readonly string[], issues: Issues): void {
    const words = `is missing, but ${dashboardsKey} has ${names.join(", ")}, which nobody reaches without logging in`;
    const fix = `name who logs people in (issuer, clientId, clientSecret, emailDomains: docs/edge.md), or remove ${dashboardsKey}`;
    issues.add(loginKey, words, fix);
}

/**
 * NGINX Gateway Fabric knows basic authentication, and OIDC and tokens as NGINX Plus; of external authorization it knows nothing.
 *
 * @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/apis/v1alpha1/authenticationfilter_types.go
 */
function checkController({ controller }: Settings["edge"], issues: Issues): void {
    if (controller !== "nginx") return;
    const words =
        "is set, but NGINX asks nobody else whether a caller may come in, and logs people in only as NGINX Plus";
    issues.add(dashboardsKey, words, "remove it and edge.login, or set edge.controller to istio");
}

/** At a host of the application nobody is asked to log in, and at one of a dashboard nobody is asked for a token: no host may be both. */
function checkHosts({ dashboards, otherHosts }: Settings["edge"], issues: Issues): void {
    for (const [name, { host }] of Object.entries(dashboards)) {
        const index = otherHosts.findIndex((other) => other.startsWith("*.") && host.endsWith(other.slice(1)));
        const above = otherHosts[index];
        if (above === undefined) continue;
        const words = `is ${host}, for which edge.otherHosts.${index} (${above}) answers too`;
        issues.add(`${dashboardsKey}.${name}.host`, words, `name the application's hosts in place of ${above}`);
    }
}

/** What the platform runs for itself asks nobody who they are, and the gateway is let at whatever answers at the port there. Pages of its own are for people, where the stack has them. */
function checkNamespaces({ data, edge: { dashboards } }: Pick<Checked, "data" | "edge">, issues: Issues): void {
    const pages = pagesOf(data);
    for (const [name, dashboard] of Object.entries(dashboards)) {
        const { namespace } = dashboard;
        if (!platformNamespaces.some((own) => own === namespace)) continue;
        if (pages.some((page) => leadsTo(page, dashboard))) continue;
        const words = `is ${namespace}, which is the platform's own: what runs there is not for people`;
        const fix = "run the dashboard in a namespace of its own";
        issues.add(`${dashboardsKey}.${name}.namespace`, words, fix);
    }
}

function checkLogin({ issuer, issuerRanges, emailDomains, scopes }: LoginSettings, issues: Issues): void {
    const { port } = new URL(issuer);
    if (issuerRanges === undefined && port !== "" && port !== httpsPort) {
        const words = `is ${issuer}, but the Internet is called at port ${httpsPort} only`;
        issues.add(`${loginKey}.issuer`, words, `name the addresses that it answers at in ${loginKey}.issuerRanges`);
    }
    if (emailDomains.includes("*") && emailDomains.length > 1) {
        const words = "has * beside domains, which lets in every account of the issuer";
        issues.add(`${loginKey}.emailDomains`, words, "remove *, or the domains");
    }
    for (const [scope, without] of Object.entries(neededScopes)) {
        if (!scopes.includes(scope)) issues.add(`${loginKey}.scopes`, `lacks ${scope}, ${without}`, `add ${scope}`);
    }
}

function checkOpen(
    { edge, environment }: Pick<Checked, "edge" | "environment">,
    { emailDomains }: LoginSettings,
    issues: Issues,
): void {
    if (everyAccount[environment] === "taken" || !emailDomains.includes("*")) return;
    for (const [name, { groups }] of Object.entries(edge.dashboards)) {
        if (groups !== undefined) continue;
        const words = `is missing, and ${loginKey}.emailDomains is *: every account of the issuer would enter, in ${environment} too`;
        issues.add(`${dashboardsKey}.${name}.groups`, words, `name groups, or the domains in ${loginKey}.emailDomains`);
    }
}

/** What a cluster that is given has to bring secrets from; the clouds have stores of their own. */
export type Store = "vault" | "none";

/** Refuses a client's secret that could not be brought. */
export function checkClientSecret(store: Store, { edge }: Pick<Settings, "edge">, issues: Issues): void {
    const secret = edge.login?.clientSecret;
    if (secret?.from !== "store") return;
    const place = `${loginKey}.clientSecret`;
    if (store === "none") {
        const fix =
            "name a store in cluster.secretStore, or a Secret of namespace oauth2-proxy: { from: secret, name: dashboards-client }";
        issues.add(`${place}.from`, "is store, but the stack has no store of secrets", fix);
    } else if (secret.property === undefined) {
        const words = "is missing, and an entry of a Vault has keys, of which it is one";
        issues.add(`${place}.property`, words, "name the key that holds the client's secret");
    }
}
