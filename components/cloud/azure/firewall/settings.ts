import { z } from "zod";
import { count, distinct } from "../../../settings/fields";
import { secretId } from "./certificate";

const example =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/certificates/providers/Microsoft.KeyVault/vaults/company-edge/secrets/tars";

/** Instances of a gateway: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure (up to 125 of the second generation). */
const mostInstances = 125;

const instances = z
    .strictObject({
        min: count(1, mostInstances)
            .default(2)
            .meta({ description: "instances that there are at least", examples: [2] }),
        max: count(2, mostInstances)
            .default(10)
            .meta({ description: "instances that Azure may make of it", examples: [10] }),
    })
    .prefault({})
    .meta({ description: "instances of the application gateway, between which Azure chooses by what callers ask" });

/** What only an owner knows of the firewall before the gateway (`edge.firewall`). */
export const firewallSettings = z
    .strictObject({
        certificate: z
            .string()
            .regex(secretId, {
                error: "must be the id of a secret in a vault, without a version: /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/NAME",
            })
            .meta({
                description:
                    "secret of the certificate that callers are shown, which its owner keeps and renews: for every host, in a vault of the stack's subscription",
                examples: [example],
            }),
        trustedRoots: distinct(
            z.string().regex(/^LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}$/, {
                error: "must be a certificate in PEM, once more in base64",
            }),
        )
            .default([])
            .meta({
                description:
                    "roots that vouch for the gateway's own certificate (base64 -w0 root.pem), where they are none that everybody trusts",
                examples: [["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"]],
            }),
        instances,
    })
    .optional()
    .meta({
        description: "what the firewall before the gateway (edge.firewall) takes beside; without that it is refused",
        examples: [{ certificate: example }],
    });

export type AzureFirewallSettings = NonNullable<z.output<typeof firewallSettings>>;
