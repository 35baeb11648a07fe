/** What a resource is, whatever API version, package path or twin its type token names. */
export interface Kind {
    /** `kubernetes`, `azure-native`, `aws`, `tars` ... */
    readonly provider: string;
    /** API group or module; empty for Kubernetes' core group. */
    readonly group: string;
    readonly kind: string;
    /** `deployment`, `patch` for a server-side-apply twin such as DeploymentPatch, `list` for DeploymentList and List. */
    readonly twin: "whole" | "patch" | "list";
}

// Groups that served a kind before it moved; the same objects, so the same rules.
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-16
const movedKinds: Readonly<Record<string, string>> = {
    "extensions/Deployment": "apps",
    "extensions/DaemonSet": "apps",
    "extensions/ReplicaSet": "apps",
    "extensions/NetworkPolicy": "networking.k8s.io",
    "extensions/Ingress": "networking.k8s.io",
};

/**
 * Normalise a Pulumi type token: `kubernetes:apps/v1beta2:DeploymentPatch` is a patch of apps/Deployment,
 * `azure-native:containerservice/v20260501:ManagedCluster` is containerservice/ManagedCluster,
 * `aws:s3/bucketV2:BucketV2` is s3/Bucket. Anything that is no token gives a kind that no rule names.
 */
export function kindOfToken(token: string): Kind {
    const known = kinds.get(token);
    if (known) return known;
    const kind = parseToken(token);
    kinds.set(token, kind);
    return kind;
}

/** A stack has thousands of resources of some dozens of types. */
const kinds = new Map<string, Kind>();

function parseToken(token: string): Kind {
    const [provider = "", module = "", name = ""] = token.split(":");
    const [group = "", ...version] = module.split("/");
    if (provider === "kubernetes") return kubernetesKind(version.length === 0 && group === "v1" ? "" : group, name);
    return { provider, group, kind: provider === "aws" ? name.replace(/V\d+$/, "") : name, twin: "whole" };
}

/** The kind of a Kubernetes object by its own `apiVersion` and `kind`. */
export function kindOfObject(apiVersion: string, kind: string): Kind {
    return kubernetesKind(apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "", kind);
}

/** `group/Kind`, the form in which rules and tables name a Kubernetes kind; `core` stands for the empty group. */
export function groupAndKind(kind: Kind): string {
    return `${kind.group === "" ? "core" : kind.group}/${kind.kind}`;
}

/**
 * The form in which rules name a kind: `apps/Deployment` of Kubernetes, `aws:eks/Cluster` of any other provider.
 */
export function keyOf(kind: Kind): string {
    return isKubernetes(kind) ? groupAndKind(kind) : `${kind.provider}:${groupAndKind(kind)}`;
}

export function isKubernetes({ provider }: Kind): boolean {
    return provider === "kubernetes";
}

function kubernetesKind(statedGroup: string, name: string): Kind {
    const twin = name.endsWith("Patch") ? "patch" : name.endsWith("List") ? "list" : "whole";
    const kind =
        twin === "patch" ? name.slice(0, -"Patch".length) : twin === "list" ? name.slice(0, -"List".length) : name;
    const group = statedGroup === "core" ? "" : (movedKinds[`${statedGroup}/${kind}`] ?? statedGroup);
    return { provider: "kubernetes", group, kind, twin };
}
