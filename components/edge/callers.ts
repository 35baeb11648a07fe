import type * as pulumi from "@pulumi/pulumi";
import { gatewayPorts, gatewayReference } from "./identity";

/** Whose tokens callers from outside must show. */
export interface Authentication {
    readonly issuer: string;
    readonly jwksUri: string;
    readonly audiences: readonly string[];
    /** Header that holds the token, in lower case. */
    readonly header: string;
    /** Claim that holds the client's id. */
    readonly clientClaim: string;
}

export interface CallersPlan {
    readonly hosts: readonly string[];
    /** Hosts of dashboards, where people log in instead. @default [] */
    readonly dashboards?: readonly string[];
    /** Undefined where the edge asks nobody who they are. */
    readonly authentication: Authentication | undefined;
    /** Ids of the clients that may call admin routes. */
    readonly admins: pulumi.Input<readonly string[]>;
}

/** Paths that need no token: what watches the platform from outside asks for its health. */
const openPaths = ["/health"] as const;

/** Header of the application's own tokens. */
const applicationHeader = "authorization";

const bound = { targetRefs: [gatewayReference] } as const;
const https = `${gatewayPorts.https}`;

/**
 * Lets callers in at all, where nothing is allowed that is not named: whoever asks for one of the hosts, by whatever way of writing its port.
 */
export function planHosts({ hosts, dashboards = [] }: Pick<CallersPlan, "hosts" | "dashboards">) {
    const written = writtenHosts([...hosts, ...dashboards]);
    return { ...bound, action: "ALLOW", rules: [{ to: [{ operation: { hosts: written } }] }] };
}

/** Hosts as requests name them, with a port of the gateway or without. */
export function writtenHosts(hosts: readonly string[]): readonly string[] {
    const ports = Object.values(gatewayPorts);
    return hosts.flatMap((host) => [host, ...ports.map((port) => `${host}:${port}`)]);
}

/** What is asked at the application's hosts is not asked at those of dashboards. */
function elsewhereThan(dashboards: readonly string[] = []) {
    return dashboards.length === 0 ? {} : { notHosts: writtenHosts(dashboards) };
}

/** Who signs tokens, and where they are. A token of the edge's own goes no further; one of the application's header is the application's too. */
export function planTokens({ issuer, jwksUri, audiences, header }: Authentication) {
    const rule = {
        issuer,
        jwksUri,
        audiences,
        fromHeaders: [{ name: header, prefix: "Bearer " }],
        forwardOriginalToken: header === applicationHeader,
    };
    return { ...bound, jwtRules: [rule] };
}

interface Asked {
    readonly operation: object;
    readonly from?: readonly object[];
    readonly when?: readonly object[];
}

/**
 * The rule where callers come by HTTPS. Where the load balancer writes addresses before a connection's data, its port too is what stands there, and a
 * pod that calls the gateway past the balancer writes what it likes: so the rule holds as well wherever somebody speaks TLS and names a host in it, as
 * everybody must whom a listener of one host is to let in. A load balancer that ends the callers' TLS names none, and comes to the port itself.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/ (`connection.sni`)
 */
function byHttps({ operation, from, when = [] }: Asked) {
    const whom = from === undefined ? {} : { from };
    const named = { key: "connection.sni", values: ["*"] };
    return [
        { ...whom, to: [{ operation: { ...operation, ports: [https] } }], ...(when.length === 0 ? {} : { when }) },
        { ...whom, to: [{ operation }], when: [...when, named] },
    ];
}

/** Refuses whoever shows no token. Plain HTTP needs none: it only sends on. */
export function planStrangers({ dashboards }: Pick<CallersPlan, "dashboards">) {
    const from = [{ source: { notRequestPrincipals: ["*"] } }];
    const operation = { notPaths: openPaths, ...elsewhereThan(dashboards) };
    return { ...bound, action: "DENY", rules: byHttps({ operation, from }) };
}

/**
 * Refuses to delete by admin routes whoever is no admin client. Where nobody says who callers are, that is everybody: the application would
 * believe any of them (requirements/001, ADMIN_CLIENT_IDS).
 */
export function planAdmins({ authentication, admins, dashboards }: Omit<CallersPlan, "hosts">) {
    const operation = { methods: ["DELETE"], paths: ["/admin", "/admin/*"], ...elsewhereThan(dashboards) };
    const when =
        authentication === undefined
            ? []
            : [{ key: `request.auth.claims[${authentication.clientClaim}]`, notValues: admins }];
    return { ...bound, action: "DENY", rules: byHttps({ operation, when }) };
}
