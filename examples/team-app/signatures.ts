import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Who signs the image that the pods run.
 *
 * @see https://github.com/curl/curl-container/blob/main/cosign.pub
 */
const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwFTRXl79xRiAFa5ZX4aZ7Vkdqmji
5WY0zqc3bd6B08CsNftlYsu2gAqdWm0IlzoQpi2Zi5C437RTg/DgLQ6Bkg==
-----END PUBLIC KEY-----
`;

const pods = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"] } as const;

/** Every image of a pod, whatever starts it. */
const everyImageIsSigned =
    "(images.containers + images.?initContainers.orValue([]) + images.?ephemeralContainers.orValue([])).map(i, verifyImageSignatures(i, [attestors.publisher])).all(n, n > 0)";

/**
 * Lets into a namespace only pods whose images their publisher has signed, and has them run as the digest that was checked. The platform's own policy
 * is about its own namespaces: whom a team trusts is the team's to say.
 *
 * @returns what pods have to wait for: it is there once the API server asks for it
 * @see https://kyverno.io/docs/policy-types/image-validating-policy/
 */
export function requireSignatures(
    name: string,
    namespace: pulumi.Output<string>,
    provider: pulumi.ProviderResource,
): CustomResource {
    const spec = {
        validationActions: ["Deny"],
        failurePolicy: "Fail",
        // Pods alone: in a Deployment the change from tag to digest would be a difference for ever.
        autogen: { podControllers: { controllers: [] } },
        matchConstraints: { resourceRules: [{ ...pods, resources: ["pods", "pods/ephemeralcontainers"] }] },
        matchImageReferences: [{ glob: "*" }],
        attestors: [{ name: "publisher", cosign: { key: { data: publicKey } } }],
        validationConfigurations: { mutateDigest: true, verifyDigest: true, required: true },
        validations: [{ expression: everyImageIsSigned, message: "an image is not signed by its publisher" }],
    };
    const kind = { apiVersion: "policies.kyverno.io/v1", kind: "NamespacedImageValidatingPolicy" };
    const annotations = { "pulumi.com/waitFor": "jsonpath={.status.conditionStatus.ready}=true" };
    return new CustomResource(name, { ...kind, metadata: { name, namespace, annotations }, spec }, { provider });
}
