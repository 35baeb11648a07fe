import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { meshSigns, rootNamespaceOf, rootNamespaceSetting, signOfMesh } from "./presence";
import { istiod, meshWith, peerAuthentication } from "./samples";

const kind = "security.istio.io/PeerAuthentication";

const strict = peerAuthentication("default", "istio-system", { mtls: { mode: "STRICT" } });

export const strictMtls: StackRule = {
    id: "NET-03",
    title: "The whole mesh takes nothing but mutual TLS",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [kind, ...meshSigns],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24", "8.21"] }),
    why: "Until it is told otherwise a mesh also takes plain text, so that any pod can pose as any other and read what passes.",
    fix: "set mtls.mode STRICT in one PeerAuthentication without selector in the mesh's root namespace, and weaken it nowhere",
    link: "https://istio.io/latest/docs/reference/config/security/peer_authentication/",
    settings: rootNamespaceSetting,
    samples: {
        passing: [
            meshWith(strict),
            meshWith(strict, peerAuthentication("shop", "shop", { mtls: { mode: "UNSET" } })),
            meshWith(
                strict,
                peerAuthentication("a", "shop", { selector: { matchLabels: { app: "a" } }, mtls: { mode: "STRICT" } }),
                peerAuthentication("b", "shop", {
                    selector: { matchLabels: { app: "b" } },
                    portLevelMtls: { "8080": { mode: "STRICT" } },
                }),
            ),
        ],
        failing: [
            {
                sample: { kind: "resources", resources: [istiod] },
                problem: "shows a mesh without a root PeerAuthentication",
            },
            {
                sample: meshWith(peerAuthentication("default", "shop", { mtls: { mode: "STRICT" } })),
                problem: "shows a mesh without a root PeerAuthentication",
            },
            {
                sample: meshWith(
                    peerAuthentication("default", "istio-system", {
                        selector: { matchLabels: { app: "istiod" } },
                        mtls: { mode: "STRICT" },
                    }),
                ),
                problem: "shows a mesh without a root PeerAuthentication",
            },
            {
                sample: meshWith(peerAuthentication("default", "istio-system", {})),
                problem: "is not set for the whole mesh, which is PERMISSIVE by default",
            },
            {
                sample: meshWith(peerAuthentication("default", "istio-system", { mtls: { mode: "UNSET" } })),
                problem: "is not set for the whole mesh, which is PERMISSIVE by default",
            },
            {
                sample: meshWith(strict, peerAuthentication("shop", "shop", { mtls: { mode: "PERMISSIVE" } })),
                problem: "takes plain text (PERMISSIVE)",
            },
            {
                sample: meshWith(
                    strict,
                    peerAuthentication("a", "shop", { portLevelMtls: { "9090": { mode: "DISABLE" } } }),
                ),
                problem: "takes plain text (DISABLE)",
            },
            {
                sample: meshWith(strict, peerAuthentication("second", "istio-system", { mtls: { mode: "STRICT" } })),
                problem: "is the second PeerAuthentication for the same pods, of which only the older holds",
            },
        ],
    },
    check: (stack, report, { settings }) => {
        const sign = signOfMesh(stack);
        if (!sign) return;
        const policies = stack.of(kind).map((subject) => scopeOf(subject, rootNamespaceOf(settings)));
        checkRoot(sign, policies, report);
        for (const policy of policies) checkModes(policy, report);
        for (const [index, policy] of policies.entries()) checkConflict(policy, policies.slice(0, index), report);
    },
};

/** A PeerAuthentication, and which pods it is about. */
interface Policy {
    readonly subject: Subject;
    /** Undefined where namespace or selector is not known. */
    readonly pods: string | undefined;
    readonly isRoot: boolean;
}

function scopeOf(subject: Subject, root: string): Policy {
    const namespace = namespaceOf(subject);
    const labels = subject.object.get("spec", "selector", "matchLabels");
    const pairs = labels.keys().map((key) => `${key}=${String(labels.get(key).text())}`);
    const isKnown = namespace !== undecided && labels.mapping() !== undecided;
    const pods = isKnown ? [String(namespace), ...pairs.sort()].join(" ") : undefined;
    return { subject, pods, isRoot: isKnown && namespace === root && pairs.length === 0 };
}

function checkRoot(sign: Subject, policies: readonly Policy[], report: StackReport): void {
    const root = policies.find(({ isRoot }) => isRoot);
    if (!root) {
        // In files the rest of the mesh may be kept elsewhere, and so may the policy whose namespace is not known.
        if (sign.resource.origin === "manifest" || policies.some(({ pods }) => pods === undefined)) return;
        report(sign, { path: "metadata", problem: "shows a mesh without a root PeerAuthentication" });
        return;
    }
    const mode = root.subject.object.get("spec", "mtls", "mode");
    if (mode.text() !== absent && mode.text() !== "UNSET") return;
    report(root.subject, { path: mode.path, problem: "is not set for the whole mesh, which is PERMISSIVE by default" });
}

function checkModes({ subject }: Policy, report: StackReport): void {
    const spec = subject.object.get("spec");
    const ports = spec.get("portLevelMtls");
    checkMode(spec.get("mtls", "mode"), subject, report);
    for (const port of ports.keys()) checkMode(ports.get(port, "mode"), subject, report);
    ports.mapping(); // notes ports that cannot be read
}

function checkMode(mode: Value, subject: Subject, report: StackReport): void {
    const read = mode.text();
    if (read !== "PERMISSIVE" && read !== "DISABLE") return;
    report(subject, { path: mode.path, problem: `takes plain text (${read})` });
}

/** Of two for the same pods Istio takes the older, which a rebuilt cluster decides anew. */
function checkConflict({ subject, pods }: Policy, earlier: readonly Policy[], report: StackReport): void {
    if (pods === undefined || !earlier.some((other) => other.pods === pods)) return;
    const problem = "is the second PeerAuthentication for the same pods, of which only the older holds";
    report(subject, { path: "spec.selector", problem, fix: "leave one of the two" });
}
