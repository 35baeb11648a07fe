import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Report, ResourceRule, Settings } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { entriesOf, listSetting } from "../listSetting";
import { cluster, clusterKinds, component, isComponent, isOfComponent } from "./clusters";

const admin = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
const principalArn = "arn:aws:iam::123456789012:role/break-glass";
const everywhere = { policyArn: admin, accessScope: { type: "cluster" } };
const someNamespaces = { policyArn: admin, accessScope: { type: "namespace", namespaces: ["team"] } };

const association = (inputs: object) =>
    cloudResource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", { principalArn, ...inputs });
const entries = (policy: object) => ({ breakGlass: { principalArn, accessPolicies: { admin: policy } } });
const byEntries = { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false };

export const administration: ResourceRule = {
    id: "AWS-04",
    title: "EKS lets people in by access entries alone, and makes nobody administrator of the whole cluster unlisted",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [...clusterKinds, "aws:eks/AccessPolicyAssociation", "core/ConfigMap"],
    controls: controls({
        soc2: ["CC6.2", "CC6.3"],
        iso27001: ["5.16", "8.2"],
        cisEks: ["4.1.7", "5.5.1"],
    }),
    why: "Entries of aws-auth are in no audit of the account, and an administrator whom nobody listed is one whom nobody takes away.",
    fix: "set authenticationMode API, bootstrapClusterCreatorAdminPermissions false, scope access policies to namespaces, and list who must administer all in the setting administrators",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    settings: {
        administrators: listSetting({
            description:
                "Principals that may administer the whole cluster, such as a break-glass role; without it none",
            entry: { principal: { type: "string", minLength: 1, description: "ARN of a role or user" } },
            reason: "Why it cannot do with less",
        }),
    },
    samples: {
        passing: [
            sampleOf(component({ authenticationMode: "API", accessEntries: entries(someNamespaces) })),
            sampleOf(cluster({ accessConfig: byEntries })),
            sampleOf(association(someNamespaces)),
            sampleOf(awsAuth("team")),
        ],
        failing: [
            { sample: sampleOf(component({})), problem: "authenticationMode is not API" },
            {
                sample: sampleOf(cluster({ accessConfig: { ...byEntries, authenticationMode: "API_AND_CONFIG_MAP" } })),
                problem: "accessConfig.authenticationMode is not API",
            },
            {
                sample: sampleOf(cluster({ accessConfig: { authenticationMode: "API" } })),
                problem: "makes whoever creates the cluster its administrator",
            },
            {
                sample: sampleOf(component({ authenticationMode: "API", accessEntries: entries(everywhere) })),
                problem: "administers the whole cluster",
            },
            { sample: sampleOf(association(everywhere)), problem: "administers the whole cluster" },
            {
                sample: sampleOf(component({ authenticationMode: "API", roleMappings: [{ username: "admin" }] })),
                problem: "writes to aws-auth",
            },
            { sample: sampleOf(awsAuth("kube-system")), problem: "is aws-auth" },
        ],
    },
    check: (subject, report, { settings }) => {
        const { kind, object } = subject;
        if (kind.kind === "ConfigMap") checkConfigMap(subject, report);
        else if (kind.kind === "AccessPolicyAssociation") checkPolicy(object, object, { report, settings });
        else if (isComponent(subject)) checkComponent(object, { report, settings });
        else checkConfig(subject, report);
    },
};

interface Check {
    readonly report: Report;
    readonly settings: Settings;
}

function awsAuth(namespace: string) {
    return kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "aws-auth", namespace } });
}

function checkConfigMap(subject: Subject, report: Report): void {
    if (nameOf(subject) === "aws-auth" && namespaceOf(subject) === "kube-system") {
        report({ path: "metadata.name", problem: "is aws-auth", fix: "use access entries of EKS" });
    }
}

/** EKS' defaults are the other way round: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html */
function checkConfig(subject: Subject, report: Report): void {
    const config = subject.object.get("accessConfig");
    checkMode(config.get("authenticationMode"), report);
    // The component gives no choice, and whoever it lets in is the one who then writes the entries.
    if (isOfComponent(subject)) return;
    const creator = config.get("bootstrapClusterCreatorAdminPermissions");
    const isAdmin = creator.boolean();
    if (isAdmin !== false && isAdmin !== undecided) {
        report({ path: creator.path, problem: "makes whoever creates the cluster its administrator" });
    }
}

function checkComponent(object: Value, check: Check): void {
    checkMode(object.get("authenticationMode"), check.report);
    for (const mappings of [object.get("roleMappings"), object.get("userMappings")]) {
        const isEmpty = mappings.isList && mappings.items().length === 0;
        if (mappings.isSet && !isEmpty) check.report({ path: mappings.path, problem: "writes to aws-auth" });
    }
    const entries = object.get("accessEntries");
    for (const name of entries.keys()) {
        const entry = entries.get(name);
        const policies = entry.get("accessPolicies");
        for (const policy of policies.keys()) checkPolicy(policies.get(policy), entry, check);
    }
}

function checkMode(mode: Value, report: Report): void {
    const read = mode.text();
    if (read !== "API" && read !== undecided) report({ path: mode.path, problem: "is not API" });
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const adminPolicies = /\/AmazonEKS(Cluster)?AdminPolicy$/;

function checkPolicy(policy: Value, entry: Value, { report, settings }: Check): void {
    const [arn, scope] = [policy.get("policyArn").text(), policy.get("accessScope", "type").text()];
    if (typeof arn !== "string" || !adminPolicies.test(arn) || scope !== "cluster") return;
    if (isListed(entry.get("principalArn"), settings)) return;
    report({ path: policy.get("policyArn").path, problem: "administers the whole cluster" });
}

/** Who it is counts only now that something was found. */
function isListed(principal: Value, settings: Settings): boolean {
    const listed = entriesOf(settings.administrators).map((administrator) => administrator.get("principal").text());
    if (listed.length === 0) return false;
    const arn = principal.text();
    return arn === undecided || listed.includes(arn);
}
