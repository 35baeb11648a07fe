import { z } from "zod";
import { distinct, ipRange } from "../../settings/fields";
import type { VaultServer } from "../contract";

const mount = z.string().regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, {
    error: "must be the path of a mount without slashes at its ends, such as secret or team/kv",
});

/** A Vault server that keeps the cluster's secrets; the cluster itself has no store. */
export const vaultSettings = z
    .strictObject({
        kind: z.literal("vault").meta({ description: "a Vault server", examples: ["vault"] }),
        server: z
            .string()
            .regex(/^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$/, {
                error: "must be https://, a host, and a port where it is not 443",
            })
            .meta({ description: "address of the server", examples: ["https://vault.example.com:8200"] }),
        path: mount.meta({ description: "mount of its key-value engine, version 2", examples: ["secret"] }),
        role: z
            .string()
            .regex(/^[A-Za-z0-9_-]+$/, { error: "must be the name of a role" })
            .meta({ description: "role that the cluster's operator for secrets takes there", examples: ["tars"] }),
        mountPath: mount
            .default("kubernetes")
            .meta({ description: "mount of its login by service accounts", examples: ["kubernetes"] }),
        authorities: z
            .string()
            .regex(/^LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}$/, {
                error: "must be certificates in PEM, once more in base64",
            })
            .optional()
            .meta({
                description: "who vouches for the server (base64 -w0 ca.pem); without it those that everybody trusts",
                examples: ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"],
            }),
        ranges: distinct(ipRange())
            .min(1)
            .default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])
            .meta({
                description: "ranges in which the server answers; every private address where nothing is said",
                examples: [["192.168.20.8/32"]],
            }),
    })
    .meta({ description: "where the cluster's secrets are kept; without it nowhere but in the cluster" });

export type VaultSettings = z.output<typeof vaultSettings>;

const httpsPort = 443;

/** The server as the operator in the cluster must know it. */
export function vaultOf({ server, path, role, mountPath, authorities, ranges }: VaultSettings): VaultServer {
    const { port } = new URL(server);
    return {
        kind: "vault",
        server,
        path,
        login: { mount: mountPath, role },
        authorities,
        reach: [{ ranges, port: port === "" ? httpsPort : Number(port) }],
    };
}
