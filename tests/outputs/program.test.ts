import type * as pulumi from "@pulumi/pulumi";
import { captureProgram } from "../../cli/src/graph";
import { type Contract, contract, contractVersion } from "../../outputs/contract";
import { readContract } from "../../outputs/platform";

type Exported = pulumi.Unwrap<Awaited<ReturnType<typeof import("../../index")>>>;

/** Held by the type check: what the program returns has the types that the package promises. */
const promised: Exported extends Contract ? true : never = true;

test.each(["dev"])("what %s exports is the contract, and nothing beside it", async (stack) => {
    const { outputs } = await captureProgram(stack);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(contract.shape).sort());
    const exported = readContract(stack, outputs);
    expect(exported).toEqual(outputs);
    expect(promised).toBe(true);
    expect(exported.contract).toBe(contractVersion);
    expect(exported.credentials.postgres).toEqual({
        database: "tars_analytics",
        user: "tars_user",
        password: { namespace: "tars", name: "postgres-password", key: "password" },
    });
});
