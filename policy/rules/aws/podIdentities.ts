import { controls } from "../../controls";
import { type Read, undecided, type Value } from "../../reading/value";
import { holdsUnreadChart } from "../../resources/charts";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { unreadChart } from "../unreadChart.samples";
import { account, association, irsa, irsaRole, namespace, podRole, podTags } from "./podIdentities.samples";
import { allowing, asked, covers, named, servicesOf, textsOf } from "./policyDocument";

const cart = "system:serviceaccount:shop:cart";

export const podIdentities: StackRule = {
    id: "AWS-07",
    title: "A role for pods trusts one service account of one cluster, and that account is there",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: ["aws:iam/Role", "aws:eks/PodIdentityAssociation", "core/Namespace", "core/ServiceAccount", "helm.sh/Chart"],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["5.16"], cisEks: ["5.2.1"] }),
    why: "A role that trusts more than one service account gives its rights to every pod that can name itself so.",
    fix: "ask by StringEquals for sub and aud of the cluster's issuer, or for the request tags eks-cluster-name, kubernetes-namespace and kubernetes-service-account",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    samples: {
        passing: [
            sampleOf(podRole({ StringEquals: podTags }), association("shop", "cart"), namespace, account),
            sampleOf(irsaRole({ StringEquals: irsa(cart) }), namespace, account),
            // A namespace that the stack does not make is somebody else's, with the accounts in it.
            sampleOf(association("elsewhere", "cart"), namespace),
            // The chart may hold the account.
            sampleOf(association("shop", "cart"), namespace, unreadChart("shop")),
            sampleOf(association("shop", "cart"), namespace, unreadChart()),
        ],
        failing: [
            {
                sample: sampleOf(association("shop", "cart"), namespace, unreadChart("elsewhere")),
                problem: "is none that the stack makes in its namespace",
            },
            {
                sample: sampleOf(irsaRole({ StringLike: irsa("system:serviceaccount:shop:*") })),
                problem: "asks for no exact sub",
            },
            {
                sample: sampleOf(irsaRole({ StringEquals: { "oidc.eks:sub": cart } })),
                problem: "asks for no exact aud",
            },
            { sample: sampleOf(podRole({})), problem: "asks for no exact cluster, namespace, service account" },
            {
                sample: sampleOf(podRole({ StringEqualsIfExists: podTags })),
                problem: "asks for no exact cluster, namespace, service account",
            },
            { sample: sampleOf(association(undefined, "cart")), problem: "namespace is not set" },
            {
                sample: sampleOf(association("shop", "cart"), namespace),
                problem: "is none that the stack makes in its namespace",
            },
            {
                sample: sampleOf(irsaRole({ StringEquals: irsa(cart) }), namespace),
                problem: "trusts a service account that the stack does not make in its namespace",
            },
        ],
    },
    check: (stack, report) => {
        const accounts = new Accounts(stack);
        for (const role of stack.of("aws:iam/Role")) {
            const trust = role.object.get("assumeRolePolicy");
            if (trust.isUnknown && namesNewIssuer(stack, role)) continue;
            for (const statement of allowing(trust)) {
                checkFederated({ role, statement, accounts }, report);
                checkPods(role, statement, report);
            }
        }
        for (const each of stack.of("aws:eks/PodIdentityAssociation")) checkAssociation(each, accounts, report);
    },
};

/** Conditions on tokens name the cluster's issuer, which nobody knows before the cluster is there: the update that makes it judges them. */
function namesNewIssuer(stack: Stack, role: Subject): boolean {
    const issuers = stack.of("aws:iam/OpenIdConnectProvider").map(({ resource }) => resource.urn);
    return stack.sourcesOf(role, "assumeRolePolicy").some(({ resource }) => issuers.includes(resource.urn));
}

/** The service accounts that a stack makes. */
class Accounts {
    private readonly namespaces: readonly Read<string>[];
    private readonly all: readonly (readonly [Read<string>, Read<string>])[];

    constructor(private readonly stack: Stack) {
        const quiet = (subject: Subject) => ({ ...subject, object: subject.object.quietly });
        this.namespaces = stack.of("core/Namespace").map((subject) => nameOf(quiet(subject)));
        this.all = stack
            .of("core/ServiceAccount")
            .map(quiet)
            .map((subject) => [namespaceOf(subject), nameOf(subject)]);
    }

    /** Whether the stack makes the namespace, and surely no such account in it: a chart that nobody has read yet may hold it. */
    lack(namespace: string, name: string): boolean {
        const isOurs = this.namespaces.includes(namespace);
        if (!isOurs || holdsUnreadChart(this.stack, namespace)) return false;
        return !this.all.some(([place, own]) => fits(place, namespace) && fits(own, name));
    }
}

const fits = (read: Read<string>, wanted: string) => read === wanted || read === undecided;

interface Trust {
    readonly role: Subject;
    readonly statement: Value;
    readonly accounts: Accounts;
}

/** Issuers of clusters; others, such as those of pipelines, have claims of their own. */
const ofCluster = /oidc-provider\/oidc[.-]eks\./;

function checkFederated({ role, statement, accounts }: Trust, report: StackReport): void {
    const federated = statement.get("Principal").keys().includes("Federated");
    if (
        !federated ||
        !textsOf(statement.get("Action")).some((action) => covers(action, "sts:AssumeRoleWithWebIdentity"))
    )
        return;
    if (!textsOf(statement.get("Principal", "Federated")).some((provider) => ofCluster.test(provider))) return;
    const path = statement.get("Condition").path;
    const subjects = asked(statement, (key) => key.endsWith(":sub"));
    if (subjects.length === 0) report(role, { path, problem: "asks for no exact sub" });
    if (asked(statement, (key) => key.endsWith(":aud")).length === 0) {
        report(role, { path, problem: "asks for no exact aud" });
    }
    for (const subject of subjects) {
        const [, , namespace = "", name = ""] = subject.split(":");
        if (!accounts.lack(namespace, name)) continue;
        report(role, { path, problem: "trusts a service account that the stack does not make in its namespace" });
    }
}

/** What Pod Identity says of a pod: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html#pod-id-abac-tags */
const tags = {
    cluster: ["eks-cluster-name", "eks-cluster-arn"],
    namespace: ["kubernetes-namespace"],
    "service account": ["kubernetes-service-account"],
} as const;

function checkPods(role: Subject, statement: Value, report: StackReport): void {
    if (!servicesOf(statement).includes("pods.eks.amazonaws.com")) return;
    const missing = Object.entries(tags).filter(
        ([, keys]) => !keys.some((key) => asked(statement, named(`aws:RequestTag/${key}`)).length > 0),
    );
    if (missing.length === 0) return;
    const problem = `asks for no exact ${missing.map(([what]) => what).join(", ")}`;
    report(role, { path: statement.get("Condition").path, problem });
}

function checkAssociation(subject: Subject, accounts: Accounts, report: StackReport): void {
    const [place, account] = [subject.object.get("namespace"), subject.object.get("serviceAccount")];
    const [namespace, name] = [place.text(), account.text()];
    for (const value of [place, account])
        if (!value.isSet) report(subject, { path: value.path, problem: "is not set" });
    if (typeof namespace !== "string" || typeof name !== "string" || !accounts.lack(namespace, name)) return;
    report(subject, { path: account.path, problem: "is none that the stack makes in its namespace" });
}
