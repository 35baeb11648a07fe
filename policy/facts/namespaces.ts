/** The label by which a namespace says what Pod Security enforces in it. */
export const podSecurityLabel = "pod-security.kubernetes.io/enforce";

/** A version of Pod Security that no upgrade of the cluster changes. */
export const pinnedVersion = "^v1\\.\\d+$";

/** Namespaces of the platform itself that cannot be restricted. */
export const unrestrictedNamespaces = [
    {
        namespace: "gpu-resources",
        level: "privileged",
        reason: "NVIDIA's device plugin registers with the kubelet through a folder of the node; no level between knows that folder",
    },
    {
        namespace: "istio-nodes",
        level: "privileged",
        reason: "Istio's agents set up the network of each pod from its node, with capabilities and folders that no level between knows",
    },
    {
        namespace: "tetragon",
        level: "privileged",
        reason: "Tetragon's agents load programs into the kernel of their node, which no level below allows",
    },
] as const;

/** Any value that a label may have, but none at all. */
const stated = "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$";

/** What every namespace says of itself, and in which form. */
export const namespaceLabels = {
    owner: { form: stated, words: "a team" },
    "cost-centre": { form: stated, words: "a cost centre" },
    "data-class": {
        form: "^(public|internal|confidential|restricted)$",
        words: "public, internal, confidential or restricted",
    },
    environment: { form: "^(dev|staging|production)$", words: "dev, staging, production" },
    "app.kubernetes.io/part-of": { form: stated, words: "the product" },
} as const;
