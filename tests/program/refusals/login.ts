import { login, loginEdge } from "../loginStack";
import type { Case } from "./case";

const { dashboards } = loginEdge("tars.local");
const secret = { from: "secret", name: "dashboards-client" } as const;
const asked = { "edge.dashboards": dashboards, "edge.login": { ...login, clientSecret: secret } } as const;

const one = (changes: object) => ({
    ...asked,
    "edge.dashboards": {
        grafana: { host: "grafana.tars.local", namespace: "a", service: "grafana", port: 80, ...changes },
    },
});
const by = (changes: object) => ({ ...asked, "edge.login": { ...asked["edge.login"], ...changes } });

export const loginOnDev: readonly Case[] = [
    [
        "dashboards that anybody would reach",
        { "edge.dashboards": dashboards },
        "edge.login: is missing, but edge.dashboards has grafana, kibana, kafka, which nobody reaches without logging in\n      fix: name who logs people in (issuer, clientId, clientSecret, emailDomains: docs/edge.md), or remove edge.dashboards",
    ],
    [
        "a login before nothing",
        { "edge.login": asked["edge.login"] },
        "edge.login: is set, but edge.dashboards names none, so that nobody would ever be asked to log in\n      fix: name a dashboard, or remove it",
    ],
    [
        "dashboards at NGINX",
        { ...asked, "edge.controller": "nginx" },
        "edge.dashboards: is set, but NGINX asks nobody else whether a caller may come in, and logs people in only as NGINX Plus\n      fix: remove it and edge.login, or set edge.controller to istio",
    ],
    [
        "a dashboard at the host of the application",
        one({ host: "tars.local" }),
        'edge.dashboards.grafana.host: is "tars.local", which edge.host is already',
    ],
    [
        "a dashboard among the hosts of the application",
        { ...one({}), "edge.otherHosts": ["*.example.com", "*.tars.local"] },
        "edge.dashboards.grafana.host: is grafana.tars.local, for which edge.otherHosts.1 (*.tars.local) answers too\n      fix: name the application's hosts in place of *.tars.local",
    ],
    [
        "a dashboard two levels below a host of the application",
        { ...one({ host: "grafana.eu.tars.local" }), "edge.otherHosts": ["*.tars.local"] },
        "edge.dashboards.grafana.host: is grafana.eu.tars.local, for which edge.otherHosts.0 (*.tars.local) answers too\n      fix: name the application's hosts in place of *.tars.local",
    ],
    [
        "a dashboard beside the platform's own",
        one({ namespace: "oauth2-proxy" }),
        "edge.dashboards.grafana.namespace: is oauth2-proxy, which is the platform's own: what runs there is not for people\n      fix: run the dashboard in a namespace of its own",
    ],
    [
        "a dashboard by a name that nothing may have",
        { ...asked, "edge.dashboards": { "My Grafana": dashboards } },
        "edge.dashboards.My Grafana: must go by a name of at most 40 lower-case letters, digits and hyphens",
    ],
    ["a dashboard at many hosts", one({ host: "*.tars.local" }), "edge.dashboards.grafana.host: must be"],
    [
        "a dashboard without a host",
        one({ host: undefined }),
        'edge.dashboards.grafana.host: is missing\n      fix: give host that it answers for, for example host: "grafana.tars.local"',
    ],
    [
        "a group that could not be told from two",
        one({ groups: ["a,b"] }),
        "edge.dashboards.grafana.groups.0: must be the name of a group, without commas and quotes",
    ],
    [
        "a dashboard for no group",
        one({ groups: [] }),
        "edge.dashboards.grafana.groups: must be at least 1 entries long",
    ],
    [
        "a secret of a store that there is not",
        by({ clientSecret: login.clientSecret }),
        "edge.login.clientSecret.from: is store, but the stack has no store of secrets\n      fix: name a store in cluster.secretStore, or a Secret of namespace oauth2-proxy",
    ],
    [
        "an entry of a Vault without its key",
        {
            ...by({ clientSecret: login.clientSecret }),
            "cluster.secretStore": { kind: "vault", server: "https://vault.example.com", path: "kv", role: "tars" },
        },
        "edge.login.clientSecret.property: is missing, and an entry of a Vault has keys",
    ],
    [
        "the secret itself",
        by({ clientSecret: { from: "value", value: "s3cret" } }),
        'edge.login.clientSecret.from: must be "store" or "secret"',
    ],
    [
        "an issuer that is called without TLS",
        by({ issuer: "http://login.example.com" }),
        "edge.login.issuer: must be a URL that begins with https://",
    ],
    [
        "an issuer of the Internet at a port of its own",
        by({ issuer: "https://login.company.org:8443" }),
        "edge.login.issuer: is https://login.company.org:8443, but the Internet is called at port 443 only\n      fix: name the addresses that it answers at in edge.login.issuerRanges",
    ],
    ["a login for nobody", by({ emailDomains: [] }), "edge.login.emailDomains: must be at least 1 entries long"],
    [
        "a login for everybody, and for some",
        by({ emailDomains: ["*", "company.org"] }),
        "edge.login.emailDomains: has * beside domains, which lets in every account of the issuer",
    ],
    ["a login that asks for no name", by({ scopes: ["email"] }), "edge.login.scopes: lacks openid"],
    [
        "a login that asks for no address",
        by({ scopes: ["openid", "profile"] }),
        "edge.login.scopes: lacks email, without which an issuer says no address, and the login lets nobody in\n      fix: add email",
    ],
];

export const loginOnAzure: readonly Case[] = [
    [
        "a dashboard for every account of an issuer",
        {
            "edge.dashboards": loginEdge("tars.example.com").dashboards,
            "edge.login": { ...login, emailDomains: ["*"] },
        },
        "edge.dashboards.grafana.groups: is missing, and edge.login.emailDomains is *: every account of the issuer would enter, in production too\n      fix: name groups, or the domains in edge.login.emailDomains",
    ],
    [
        "a dashboard outside of the stack's zone",
        { "edge.dashboards": loginEdge("example.org").dashboards, "edge.login": login },
        "edge.dashboards.grafana.host: is grafana.example.org, which is no name of the stack's zone tars.example.com",
    ],
    [
        "a dashboard at any name",
        {
            "edge.dashboards": { any: { host: "*.tars.example.com", namespace: "a", service: "b", port: 80 } },
            "edge.login": login,
        },
        "edge.dashboards.any.host: must be",
    ],
];
