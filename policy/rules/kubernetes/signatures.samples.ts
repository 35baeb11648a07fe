import type { Resource, Sample } from "../../rule";
import { compliantDeployment, kubernetesResource, merge, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop", labels: { signed: "yes" } } });
const pods = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["pods"] } as const;

const imagePolicy = {
    validationActions: ["Deny"],
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [pods], namespaceSelector: { matchLabels: { signed: "yes" } } },
    matchImageReferences: [{ glob: "registry.k8s.io/*" }],
    attestors: [{ name: "release", cosign: { key: { kms: "sample" } } }],
    validations: [
        { expression: "images.containers.map(i, verifyImageSignatures(i, [attestors.release])).all(n, n > 0)" },
    ],
} as const;

const verified = {
    imageReferences: ["registry.k8s.io/*"],
    failureAction: "Enforce",
    attestors: [{ entries: [{ keys: { kms: "sample" } }] }],
} as const;
const matched = { any: [{ resources: { kinds: ["Pod"], namespaces: ["shop"] } }] } as const;

/** Pods of one image, in a namespace, under these policies. */
function pulled(image: string, policies: readonly Resource[]): Sample {
    const containers = [{ name: "app", image }];
    const inputs = merge(Object(compliantDeployment("shop").inputs), { spec: { template: { spec: { containers } } } });
    return sampleOf(kubernetesResource("apps/v1", "Deployment", inputs), namespace, ...policies);
}

const tagged = "registry.k8s.io/app:1.0.0";

/** An image by its digest, under no policy. */
export const byDigest = pulled(`${tagged}@sha256:${"0".repeat(64)}`, []);
/** An image by its tag, under no policy. */
export const byTag = pulled(tagged, []);

/** An image by its tag under Kyverno's ImageValidatingPolicy, with some of its `spec` changed; a null takes a property away. */
export function underImagePolicy(change: Mapping = {}, image = tagged): Sample {
    const inputs = { metadata: { name: "signed" }, spec: merge(imagePolicy, change) };
    return pulled(image, [kubernetesResource("policies.kyverno.io/v1", "ImageValidatingPolicy", inputs)]);
}

interface ClusterPolicyChange {
    readonly policy?: Mapping;
    readonly rule?: Mapping;
    readonly verify?: Mapping;
}

/** The same under Kyverno's older ClusterPolicy. */
export function underClusterPolicy({ policy = {}, rule = {}, verify = {} }: ClusterPolicyChange = {}): Sample {
    const rules = [merge({ name: "signed", match: matched, verifyImages: [merge(verified, verify)] }, rule)];
    const inputs = { metadata: { name: "signed" }, spec: merge({ rules }, policy) };
    return pulled(tagged, [kubernetesResource("kyverno.io/v1", "ClusterPolicy", inputs)]);
}
