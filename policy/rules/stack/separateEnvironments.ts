import { controls } from "../../controls";
import { Value } from "../../reading/value";
import type { AcrossReport, CrossStackRule, NamedStack, Sample } from "../../rule";
import { cloudResource } from "../../samples";
import { textsOf } from "../texts";

const reference = "pulumi:pulumi/StackReference";

const stackOf = (
    name: string,
    environment: "staging" | "production",
    inputs: Readonly<Record<string, unknown>>,
    file?: unknown,
) => ({
    name,
    environment,
    resources: [
        cloudResource("aws:s3/bucket:Bucket", inputs),
        ...(inputs.refers === undefined
            ? []
            : [cloudResource("pulumi:pulumi:StackReference", { name: inputs.refers })]),
    ],
    ...(file === undefined ? {} : { file }),
});
const pair = (
    staging: Readonly<Record<string, unknown>>,
    production: Readonly<Record<string, unknown>>,
    file?: unknown,
): Sample => ({
    kind: "stacks",
    stacks: [stackOf("staging", "staging", staging), stackOf("prod", "production", production, file)],
});

const key = "arn:aws:kms:eu-central-1:123456789012:key/1111";
const shared = "is used by a stack of another environment as well";
const refers = "refers to a stack that is not production";

export const separateEnvironments: CrossStackRule = {
    id: "STK-07",
    title: "Production stands on nothing that another environment can change",
    severity: "high",
    level: "mandatory",
    scope: "stacks",
    kinds: [
        reference,
        "aws:s3/Bucket",
        "aws:kms/Key",
        "azure-native:keyvault/Vault",
        "azure-native:storage/StorageAccount",
    ],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.31"] }),
    why: "Whoever may change the test stack would change production with it: its inputs, the key of its data or the bucket of its backups.",
    fix: "give production its own stack, key, vault and bucket",
    link: "https://www.pulumi.com/docs/iac/concepts/stacks/#stackreferences",
    samples: {
        passing: [
            pair(
                { bucket: "staging-data", kmsKeyId: key },
                { bucket: "prod-data", kmsKeyId: `${key}2`, refers: "organization/hub/prod" },
            ),
            {
                kind: "stacks",
                stacks: [
                    stackOf("one", "production", { bucket: "data" }),
                    stackOf("two", "production", { bucket: "data" }),
                ],
            },
            pair({ policy: '{"Resource":"arn:aws:s3:::*"}' }, { policy: '{"Resource":"arn:aws:s3:::*"}' }),
        ],
        failing: [
            { sample: pair({}, { refers: "organization/tars-platform/staging" }), problem: refers },
            {
                sample: pair({}, {}, { config: { "tars-platform:partner": "organization/tars-platform/staging" } }),
                problem: refers,
            },
            { sample: pair({ bucket: "data" }, { bucket: "data" }), problem: shared },
            { sample: pair({ kmsKeyId: key }, { kmsKeyId: key }), problem: shared },
            {
                sample: pair({ bucket: "data" }, { policy: JSON.stringify({ Resource: "arn:aws:s3:::data/*" }) }),
                problem: shared,
            },
            {
                sample: pair(
                    { scope: "/subscriptions/1/resourceGroups/g/providers/Microsoft.KeyVault/vaults/keys" },
                    { scope: "/subscriptions/1/resourcegroups/G/providers/Microsoft.KeyVault/vaults/keys/keys/a" },
                ),
                problem: shared,
            },
        ],
    },
    checkAcross: (stacks, report) => {
        const others = stacks.filter(({ environment }) => environment !== "production");
        for (const stack of stacks.filter(({ environment }) => environment === "production")) {
            checkReferences(stack, others, report);
            checkShared(stack, others, report);
        }
    },
};

function checkReferences(stack: NamedStack, others: readonly NamedStack[], report: AcrossReport): void {
    const isOther = (name: unknown) =>
        typeof name === "string" && others.some((other) => other.name === name.split("/").at(-1));
    for (const subject of stack.stack.of(reference)) {
        const name = subject.object.get("name");
        if (isOther(name.text())) report(subject, { path: name.path, problem: refers });
    }
    // The graph of a program has no references, because the engine reads them only; the setting that names one has.
    for (const { path, text } of textsOf(Value.unheard(stack.file).get("config")))
        if (text.includes("/") && isOther(text)) report(stack, { path, problem: refers });
}

function checkShared(stack: NamedStack, others: readonly NamedStack[], report: AcrossReport): void {
    const foreign = new Set(others.flatMap((other) => storesOf(other).map(({ id }) => id)));
    for (const { id, path } of storesOf(stack)) if (foreign.has(id)) report(stack, { path, problem: shared });
}

interface Store {
    /** What the key, vault or bucket is called by everybody. */
    readonly id: string;
    readonly path: string;
}

/** Names of whole keys, vaults, accounts and buckets within a text; a wildcard names none. */
const ids = [
    /arn:aws[\w-]*:kms:[\w-]+:\d+:(?:key|alias)\/[\w/-]+/g,
    /arn:aws[\w-]*:s3:::[a-z0-9.-]+/g,
    /\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.(?:KeyVault\/vaults|Storage\/storageAccounts)\/[\w-]+/gi,
] as const;

/** Every key, vault, account and bucket that a stack makes by a name of its own, or names in an input. */
function storesOf({ stack }: NamedStack): readonly Store[] {
    return stack.all.flatMap(({ object, resource }) => {
        const texts = textsOf(object.quietly);
        const bucket = resource.type.startsWith("aws:s3/bucket") ? texts.filter(({ path }) => path === "bucket") : [];
        return [
            ...bucket.map(({ text, path }) => ({ id: `arn:aws:s3:::${text}`, path })),
            ...texts.flatMap(({ text, path }) =>
                ids.flatMap((form) => [...text.matchAll(form)].map(([id]) => ({ id: id.toLowerCase(), path }))),
            ),
        ];
    });
}
