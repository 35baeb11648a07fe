import type { SignatureTrust, SupplyChain } from "../foundation/supplyChain";

/** Name of the one who may sign, within the policy. */
const signer = "release";

/** What Kyverno does with a pod that breaks the policy. A check that only reports lets pods in also while nobody can be asked. */
const consequences = {
    audit: { validationActions: ["Audit"], failurePolicy: "Ignore" },
    deny: { validationActions: ["Deny"], failurePolicy: "Fail" },
} as const;

/**
 * Every image of the platform's namespaces has the signature that the stack names, whoever published the image, and runs as the digest that was
 * checked. The namespace of Kyverno itself is left out: its pods cannot wait for themselves. All others can, because Kyverno needs none of them: it
 * keeps its own certificates, is in no mesh, and takes the place of lesser pods where nodes are full. kube-system is not the platform's.
 *
 * Pods alone are checked. In what makes them, the change from tag to digest would show as a difference for ever; and `pods/ephemeralcontainers` has to
 * be named, because Kyverno asks for exactly what stands here.
 *
 * @see https://kyverno.io/docs/policy-types/image-validating-policy/
 * @see https://github.com/kyverno/kyverno/blob/v1.19.0/pkg/cel/policies/ivpol/engine/engine.go
 */
export function planSignaturePolicy(trust: NonNullable<SupplyChain["signatures"]>, exempt: readonly string[]) {
    return {
        ...consequences[trust.enforcement],
        // The API server waits 10 s where nothing is said; a pod's images are fetched one after the other.
        webhookConfiguration: { timeoutSeconds: 20 },
        autogen: { podControllers: { controllers: [] } },
        matchConstraints: {
            namespaceSelector: {
                matchLabels: { "app.kubernetes.io/part-of": "tars" },
                matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: [...exempt] }],
            },
            resourceRules: [
                {
                    apiGroups: [""],
                    apiVersions: ["v1"],
                    operations: ["CREATE", "UPDATE"],
                    resources: ["pods", "pods/ephemeralcontainers"],
                },
            ],
        },
        matchImageReferences: [{ glob: "*" }],
        attestors: [{ name: signer, cosign: planCosign(trust) }],
        validationConfigurations: { mutateDigest: true, verifyDigest: true, required: true },
        validations: [{ expression: everyImageIsSigned, message: "an image has no signature of the one who may sign" }],
    };
}

const everyImageIsSigned = `(images.containers + images.?initContainers.orValue([]) + images.?ephemeralContainers.orValue([])).map(i, verifyImageSignatures(i, [attestors.${signer}])).all(n, n > 0)`;

function planCosign(trust: SignatureTrust) {
    const { repository } = trust;
    return { ...planIdentity(trust), ...(repository === undefined ? {} : { source: { repository } }) };
}

/** With a key and without the log nothing of Sigstore's is asked: pkg/image/verifiers/ivpol/cosign/opts.go of Kyverno at v1.19.0. */
function planIdentity(trust: SignatureTrust) {
    switch (trust.kind) {
        case "key": {
            const ctlog = trust.transparencyLog ? {} : { ctlog: { insecureIgnoreTlog: true } };
            return { key: { data: trust.publicKey }, ...ctlog };
        }
        case "keyless":
            return { keyless: { identities: [{ issuer: trust.issuer, subject: trust.subject }] } };
    }
}
