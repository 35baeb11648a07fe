import { controls } from "../../controls";
import { everyResource } from "../../resources/dispatch";
import type { ResourceRule } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { clusterType, componentType, isOfComponent } from "../aws/clusters";
import { isStateful } from "../stateful";

/** Words in the name of a property by which who may do what, see what or reach what is decided. */
const securityWord =
    /access|acl|admission|allow|audit|auth|certificate|cidr|container|credential|egress|encrypt|endpoint|firewall|https|identit|image|ingress|kms|localaccounts|lock|logging|logtypes|metadataoptions|network|password|permission|polic|privilege|protect|public|rbac|retention|role|rule|scope|secret|secur|seccomp|ssl|tls|token|trust/i;

/** A key that is named by its id, URI or vault; `key` alone is a name of anything. */
const securityKey = /key(arn|id|identifier|name|uri|url|vault|version)?$/i;

/** Properties that hold everything else, security included. */
const wholes: ReadonlySet<string> = new Set(["*", "labels", "metadata", "podspec", "properties", "spec", "template"]);

/**
 * What the EKS component ignores of its own cluster, whatever a program says: it can only be chosen when the cluster is made
 * (nodejs/eks/src/cluster.ts of pulumi/pulumi-eks).
 */
const chosenByComponent = "accessConfig.bootstrapClusterCreatorAdminPermissions";

const cluster = cloudResource("azure-native:containerservice:ManagedCluster", {});
const componentCluster = cloudResource(clusterType, {});
const bucket = cloudResource("aws:s3/bucket:Bucket", {});
const deployment = kubernetesResource("apps/v1", "Deployment", {});

const ignoring = (...ignoreChanges: readonly string[]) => sampleOf({ ...cluster, options: { ignoreChanges } });
const ignored = "is ignored, so that nobody sees it change";

/**
 * No installed SDK sets `deleteBeforeReplace` by itself (searched in aws 7.48, azure-native 3.28, eks 4.3, kubernetes 4.34): where a provider has to
 * delete first it says so in its answer to the engine, not among the options. What stands here is the program's word.
 */
export const options: ResourceRule = {
    id: "STK-03",
    title: "No option hides a security property, or deletes data before its replacement is there",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC8.1"], iso27001: ["8.9", "8.32"] }),
    why: "An ignored property may be changed by hand for years without a preview that says so, and what is deleted first is gone when the second step fails.",
    fix: "ignore only what something else owns, such as a count that an autoscaler sets, and let the replacement of stateful resources come first",
    link: "https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
    samples: {
        passing: [
            ignoring("agentPoolProfiles[0].count", "scalingConfig.desiredSize"),
            sampleOf({ ...deployment, options: { ignoreChanges: ["spec.replicas"], deleteBeforeReplace: true } }),
            sampleOf({ ...bucket, options: { deleteBeforeReplace: false } }),
            sampleOf({
                ...componentCluster,
                urn: `urn:pulumi:sample::sample::${componentType}$${componentCluster.type}::eks-eksCluster`,
                options: { ignoreChanges: [chosenByComponent] },
            }),
            sampleOf(bucket),
        ],
        failing: [
            {
                sample: sampleOf({ ...componentCluster, options: { ignoreChanges: [chosenByComponent] } }),
                problem: ignored,
            },
            { sample: ignoring("disableLocalAccounts", "apiServerAccessProfile.authorizedIPRanges"), problem: ignored },
            { sample: ignoring("networkProfile"), problem: ignored },
            { sample: ignoring("kmsKeyId"), problem: ignored },
            { sample: ignoring("spec"), problem: ignored },
            { sample: ignoring("*"), problem: ignored },
            {
                sample: sampleOf({
                    ...deployment,
                    options: { ignoreChanges: ['spec.template.spec.containers[0]["securityContext"]'] },
                }),
                problem: ignored,
            },
            {
                sample: sampleOf({ ...bucket, options: { deleteBeforeReplace: true } }),
                problem: "is set on what holds data",
            },
        ],
    },
    check: (subject, report) => {
        const { ignoreChanges = [], deleteBeforeReplace } = subject.resource.options ?? {};
        const own = ignoreChanges.filter((path) => !(path === chosenByComponent && isOfComponent(subject)));
        for (const path of own.filter(isSecurityPath)) report({ path, problem: ignored });
        if (deleteBeforeReplace === true && isStateful(subject))
            report({ path: "deleteBeforeReplace", problem: "is set on what holds data" });
    },
};

/** Whether a property path names, or holds, a security property. */
function isSecurityPath(path: string): boolean {
    const segments = path.split(/[.[\]"']+/).filter((segment) => segment !== "" && !/^\d+$/.test(segment));
    const last = segments.at(-1) ?? "";
    return (
        wholes.has(last.toLowerCase()) ||
        segments.some((segment) => securityWord.test(segment) || securityKey.test(segment))
    );
}
