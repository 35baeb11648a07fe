import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { goldenGraph } from "../support/goldenGraph";
import { settingsOf, settingsWith, stacks } from "./stack";

interface Run {
    /** What the program said first; empty when it refused nothing. */
    readonly message: string;
    /** Types of everything that was registered by the end, also after the refusal. */
    readonly types: readonly string[];
}

jest.setTimeout(60_000);

const program = path.join(__dirname, "refusals", "run.js");

function runOf(stack: string, changes: object, answers: object = {}): Run {
    const settings = Object.entries({ ...settingsOf(stack), ...changes });
    const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
    const config = Object.fromEntries(settings.map(([key, value]) => [`tars-platform:${key}`, text(value)]));
    const input = JSON.stringify({ stack, config, answers });
    const { stdout, stderr } = spawnSync(process.execPath, [program, input], { encoding: "utf8" });
    if (stdout === "") throw new Error(stderr);
    // What the program tells comes before.
    return JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1));
}

const [awsCaller, azureCaller] = [
    "aws:index/getCallerIdentity:getCallerIdentity",
    "azure-native:authorization:getClientConfig",
] as const;
const nobody = "00000000-0000-0000-0000-000000000000";
/** Whom the stack files expect. */
const ownCaller = {
    [awsCaller]: { accountId: "123456789012" },
    [azureCaller]: { subscriptionId: nobody, tenantId: nobody },
};

/** What is more than a component, a provider or the stack itself. */
const made = ({ types }: Run) => types.filter((type) => !/^(tars:|pulumi:)/.test(type));

/** One refusal a stack: whatever is refused, the settings are read before anything is registered. */
const refusals = [
    {
        stack: "prod-aws",
        changes: { quota: { requests: { cpu: "1", memory: "1Gi" } } },
        words: "quota.requests.cpu: is 1",
    },
    {
        stack: "prod-azure",
        changes: { quota: { requests: { cpu: "1", memory: "1Gi" } } },
        words: "quota.requests.memory",
    },
    {
        stack: "staging",
        changes: settingsWith("staging", "aws.network.natGateways", "none"),
        words: "aws.network.natGateways: must be",
    },
    { stack: "dev", changes: { aws: settingsOf("prod-aws").aws }, words: "aws: is for cloud: aws" },
] as const;

describe.each(refusals)("$stack", ({ stack, changes, words }) => {
    test("registers nothing once its stack file is refused", () => {
        const { message, types } = runOf(stack, changes);
        expect(message).toContain(words);
        expect(types.filter((type) => type !== "pulumi:pulumi:Stack")).toEqual([]);
    });

    test("with its own caller is refused by nobody and makes what its golden graph has", () => {
        const run = runOf(stack, {}, ownCaller);
        expect(run.message).toBe("");
        expect([...run.types].sort()).toEqual(goldenTypes(stack));
    });
});

test("every stack has its refusal here", () => {
    expect(refusals.map(({ stack }) => stack).sort()).toEqual(stacks().map(({ name }) => name));
});

const goldenTypes = (stack: string): readonly string[] =>
    goldenGraph(stack)
        .map(({ type }) => type)
        .sort();

describe("an update that would lose what the last one left", () => {
    const answers = {
        "pulumi:pulumi:readStackOutputs": {
            outputs: { holdings: { chromadb: { form: "inCluster", volumes: { data: "1Ti" } } } },
        },
    };

    test("registers nothing", () => {
        const { message, types } = runOf("dev", {}, answers);
        expect(message).toMatch(/^Pulumi\.dev\.yaml has 1 problem:\n {2}- sizes\.chromadb: .* instead of 1Ti/);
        expect(types.filter((type) => type !== "pulumi:pulumi:Stack")).toEqual([]);
    });

    test("is done once the stack file names it", () => {
        const run = runOf("dev", { migrate: ["chromadb"] }, answers);
        expect(run.message).toBe("");
        expect([...run.types].sort()).toEqual(goldenTypes("dev"));
    });
});

describe("a run by a caller of another account", () => {
    test("makes nothing in AWS", () => {
        const answers = { [awsCaller]: { accountId: "210987654321" } };
        const run = runOf("prod-aws", {}, answers);
        expect(run.message).toContain(
            "aws.account: is 123456789012, but AWS says that the caller belongs to 210987654321",
        );
        expect(made(run)).toEqual([]);
    });

    test("makes nothing in Azure", () => {
        const id = "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e";
        const answers = { [azureCaller]: { subscriptionId: id, tenantId: id } };
        const run = runOf("prod-azure", {}, answers);
        expect(run.message).toContain("azure.subscription: is 00000000-0000-0000-0000-000000000000, but Azure says");
        expect(made(run)).toEqual([]);
    });
});
