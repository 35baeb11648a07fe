import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const provider = (kind: string, inputs: Mapping): Resource => cloudResource(`pulumi:providers:${kind}`, inputs, kind);
const through = (resource: Resource, { type, name, inputs }: Resource): Resource => ({
    ...resource,
    provider: { type, name, inputs },
});

const bucket = cloudResource("aws:s3/bucket:Bucket", {});
const group = cloudResource("azure-native:resources:ResourceGroup", {});
const settings = kubernetesResource("core/v1", "ConfigMap", {});
const users: Readonly<Record<string, Resource>> = { aws: bucket, "azure-native": group, kubernetes: settings };

/** A provider, and a resource that goes through it. */
const used = (kind: string, inputs: Mapping): Sample => {
    const own = provider(kind, inputs);
    return sampleOf(own, through(users[kind] ?? bucket, own));
};

const aws = { allowedAccountIds: '["123456789012"]', region: "eu-central-1" } as const;
const azure = { subscriptionId: "sub", tenantId: "tenant" } as const;

export const passing: readonly Sample[] = [
    used("aws", aws),
    used("azure-native", azure),
    used("kubernetes", { clusterIdentifier: "uid", kubeconfig: "" }),
    used("kubernetes", { kubeconfig: "{}" }),
    // Nothing goes through it: it only asks who the caller is.
    sampleOf(provider("aws", { region: "eu-central-1" })),
    // The engine keeps it in the state, through a provider of its own.
    sampleOf({
        ...cloudResource("pulumi:index:Stash", { input: "a" }),
        provider: { type: "pulumi:providers:pulumi", name: "default", inputs: {} },
    }),
    sampleOf(cloudResource("tars:platform:Platform", {}), kubernetesResource("helm.sh/v4", "Chart", {})),
];

const isDefault = "is the default provider, which goes wherever the shell points";

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(bucket), problem: isDefault },
    {
        sample: sampleOf({
            ...bucket,
            provider: { type: "pulumi:providers:aws", name: "default_7_48_0", inputs: aws },
        }),
        problem: isDefault,
    },
    {
        sample: sampleOf({
            ...settings,
            provider: { type: "pulumi:providers:kubernetes", name: "default", inputs: {} },
        }),
        problem: isDefault,
    },
    { sample: used("aws", { region: "eu-central-1" }), problem: "is not set, so that any account would do" },
    { sample: used("aws", { ...aws, allowedAccountIds: "[]" }), problem: "is not set, so that any account would do" },
    {
        sample: used("aws", { allowedAccountIds: '["123456789012"]' }),
        problem: "is not set, so that the shell decides",
    },
    { sample: used("azure-native", { tenantId: "tenant" }), problem: "is not set, so that the shell decides" },
    { sample: used("azure-native", { subscriptionId: "sub" }), problem: "is not set, so that the shell decides" },
    {
        sample: used("kubernetes", { context: "prod", kubeconfig: "" }),
        problem: "is not set, nor a kubeconfig, so that any cluster would do",
    },
];
