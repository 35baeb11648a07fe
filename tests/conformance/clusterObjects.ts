import fc from "fast-check";
import { judgedNamespace } from "./admissionObjects";
import type { KubeObject } from "./api";

const rbac = "rbac.authorization.k8s.io";
const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });

const policyRule = fc
    .record({
        apiGroups: some([
            "",
            "",
            "*",
            "apps",
            "authentication.k8s.io",
            "certificates.k8s.io",
            rbac,
            "admissionregistration.k8s.io",
        ]),
        resources: some([
            ...[
                "*",
                "pods",
                "pods/exec",
                "*/exec",
                "pods/portforward",
                "secrets",
                "configmaps",
                "nodes",
                "nodes/proxy",
                "users",
            ],
            ...[
                "serviceaccounts",
                "serviceaccounts/token",
                "roles",
                "clusterroles",
                "certificatesigningrequests/approval",
            ],
            ...["signers", "validatingwebhookconfigurations", "persistentvolumes", "*/scale", "userextras/scopes"],
        ]),
        verbs: some([
            "*",
            "get",
            "get",
            "list",
            "create",
            "update",
            "bind",
            "escalate",
            "impersonate",
            "approve",
            "delete",
        ]),
        resourceNames: fc.constantFrom(undefined, undefined, [], ["one"]),
    })
    .map((rule) => rule);

const urls = fc.record({ nonResourceURLs: some(["*", "/*", "/healthz", "/healthz/*"]), verbs: some(["get", "*"]) });
const labels = fc.dictionary(
    fc.constantFrom(`${rbac}/aggregate-to-view`, `${rbac}/aggregate-to-edit`, `${rbac}/aggregate-to-admin`, "team"),
    fc.constantFrom("true", "false"),
    { maxKeys: 2 },
);

const role: fc.Arbitrary<KubeObject> = fc
    .record({ rules: fc.oneof(fc.array(policyRule, { maxLength: 2 }), fc.constant(undefined)), labels })
    .map(({ rules, labels }) => ({
        apiVersion: `${rbac}/v1`,
        kind: "Role",
        metadata: { name: "r", namespace: judgedNamespace, labels },
        rules,
    }));

const clusterRole: fc.Arbitrary<KubeObject> = fc
    .record({
        rules: fc.oneof(fc.array(fc.oneof(policyRule, urls), { maxLength: 2 }), fc.constantFrom(undefined, null)),
        labels,
    })
    .map(({ rules, labels }) => ({
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRole",
        metadata: { name: "r", labels },
        rules,
    }));

const subject = fc.oneof(
    fc.record({
        kind: fc.constantFrom("User", "Group"),
        name: fc.constantFrom(
            "system:masters",
            "system:anonymous",
            "system:authenticated",
            "system:unauthenticated",
            "team",
        ),
    }),
    fc.constant({ kind: "ServiceAccount", name: "app", namespace: "shop" }),
);

const binding: fc.Arbitrary<KubeObject> = fc
    .record({
        isOfCluster: fc.boolean(),
        isOwn: fc.boolean(),
        name: fc.constantFrom("cluster-admin", "admin", "edit", "own"),
        subjects: fc.oneof(fc.array(subject, { maxLength: 2 }), fc.constant(undefined)),
    })
    .map(({ isOfCluster, isOwn, name, subjects }) => ({
        apiVersion: `${rbac}/v1`,
        kind: isOfCluster ? "ClusterRoleBinding" : "RoleBinding",
        metadata: isOfCluster ? { name: "b" } : { name: "b", namespace: judgedNamespace },
        roleRef: { apiGroup: rbac, kind: isOwn && !isOfCluster ? "Role" : "ClusterRole", name },
        subjects,
    }));

const podSecurity = "pod-security.kubernetes.io/enforce";

const namespace: fc.Arbitrary<KubeObject> = fc
    .record({
        name: fc.constantFrom("shop", "gpu-resources"),
        labels: fc.record({
            [podSecurity]: fc.constantFrom(undefined, "restricted", "restricted", "baseline", "privileged"),
            [`${podSecurity}-version`]: fc.constantFrom(undefined, "v1.32", "v1.32", "latest"),
            owner: fc.constantFrom(undefined, "team", "team", "team", ""),
            "cost-centre": fc.constantFrom("cc", "cc", "cc", undefined),
            "data-class": fc.constantFrom("internal", "internal", "restricted", "secret", undefined),
            environment: fc.constantFrom("dev", "staging", "production", "production", "prod", undefined),
            "app.kubernetes.io/part-of": fc.constantFrom("tars", "tars", "tars", undefined),
        }),
    })
    .map(({ name, labels }) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }));

const names = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
const peer = fc.oneof(
    fc
        .record({
            cidr: fc.constantFrom(
                "0.0.0.0/0",
                "0.0.0.0/1",
                "10.0.0.0/8",
                "169.254.0.0/16",
                "169.254.169.254/32",
                "::/0",
                "fd00::/8",
                "fc00::/7",
            ),
            except: fc.constantFrom(undefined, undefined, []),
        })
        .map((ipBlock) => ({ ipBlock })),
    fc.constant({ ipBlock: { cidr: "169.254.0.0/16", except: ["169.254.169.254/32"] } }),
    fc.constantFrom(
        ...[{ podSelector: {} }, { namespaceSelector: {} }, { namespaceSelector: {}, podSelector: {} }, names],
        ...[{ namespaceSelector: {}, podSelector: { matchLabels: { app: "a" } } }],
        { ...names, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
        { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
    ),
);
const peers = fc.oneof(
    { weight: 6, arbitrary: fc.array(peer, { minLength: 1, maxLength: 2 }) },
    fc.constantFrom(undefined, null, []),
);
const ports = fc.constantFrom(
    undefined,
    [{ port: 53 }],
    [{ port: 50, endPort: 60 }],
    [{ port: 80 }],
    [{ port: "dns" }],
    [{ protocol: "UDP" }],
);

const networkPolicy: fc.Arbitrary<KubeObject> = fc
    .record({
        ingress: fc.array(fc.record({ from: peers, ports }), { maxLength: 1 }),
        egress: fc.array(fc.record({ to: peers, ports }), { maxLength: 2 }),
    })
    .map((spec) => ({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "n", namespace: judgedNamespace },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
    }));

/** Objects beside pods that the policies judge, good and bad ones. */
export function clusterObjects(): fc.Arbitrary<KubeObject> {
    return fc.oneof(role, clusterRole, binding, namespace, networkPolicy);
}
