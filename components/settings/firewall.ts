import { z } from "zod";
import type { Issues } from "../foundation/issues";
import { distinct } from "./fields";

/** Names of rules are the vendor's: the record of the firewall has them, and so has its documentation. */
const ruleName = () => z.string().regex(/^[A-Za-z0-9_-]+$/, { error: "must be the name of one of the vendor's rules" });

/** A web application firewall before the gateway. */
export const firewall = z
    .strictObject({
        action: z
            .enum(["block", "count"])
            .default("block")
            .meta({
                description: "block refuses what a rule matches, count only records it: for the weeks before it blocks",
                examples: ["count"],
            }),
        counted: distinct(ruleName())
            .default([])
            .meta({
                description:
                    "rules of the vendor's common group that only count, as they refuse what the application needs: names on AWS, numbers on Azure",
                examples: [["CrossSiteScripting_BODY"]],
            }),
    })
    .optional()
    .meta({
        description: "a web application firewall before the gateway; without it callers come to the gateway itself",
        examples: [{ action: "block" }],
    });

export type FirewallSettings = NonNullable<z.output<typeof firewall>>;

interface Guarded {
    readonly edge: { readonly firewall?: FirewallSettings | undefined };
}

/** Refuses a firewall before a cluster that is already there. */
export function checkNoFirewall({ edge }: Guarded, issues: Issues): void {
    if (edge.firewall === undefined) return;
    const words = "is for cloud: aws and azure, and on cloud: existing the platform makes none";
    issues.add(
        "edge.firewall",
        words,
        "remove it, and put one of your own before the gateway (docs/edge.md, trustedHops)",
    );
}
