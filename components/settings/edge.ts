import { z } from "zod";
import { edgeControllers } from "../foundation/edge";
import { nameRules } from "../foundation/names";
import { certificates } from "./certificates";
import { dashboards, login } from "./dashboards";
import { bytes, count, distinct, hostName, ipRange } from "./fields";
import { firewall } from "./firewall";

/** Who may come to the gateway: whoever reaches the Internet, or whoever is in the networks that reach the cluster's own. */
export const exposures = ["public", "internal"] as const;
export type Exposure = (typeof exposures)[number];

/** A host, or `*.` and a domain for every name right below it. */
const hostOrWildcard = z
    .string()
    .max(nameRules.dnsSubdomain.longest)
    .refine((text) => nameRules.dnsSubdomain.form.test(text.replace(/^\*\./, "")), {
        error: `must be ${nameRules.dnsSubdomain.words}, or *. before such a name`,
    });

/** Requests that one address is known to bring. */
const expectedLoad = z.strictObject({
    from: ipRange().meta({ description: "addresses that bring it, each by itself", examples: ["203.0.113.10/32"] }),
    requestsPerSecond: count(1, 1_000_000).meta({
        description: "requests that one of these addresses makes in a second",
        examples: [200],
    }),
});

/** Requests of one address: 100 a second is what requirements/001 sets at its ingress. */
const rateLimit = z
    .strictObject({
        requestsPerSecond: count(1, 1_000_000)
            .default(100)
            .meta({ description: "requests that one client address may make in a second", examples: [100] }),
        exempt: distinct(ipRange())
            .default([])
            .meta({
                description: "addresses that no limit holds for, such as those of load tests",
                examples: [["203.0.113.0/28"]],
            }),
        onFailure: z
            .enum(["allow", "deny"])
            .default("allow")
            .meta({
                description: "what becomes of requests while nobody counts them: allow lets them in, deny refuses them",
                examples: ["allow"],
            }),
        expected: z
            .array(expectedLoad)
            .default([])
            .meta({
                description: "loads that are known beforehand: a limit below one of them is refused",
                examples: [[{ from: "203.0.113.10/32", requestsPerSecond: 200 }]],
            }),
    })
    .prefault({})
    .meta({ description: "requests of one client address" });

const secureUrl = () => z.url({ protocol: /^https$/ });

const authentication = z
    .strictObject({
        issuer: secureUrl().meta({
            description: "who signs the tokens of callers (`iss`)",
            examples: ["https://login.example.com/tars"],
        }),
        jwksUri: secureUrl().meta({
            description: "where its public keys are",
            examples: ["https://login.example.com/tars/keys"],
        }),
        audiences: distinct(z.string().min(1))
            .min(1)
            .meta({ description: "whom a token must be meant for (`aud`)", examples: [["tars"]] }),
        header: z
            .string()
            .regex(/^[a-z0-9-]+$/, { error: "must be the name of a header in lower case" })
            .default("x-edge-authorization")
            .meta({
                description:
                    "header with the token, after `Bearer `; not authorization while the application has tokens of its own there",
                examples: ["x-edge-authorization"],
            }),
        clientClaim: z
            .string()
            .regex(/^[A-Za-z0-9_]+$/, { error: "must be the name of a claim" })
            .default("sub")
            .meta({ description: "claim that holds the client's id, as adminClientIds has it", examples: ["sub"] }),
    })
    .optional()
    .meta({ description: "whose tokens callers from outside must show; without it the edge asks nobody who they are" });

/** Who writes the records of the hosts. */
const dns = z
    .strictObject({
        records: z
            .enum(["managed", "manual"])
            .default("managed")
            .meta({
                description:
                    "managed: where the cloud keeps a zone, ExternalDNS writes the hosts' records into it; manual: somebody else does",
                examples: ["managed"],
            }),
        elsewhere: distinct(hostOrWildcard)
            .default([])
            .meta({
                description: "hosts outside of the stack's zone, whose records somebody else writes",
                examples: [["www.example.org"]],
            }),
    })
    .prefault({})
    .meta({ description: "records that lead the hosts to the gateway" });

/** Two stacks that answer for the same hosts. */
const failover = z
    .strictObject({
        role: z.enum(["primary", "secondary"]).meta({
            description: "primary: asked while it is healthy; secondary: asked while the primary is not",
            examples: ["primary"],
        }),
        name: hostName().meta({
            description: "name that only this stack answers for, by which its health is checked",
            examples: ["eu.tars.example.com"],
        }),
    })
    .optional()
    .meta({ description: "which of two stacks answers for the hosts; without it, this one alone" });

/** How the platform is reached from outside. The two limits of a request are those of the guide's own ingress (oceanrockr/VDS_TARS, k8s/ingress.yaml). */
export const edge = z
    .strictObject({
        host: hostName()
            .default("tars.local")
            .meta({ description: "host of the application", examples: ["tars.local"] }),
        apiHost: hostName()
            .default("api.tars.local")
            .meta({ description: "host of the API", examples: ["api.tars.local"] }),
        otherHosts: z
            .array(hostOrWildcard)
            .default([])
            .meta({
                description: "further hosts of the application; outside production also *. and a domain",
                examples: [["tars.example.com"]],
            }),
        organisation: z
            .string()
            .min(1)
            .max(64)
            .default("TARS")
            .meta({ description: "organisation (O) that certificates name", examples: ["TARS"] }),
        certificates: certificates.optional(),
        controller: z
            .enum(edgeControllers)
            .default("istio")
            .meta({
                description: "who leads callers in: istio, or nginx for NGINX Gateway Fabric, which asks for no tokens",
                examples: ["istio"],
            }),
        dns,
        failover,
        exposure: z
            .enum(exposures)
            .default("internal")
            .meta({
                description: "public for whoever reaches the Internet, internal for the networks around the cluster",
                examples: ["internal"],
            }),
        requestSeconds: count(1, 3600)
            .default(300)
            .meta({ description: "seconds after which a request that is not answered ends", examples: [300] }),
        requestBytes: bytes()
            .default("100Mi")
            .meta({ description: "largest body of a request", examples: ["100Mi"] }),
        hstsSeconds: count(0, 63_072_000)
            .default(31_536_000)
            .meta({
                description: "seconds that browsers use nothing but HTTPS after an answer; 0 makes them forget it",
                examples: [31_536_000],
            }),
        rateLimit,
        authentication,
        dashboards,
        login,
        firewall,
    })
    .prefault({})
    .meta({ description: "how the platform is reached from outside" });
