import * as pulumi from "@pulumi/pulumi";
import type { Holdings } from "../foundation/holdings";
import { Issues } from "../foundation/issues";
import { holdingsOf } from "./holdings";
import { checkHoldings } from "./holdingsChecks";
import type { Settings } from "./schema";

/**
 * Compares what the stack is to hold with what it held after its last update, which the engine tells from the stack's own outputs.
 *
 * @throws pulumi.RunError naming everything that would be lost, before any resource is registered
 */
export async function refuseLoss(settings: Settings): Promise<void> {
    const issues = new Issues();
    const now = holdingsOf(settings);
    checkHoldings({ before: await heldBefore(), now, migrate: settings.migrate }, issues);
    issues.throwIfAny(`Pulumi.${pulumi.getStack()}.yaml`);
}

/** Empty for a stack without an update, and for one whose last was before this output. */
async function heldBefore(): Promise<Holdings> {
    const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // The function of the engine that a StackReference asks (pulumi/pulumi v3.253.0, pkg/resource/deploy/builtins.go), without a resource for it.
    const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return outputs?.holdings ?? {};
}
