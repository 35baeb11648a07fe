import type { Resource } from "../../policy/rule";
import { behindAzureFirewall } from "../program/firewallStack";
import { type Raw, stacks } from "../program/stack";

/** A stack that rules are judged over. */
export interface Judged {
    /** The committed stack. */
    readonly stack: string;
    /** Settings in the place of those of its file. */
    readonly changes: Raw;
}

/** The committed stacks, and beside them those with a switch on that no committed one has on. */
export function judgedStacks(): Readonly<Record<string, Judged>> {
    return {
        ...Object.fromEntries(stacks().map(({ name }) => [name, { stack: name, changes: {} }])),
        "prod-azure behind its firewall": { stack: "prod-azure", changes: behindAzureFirewall() },
    };
}

/**
 * What a stack's program registers, as the pack judges it. The Pulumi runtime is global, so each capture has modules of its own.
 *
 * @param outputs "unknown" leaves out what only a cloud could say, as a first preview does. @default "known"
 */
export async function stackResources(
    { stack, changes }: Judged,
    outputs: "known" | "unknown" = "known",
): Promise<readonly Resource[]> {
    jest.resetModules();
    const { captureGraph }: typeof import("../../cli/src/graph") = await import("../../cli/src/graph");
    const { judgedResources }: typeof import("../../cli/src/judgedResources") = await import(
        "../../cli/src/judgedResources"
    );
    return judgedResources(await captureGraph(stack, changes, outputs));
}
