import { LimitRange, Namespace, ResourceQuota } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { networking } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";

/** Pinned to a version, so that an upgrade of the cluster never changes the rules unasked. */
const podSecurity = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.32",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
} as const;

/** Whose the namespace is and how its data is treated: the platform's policy pack asks every namespace for that. */
const ownership = {
    "app.kubernetes.io/part-of": "team-app",
    owner: "team-app",
    "cost-centre": "cc-2001",
    "data-class": "internal",
} as const;

/** Room for two small pods and the one that an update adds. */
const quota = {
    pods: "3",
    "requests.cpu": "150m",
    "requests.memory": "96Mi",
    "limits.cpu": "600m",
    "limits.memory": "192Mi",
    "requests.nvidia.com/gpu": "0",
} as const;

/**
 * A namespace of the team's own: hardened pods, a ceiling on resources, and no traffic but to the name service and the platform's front door.
 *
 * @param environment what the stack is for: dev, staging or production
 * @param gatewayNamespace namespace that calls to the platform's URLs go to
 * @returns its name, known to be created
 */
export function createTenant(
    name: string,
    { environment, gatewayNamespace }: { environment: string; gatewayNamespace: pulumi.Output<string> },
    options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const labels = { ...podSecurity, ...ownership, environment };
    const namespace = new Namespace(name, { metadata: { name, labels } }, options).metadata.name;
    const inside = (object: string) => ({ name: object, namespace });
    new ResourceQuota("quota", { metadata: inside("quota"), spec: { hard: quota } }, options);
    const defaults = { default: { cpu: "100m", memory: "32Mi" }, defaultRequest: { cpu: "50m", memory: "32Mi" } };
    const limits = [{ type: "Container", ...defaults }];
    new LimitRange("limits", { metadata: inside("limits"), spec: { limits } }, options);
    const rules = {
        "default-deny": denyAll,
        "allow-dns": allowNames(),
        "allow-platform": allowPlatform(gatewayNamespace),
    };
    for (const [rule, spec] of Object.entries(rules)) {
        new NetworkPolicy(rule, { metadata: inside(rule), spec }, options);
    }
    return namespace;
}

const denyAll: networking.v1.NetworkPolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

function allowNames(): networking.v1.NetworkPolicySpec {
    const nameService = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    };
    const ports = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
    return { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [nameService], ports }] };
}

/** Port 443 of the gateway, on which its pods listen too: policies see the pod's port. */
function allowPlatform(gatewayNamespace: pulumi.Output<string>): networking.v1.NetworkPolicySpec {
    const gateway = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gatewayNamespace } } };
    const egress = [{ to: [gateway], ports: [{ protocol: "TCP", port: 443 }] }];
    return { podSelector: {}, policyTypes: ["Egress"], egress };
}
