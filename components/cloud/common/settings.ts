import { z } from "zod";
import { count, distinct, dnsLabel, hostName, ipRange } from "../../settings/fields";
import { permissions } from "../contract";

/**
 * How tools reach the API server. A private server is reached from inside the network only: `via` says by what, which this stack
 * needs but never makes.
 */
export const apiAccess = () =>
    z
        .discriminatedUnion("kind", [
            z.strictObject({
                kind: z.literal("public"),
                allowedCidrs: distinct(ipRange())
                    .min(1)
                    .meta({ description: "addresses that may call the API server", examples: [["203.0.113.0/28"]] }),
            }),
            z.strictObject({
                kind: z.literal("private"),
                via: z
                    .enum(["runnerInNetwork", "peeredHub", "tunnel"])
                    .meta({ description: "what leads to the private API server", examples: ["runnerInNetwork"] }),
            }),
        ])
        .meta({ description: "how the API server is reached" });

export type ApiAccess = z.output<ReturnType<typeof apiAccess>>;

/** Services that there can be one of an account: `managed` by exactly one stack of each account. */
export const accountBaseline = () =>
    z
        .enum(["managed", "external"])
        .default("external")
        .meta({
            description: "who keeps the account-wide security services: this stack, or somebody else",
            examples: ["external"],
        });

/** Service accounts of other teams, and what their pods may do in the cloud. */
export const identityBindings = () =>
    z
        .record(
            dnsLabel(),
            z.strictObject({
                namespace: dnsLabel().meta({ description: "namespace of the service account", examples: ["team-app"] }),
                serviceAccount: dnsLabel().meta({ description: "name of the service account", examples: ["team-app"] }),
                permissions: distinct(z.enum(permissions))
                    .min(1)
                    .meta({ description: "what its pods may do, by meaning", examples: [["objectStore.read"]] }),
            }),
        )
        .default({})
        .meta({ description: "workload identities, by name" });

/** Ranges of other networks that this one is or will be joined to; none of them may overlap its own. */
export const joinedNetworks = () =>
    distinct(ipRange())
        .default([])
        .meta({ description: "routed ranges of peers, hubs and on-premises networks", examples: [["10.100.0.0/16"]] });

/** Days that logs are kept in the cloud: a year at least, because audit records of the control plane are among them. */
export const logRetentionDays = () =>
    count(365, 730)
        .default(365)
        .meta({ description: "days that logs of the cluster and the network are kept", examples: [365] });

/** Zone that the stack keeps for the names of the platform's hosts. @param description what it is on this cloud. */
export const dnsZone = (description: string) =>
    hostName()
        .optional()
        .meta({ description: `${description}; without it names are kept elsewhere`, examples: ["tars.example.com"] });

/** Whether the stack guards what must not be lost by mistake. @param guarded what that is on this cloud. */
export const protection = (guarded: string) =>
    z
        .enum(["guarded", "released"])
        .optional()
        .meta({
            description: `guarded: nothing that holds ${guarded} can be deleted; without it what is right for the environment`,
            examples: ["guarded"],
        });
