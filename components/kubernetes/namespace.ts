import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { LimitRange, Namespace, ResourceQuota } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { admissionLabel } from "../../policy/admission/bindings";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Ownership, platformLabels } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { enrolment, meshTraffic } from "./meshTraffic";
import type { QuotaPlan } from "./quota";
import { inNamespace, planCalls } from "./traffic";

export interface TenantNamespaceArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    /** Name in the cluster. */
    readonly namespace: string;
    readonly quota: QuotaPlan;
    /**
     * Why the pods of this namespace must work on their nodes, in words that stand on the namespace.
     * @default undefined - they need not, and Pod Security keeps them from it
     */
    readonly nodeAgents?: string;
    /**
     * How the pods of this namespace join the mesh, which must be there before it.
     * @default undefined - they stay outside
     */
    readonly mesh?: MeshMode;
    /**
     * Why the API server does not hold what comes into this namespace to the pack's rules about single objects, in words that stand on the
     * namespace. Pod Security holds here as anywhere, and the pack itself judges what the program makes.
     * @default undefined - it does
     */
    readonly unjudged?: string;
}

/**
 * The rules that Pod Security enforces, pinned so that a cluster upgrade never changes them unasked. 1.32 is the oldest
 * Kubernetes that the platform runs on.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
const podSecurity = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.32",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/warn-version": "v1.32",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/audit-version": "v1.32",
} as const;

/** Pod Security knows no level between: a pod that mounts one folder of its node is `privileged`. The policy pack lists what such pods may. */
const nodeSecurity = {
    "pod-security.kubernetes.io/enforce": "privileged",
    "pod-security.kubernetes.io/enforce-version": "v1.32",
} as const;

/** What a container gets that does not say: small, so that forgetting it is noticed before it is expensive. */
const containerDefaults = {
    defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "128Mi" },
    default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
} as const;

/** A namespace in which nothing may do more than it declares: hardened pods, no traffic but name lookups, a ceiling on resources. */
export class TenantNamespace extends TarsComponent {
    /**
     * The namespace's name. It is known before the cluster is, because rules judge by it at the first preview of all; so whatever is in the
     * namespace names `object` among what it depends on, and pods this component: what bounds them has to be there first.
     */
    readonly namespace: pulumi.Output<string>;
    /** The namespace itself, without what bounds its pods. */
    readonly object: pulumi.Resource;

    constructor(name: string, args: TenantNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "TenantNamespace", name, opts);
        const { mesh } = args;
        const labels = platformLabels(args.ownership);
        const child = { parent: this, provider: args.cluster.provider };
        const metadata = planMetadata(args);
        this.namespace = pulumi.output(args.namespace);
        this.object = new Namespace(name, { metadata }, child);
        const after = { ...child, dependsOn: [this.object] };
        const inside = (object: string) => ({ name: object, namespace: this.namespace, labels });
        createTrafficRules(name, inside, after);
        if (mesh !== undefined) createMeshRules(name, { mesh, inside }, after);
        new ResourceQuota(`${name}-quota`, { metadata: inside("quota"), spec: { hard: { ...args.quota } } }, after);
        const limits = [{ type: "Container", ...containerDefaults }];
        new LimitRange(`${name}-limits`, { metadata: inside("limits"), spec: { limits } }, after);
        this.registerOutputs({ namespace: this.namespace });
    }
}

/** What the namespace says of itself, and why it is let off where it is. */
function planMetadata({ namespace, ownership, nodeAgents, mesh, unjudged }: TenantNamespaceArgs) {
    const judged = unjudged === undefined ? admissionLabel : {};
    const labels = {
        ...platformLabels(ownership),
        ...judged,
        ...(mesh && enrolment[mesh]),
        ...(nodeAgents === undefined ? podSecurity : nodeSecurity),
    };
    const annotations = {
        ...(nodeAgents === undefined ? {} : { "tars-platform/privileged-because": nodeAgents }),
        ...(unjudged === undefined ? {} : { "tars-platform/unjudged-because": unjudged }),
    };
    return { name: namespace, labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}

type Inside = (object: string) => {
    name: string;
    namespace: pulumi.Output<string>;
    labels: Readonly<Record<string, string>>;
};

function createTrafficRules(name: string, inside: Inside, child: ChildOptions): void {
    const denied = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    new NetworkPolicy(`${name}-default-deny`, { metadata: inside("default-deny"), spec: denied }, child);
    new NetworkPolicy(`${name}-allow-dns`, { metadata: inside("allow-dns"), spec: planNameLookups() }, child);
}

/** In the mesh nobody may call anybody either, until a policy beside this one names who. */
function createMeshRules(
    name: string,
    { mesh, inside }: { readonly mesh: MeshMode; readonly inside: Inside },
    child: ChildOptions,
): void {
    new NetworkPolicy(`${name}-allow-mesh`, { metadata: inside("allow-mesh"), spec: meshTraffic[mesh] }, child);
    const kind = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" };
    new CustomResource(`${name}-allow-nothing`, { ...kind, metadata: inside("allow-nothing"), spec: {} }, child);
}

/** Every pod may ask the cluster's name service, and nobody else, for addresses. */
function planNameLookups() {
    const nameService = inNamespace("kube-system", { "k8s-app": "kube-dns" });
    const ports = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
    return planCalls({}, [{ to: [nameService], ports }]);
}
