import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { settingsOf } from "./stack";

interface Run {
    readonly message: string;
    /** Types of everything that was registered before the refusal. */
    readonly types: readonly string[];
}

jest.setTimeout(60_000);

const program = path.join(__dirname, "refusals", "run.js");

function refusedRun(stack: string, changes: object, answers: object = {}): Run {
    const settings = Object.entries({ ...settingsOf(stack), ...changes });
    const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
    const config = Object.fromEntries(settings.map(([key, value]) => [`tars-platform:${key}`, text(value)]));
    const input = JSON.stringify({ stack, config, answers });
    return JSON.parse(spawnSync(process.execPath, [program, input], { encoding: "utf8" }).stdout);
}

/** What is more than a component, a provider or the stack itself. */
const made = ({ types }: Run) => types.filter((type) => !/^(tars:|pulumi:)/.test(type));

describe("a refused stack file", () => {
    const changes = { quota: { requests: { cpu: "1", memory: "1Gi" } } };

    test.each(["prod-aws", "prod-azure"])("of %s registers nothing", (stack) => {
        const { message, types } = refusedRun(stack, changes);
        expect(message).toContain("quota.requests.cpu: is 1, but the pods need");
        expect(message).toContain("quota.requests.memory: is 1Gi, but the pods need");
        expect(types.filter((type) => type !== "pulumi:pulumi:Stack")).toEqual([]);
    });
});

describe("a run by a caller of another account", () => {
    test("makes nothing in AWS", () => {
        const answers = { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "210987654321" } };
        const run = refusedRun("prod-aws", {}, answers);
        expect(run.message).toContain(
            "aws.account: is 123456789012, but AWS says that the caller belongs to 210987654321",
        );
        expect(made(run)).toEqual([]);
    });

    test("makes nothing in Azure", () => {
        const id = "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e";
        const answers = { "azure-native:authorization:getClientConfig": { subscriptionId: id, tenantId: id } };
        const run = refusedRun("prod-azure", {}, answers);
        expect(run.message).toContain("azure.subscription: is 00000000-0000-0000-0000-000000000000, but Azure says");
        expect(made(run)).toEqual([]);
    });
});
