import { z } from "zod";
import { count, distinct, dnsLabel, hostName, ipRange } from "./fields";

const port = (description: string) => count(1, 65_535).meta({ description, examples: [3000] });

/** They reach the gateway in one line with commas between them. */
const group = z.string().regex(/^[^\s,"]([^,"]*[^\s,"])?$/, {
    error: "must be the name of a group, without commas and quotes",
});

const dashboard = z.strictObject({
    host: hostName().meta({ description: "host that it answers for", examples: ["grafana.tars.local"] }),
    namespace: dnsLabel().meta({ description: "namespace of its Service", examples: ["monitoring"] }),
    service: dnsLabel().meta({ description: "its Service, which answers plain HTTP", examples: ["grafana"] }),
    port: port("port of the Service"),
    podPort: port("port of the pods behind the Service; without it the same").optional(),
    groups: distinct(group)
        .min(1)
        .optional()
        .meta({
            description:
                "groups of whom a member may enter; without it every account that the issuer and emailDomains let log in",
            examples: [["platform-team"]],
        }),
});

/** The name is part of that of its certificate, which is a label's value too. */
const longestName = 40;
const badName = `must go by a name of at most ${longestName} lower-case letters, digits and hyphens`;

export const dashboards = z
    .record(dnsLabel().max(longestName), dashboard, {
        error: ({ code }) => (code === "invalid_key" ? badName : undefined),
    })
    .default({})
    .meta({
        description: "web UIs inside the cluster that people reach from outside once they have logged in, by name",
        examples: [
            { grafana: { host: "grafana.tars.local", namespace: "monitoring", service: "grafana", port: 3000 } },
        ],
    });

const clientSecret = z.discriminatedUnion("from", [
    z.strictObject({
        from: z.literal("store").meta({ description: "an entry of the stack's store of secrets", examples: ["store"] }),
        entry: z
            .string()
            .regex(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, {
                error: "must be the name of an entry: letters, digits and hyphens, which every store takes",
            })
            .meta({ description: "name of the entry, after the stack's own prefix", examples: ["dashboards-client"] }),
        property: z
            .string()
            .regex(/^[A-Za-z0-9_-]+$/, { error: "must be a key of the entry's JSON" })
            .optional()
            .meta({
                description: "key within the entry, where that is JSON; without it the whole entry",
                examples: ["value"],
            }),
    }),
    z.strictObject({
        from: z.literal("secret").meta({ description: "a Secret that somebody puts there", examples: ["secret"] }),
        name: dnsLabel().meta({
            description: "name of the Secret in namespace oauth2-proxy, with the key client-secret",
            examples: ["dashboards-client"],
        }),
    }),
]);

const emailDomain = z.string().regex(/^(\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+)$/, {
    error: "must be a domain in lower case such as example.com, or * for every account of the issuer",
});

const claim = z.string().regex(/^[A-Za-z0-9_.:/-]+$/, { error: "must be the name of a claim" });
const scope = z.string().regex(/^[!#-[\]-~]+$/, { error: "must be a scope without spaces" });

export const login = z
    .strictObject({
        issuer: z
            .url({ protocol: /^https$/ })
            .meta({ description: "OIDC issuer that logs people in", examples: ["https://login.example.com/tars"] }),
        clientId: z
            .string()
            .regex(/^[!-~]+$/, { error: "must be a client id without spaces" })
            .meta({ description: "what the issuer knows the platform as", examples: ["tars-dashboards"] }),
        clientSecret: clientSecret.meta({
            description: "where the secret is that the platform shows the issuer",
            examples: [{ from: "store", entry: "dashboards-client" }],
        }),
        emailDomains: distinct(emailDomain)
            .min(1)
            .meta({
                description: "domains of the e-mail addresses that may log in; * alone for every account of the issuer",
                examples: [["example.com"]],
            }),
        groupsClaim: claim
            .default("groups")
            .meta({ description: "claim that lists the groups of a person", examples: ["groups"] }),
        scopes: distinct(scope)
            .min(1)
            .default(["openid", "email", "profile"])
            .meta({
                description: "what the issuer is asked for; some give groups only where they are asked for them",
                examples: [["openid", "email", "profile", "groups"]],
            }),
        issuerHosts: distinct(hostName())
            .default([])
            .meta({
                description: "further hosts that the issuer's own description names: of tokens, keys and accounts",
                examples: [["oauth2.example.com"]],
            }),
        issuerRanges: distinct(ipRange())
            .min(1)
            .optional()
            .meta({
                description: "addresses that the issuer answers at; without it the Internet, and no private ones",
                examples: [["192.168.20.8/32"]],
            }),
        sessionHours: count(1, 168)
            .default(8)
            .meta({ description: "hours until who logged in must do so again", examples: [8] }),
    })
    .optional()
    .meta({ description: "who logs people in before they reach a dashboard" });

export type LoginSettings = NonNullable<z.output<typeof login>>;
