import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { everyPodTemplate } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { compliantDeployment } from "../../samples";
import { isListedObject, objectsSetting } from "../listedObjects";
import { allowing, from, onlyWith } from "./meshAuthorization.samples";
import { isEnrolled, meshSigns, rootNamespaceOf, rootNamespaceSetting, signOfMesh } from "./presence";
import { meshWith, namespaceOfMesh } from "./samples";

const kind = "security.istio.io/AuthorizationPolicy";

const service = { principals: ["cluster.local/ns/edge/sa/gateway"] };

export const meshAuthorization: StackRule = {
    id: "NET-07",
    title: "In the mesh nothing is allowed but named callers",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [kind, ...meshSigns, everyPodTemplate],
    controls: controls({ soc2: ["CC6.1", "CC6.3"], iso27001: ["8.3", "5.15"] }),
    why: "Mutual TLS says who calls, and without a policy every caller may do everything.",
    fix: "add an AuthorizationPolicy with an empty spec to the namespace, then allow single callers by service account",
    link: "https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns",
    settings: {
        ...rootNamespaceSetting,
        publicPolicies: objectsSetting({
            description: "AuthorizationPolicies that let in callers who have no identity yet",
            reason: "Why it has to be so",
        }),
    },
    samples: {
        passing: [
            from(service),
            from({ serviceAccounts: ["edge/gateway"] }),
            from({ namespaces: ["edge"] }),
            from({ requestPrincipals: ["*"] }),
            allowing({ action: "DENY", rules: [{ to: [{ operation: { paths: ["/admin"] } }] }] }),
            onlyWith("istio-system", {}),
            onlyWith("shop", { action: "ALLOW" }),
            meshWith(namespaceOfMesh("empty")),
            meshWith(namespaceOfMesh("outside", {}), compliantDeployment("outside")),
        ],
        failing: [
            {
                sample: meshWith(namespaceOfMesh("shop"), compliantDeployment("shop")),
                problem: "is in the mesh without a deny-all AuthorizationPolicy",
            },
            {
                sample: onlyWith("shop", { selector: { matchLabels: { app: "one" } } }),
                problem: "is in the mesh without a deny-all AuthorizationPolicy",
            },
            {
                sample: onlyWith("shop", { targetRefs: [{ kind: "Service", name: "one" }] }),
                problem: "is in the mesh without a deny-all AuthorizationPolicy",
            },
            {
                sample: onlyWith("shop", { targetRef: { kind: "Service", name: "one" } }),
                problem: "is in the mesh without a deny-all AuthorizationPolicy",
            },
            {
                sample: onlyWith("shop", { action: "DENY" }),
                problem: "is in the mesh without a deny-all AuthorizationPolicy",
            },
            { sample: allowing({ action: "ALLOW", rules: [{}] }), problem: "allows every caller" },
            { sample: allowing({ rules: [{}] }), problem: "allows every caller" },
            {
                sample: allowing({ rules: [{ to: [{ operation: { methods: ["GET"] } }] }] }),
                problem: "allows every caller",
            },
            { sample: from({}), problem: "allows every caller" },
            { sample: from({ notNamespaces: ["other"] }), problem: "allows every caller" },
            { sample: from({ trustDomains: ["cluster.local"] }), problem: "allows every caller" },
            { sample: from({ principals: ["*"] }), problem: "stands for every caller" },
            { sample: from({ namespaces: ["*"] }), problem: "stands for every caller" },
            { sample: from({ ipBlocks: ["0.0.0.0/0"] }), problem: "stands for every caller" },
        ],
    },
    check: (stack, report, { settings }) => {
        if (!signOfMesh(stack)) return;
        const policies = stack.of(kind);
        checkNamespaces(stack, { policies, root: rootNamespaceOf(settings) }, report);
        for (const policy of policies)
            if (!isListedObject(settings.publicPolicies, policy)) checkAllowed(policy, report);
    },
};

interface Known {
    readonly policies: readonly Subject[];
    readonly root: string;
}

function checkNamespaces(stack: Stack, { policies, root }: Known, report: StackReport): void {
    const used = new Set(stack.workloads.map((workload) => namespaceOf(workload)));
    const denied = new Set(policies.filter(deniesAll).map((policy) => namespaceOf(policy)));
    for (const namespace of stack.of("core/Namespace")) {
        const name = nameOf(namespace);
        if (typeof name === "symbol" || !used.has(name) || isEnrolled(namespace.object) !== true) continue;
        // A policy whose namespace is not known has been noted, and may be the one.
        if (denied.has(name) || denied.has(root) || denied.has(undecided)) continue;
        report(namespace, { path: "metadata.name", problem: "is in the mesh without a deny-all AuthorizationPolicy" });
    }
}

/** A policy that allows, and names nothing that it allows, for every pod of its namespace. What cannot be read of it is noted. */
function deniesAll({ object, kind: { twin } }: Subject): boolean {
    const spec = object.get("spec");
    const action = spec.get("action").text();
    const isWide = ["selector", "targetRef", "targetRefs"].every((key) => !spec.get(key).isSet);
    // A Patch leaves what it does not say to the policy that it patches.
    const says = twin !== "patch" || spec.isSet;
    return says && isWide && (action === absent || action === "ALLOW") && isEmpty(spec.get("rules"));
}

/** No list, or one without elements; a list that cannot be read is noted and not empty. */
function isEmpty(list: Value): boolean {
    return list.items().length === 0 && (!list.isSet || list.isList);
}

function checkAllowed(policy: Subject, report: StackReport): void {
    const spec = policy.object.get("spec");
    const action = spec.get("action").text();
    if (action !== absent && action !== "ALLOW") return;
    for (const rule of spec.get("rules").items()) {
        const sources = rule.get("from");
        if (isEmpty(sources)) report(policy, { path: rule.path, problem: "allows every caller" });
        for (const entry of sources.items()) checkSource(entry.get("source"), policy, report);
    }
}

/** Fields that say who calls; a trust domain is the whole mesh, and what begins with `not` is everybody else. */
const naming = [
    "principals",
    "serviceAccounts",
    "namespaces",
    "requestPrincipals",
    "ipBlocks",
    "remoteIpBlocks",
] as const;

/** Values that stand for everybody. In `requestPrincipals` a star is every token that was verified, which is a caller by name. */
const everybody: ReadonlySet<unknown> = new Set(["*", "0.0.0.0/0", "::/0"]);

function checkSource(source: Value, policy: Subject, report: StackReport): void {
    const named = naming.map((field) => source.get(field)).filter((field) => field.isSet);
    if (named.length === 0) {
        report(policy, { path: source.path, problem: "allows every caller" });
        return;
    }
    for (const field of named) {
        for (const value of field.items()) {
            const text = value.text();
            if (!everybody.has(text) || field.path.endsWith("requestPrincipals")) continue;
            report(policy, { path: value.path, problem: "stands for every caller" });
        }
    }
}
