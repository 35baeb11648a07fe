import type { Load } from "./loads";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import type { Size } from "./workloads";

/** A web UI inside the cluster that people reach from outside once they have logged in. */
export interface Dashboard {
    /** What it is called in the stack file. */
    readonly name: string;
    readonly host: string;
    /** Namespace of its Service. */
    readonly namespace: string;
    readonly service: string;
    /** Port of the Service. */
    readonly port: number;
    /** Port of the pods behind it, which the network goes by. */
    readonly podPort: number;
    /** Groups of whom a member may enter. @default undefined - whoever the issuer and the e-mail domains let log in */
    readonly groups?: readonly string[] | undefined;
}

/** Who logs people in, and what the platform is to them. */
export interface Login {
    /** Issuer of the OIDC tokens, whose address plus `/.well-known/openid-configuration` says the rest. */
    readonly issuer: string;
    /** What the issuer knows the platform as. */
    readonly clientId: string;
    readonly clientSecret: ClientSecret;
    /** Domains of the e-mail addresses that may log in; `*` alone for every account of the issuer. */
    readonly emailDomains: readonly string[];
    /** Claim that lists the groups of a person. */
    readonly groupsClaim: string;
    /** What the issuer is asked for. */
    readonly scopes: readonly string[];
    /** Further hosts that the issuer's own description leads to: those of its tokens, keys and accounts. */
    readonly issuerHosts: readonly string[];
    /** Blocks of addresses that the issuer answers in. @default undefined - the Internet */
    readonly issuerRanges?: readonly string[] | undefined;
    /** Hours until somebody who logged in has to do so again. */
    readonly sessionHours: number;
}

/** Where the secret is that the platform shows the issuer. No stack file holds it. */
export type ClientSecret =
    /** An entry of the cloud's store, or of the Vault that the cluster's owner names. */
    | { readonly from: "store"; readonly entry: string; readonly property?: string | undefined }
    /** A Secret that somebody puts into the namespace of the login. */
    | { readonly from: "secret"; readonly name: string };

/** Where people log in: its namespace, and the name of all that is there. */
export const loginPlace = { namespace: "oauth2-proxy", name: "oauth2-proxy" } as const;

/** Key of the Secret that holds the client's secret. */
export const clientSecretKey = "client-secret";

/**
 * What the login runs, which is asked about every request to a dashboard: its makers name no figures, these are ours. It opens a cookie for each,
 * and calls the issuer when somebody logs in.
 */
export function loginSize(mode: MeshMode): Size {
    const size = {
        // Two everywhere: while there is none, nobody is let in (REL-05 of the policy pack).
        replicas: { min: 2, max: 4 },
        surge: 1,
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "128Mi" },
        scratch: "64Mi",
    } as const;
    const sidecar = meshSidecars[mode];
    return sidecar === undefined ? size : { ...size, sidecar };
}

/** What it needs room for, where there are dashboards. */
export function loginLoads(mode: MeshMode): readonly Load[] {
    return [{ name: loginPlace.name, size: loginSize(mode), roles: ["general"] }];
}
