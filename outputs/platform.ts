import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { type Contract, contract, contractVersion } from "./contract";

/**
 * The outputs of a stack of tars-platform: `platform("organization/tars-platform/dev").urls.api` is an `Output<string>`.
 *
 * The stack is read when the consumer's program runs, at previews too; outputs that are missing or not what the contract says
 * stop it with one pulumi.RunError that names the stack, every such output and what to do.
 *
 * @param stack `organization/project/stack`; in a backend that is no Pulumi Cloud the organization is `organization`
 */
export function platform(stack: string, opts?: pulumi.CustomResourceOptions): pulumi.Output<Contract> {
    const reference = new pulumi.StackReference(stack, {}, opts);
    // getOutput and not requireOutput: that would stop at the first missing output, with a stack trace and no advice.
    // Output by output, because all of them together are secret as soon as any export of the stack is.
    const found = Object.keys(contract.shape).map((name) => [name, reference.getOutput(name)]);
    return pulumi.output(Object.fromEntries(found)).apply((outputs) => readContract(stack, outputs));
}

/**
 * @param outputs what the stack exports, by name
 * @throws pulumi.RunError naming every output that is missing or not what the contract says
 */
export function readContract(stack: string, outputs: Readonly<Record<string, unknown>>): Contract {
    const read = contract.safeParse(outputs, { reportInput: true });
    if (read.success) return read.data;
    const other = outputs.contract;
    throw typeof other === "number" && other !== contractVersion
        ? otherContract(stack, other)
        : brokenContract(stack, read.error.issues);
}

function otherContract(stack: string, other: number): pulumi.RunError {
    return new pulumi.RunError(
        `stack ${stack} keeps contract ${other}, and this tars-platform-outputs reads contract ${contractVersion}\n` +
            "    fix: install the tars-platform-outputs that belongs to that platform, and follow its README from one to the other",
    );
}

function brokenContract(stack: string, issues: readonly z.core.$ZodIssue[]): pulumi.RunError {
    // The input is reported: an absent value comes as undefined, whatever type it should have.
    const lines = issues.map(
        ({ path, input, message }) => `  - ${path.join(".")}: ${input === undefined ? "is missing" : message}`,
    );
    const count = lines.length === 1 ? "an output" : `${lines.length} outputs`;
    return new pulumi.RunError(
        [
            `stack ${stack} lacks ${count} of contract ${contractVersion} of tars-platform:`,
            ...lines,
            "    fix: check that this is a stack of tars-platform and that its last update ended well " +
                `(pulumi stack output --stack ${stack}); if it is older than its program, have its team run pulumi up`,
        ].join("\n"),
    );
}
