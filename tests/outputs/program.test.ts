import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { captureGraph } from "../../cli/src/graph";
import { type Contract, contract, contractVersion } from "../../outputs/contract";
import { readContract } from "../../outputs/platform";
import { root } from "../program/stack";

type Exported = pulumi.Unwrap<typeof import("../../index")>;

/** Held by the type check: what the program exports has the types that the package promises. */
const promised = (exported: Exported): Contract => exported;

test.each(["dev"])("what %s exports is the contract, and nothing beside it", async (stack) => {
    await captureGraph(stack);
    // From the module cache: the very program that the capture ran.
    const program: typeof import("../../index") = require(path.join(root, "index.ts"));
    const exported = await new Promise<Contract>((resolve) => {
        pulumi.output({ ...program }).apply((outputs) => resolve(promised(outputs)));
    });
    expect(Object.keys(exported).sort()).toEqual(Object.keys(contract.shape).sort());
    expect(readContract(stack, { ...exported })).toEqual(exported);
    expect(exported.contract).toBe(contractVersion);
    expect(exported.credentials.postgres).toEqual({
        database: "tars_analytics",
        user: "tars_user",
        password: { namespace: "tars", name: "postgres-password", key: "password" },
    });
});
