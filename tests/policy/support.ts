import { unknownCheckingProxy } from "@pulumi/policy";
import { readConfiguration } from "../../policy/configuration";
import { evaluateResource, evaluateStack, type Statement } from "../../policy/evaluate";
import { type Finding, judge, judgeAcross } from "../../policy/judge";
import { isMapping } from "../../policy/reading/value";
import { rules } from "../../policy/registry";
import { StackIndex } from "../../policy/resources/stack";
import type { Resource, Rule, Sample } from "../../policy/rule";
import { kubernetesResource, podOf, resourcesOf } from "../../policy/samples";
import { Exceptions } from "../../policy/terms/exceptions";
import { bareTerms, contextOf, type Terms } from "../../policy/terms/terms";

/** What the engine sends for a text that is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Mapping = Readonly<Record<string, unknown>>;
export type PodSample = Extract<Sample, { kind: "pod" | "container" }>;

export function isAboutPods(sample: Sample): sample is PodSample {
    return sample.kind === "pod" || sample.kind === "container";
}

/** Nothing repaired before it is judged. */
export const asItStands = readConfiguration({ all: "mandatory" });

export function findingsOf(rule: Rule, resources: readonly Resource[], configuration = asItStands): readonly Finding[] {
    return judge(resources, configuration).findings.filter((finding) => finding.rule === rule.id);
}

/** What a rule says, each thing with the property that it is said of, without the fix. */
export function saidOf(rule: Rule, resources: readonly Resource[], configuration = asItStands): readonly string[] {
    return findingsOf(rule, resources, configuration).map(({ message }) => withoutFix(message));
}

/** What a rule says of a sample, in the environment that the sample is for. */
export function sampleFindings(rule: Rule, sample: Sample): readonly Finding[] {
    if (sample.kind === "stacks")
        return judgeAcross(sample.stacks, asItStands).filter((finding) => finding.rule === rule.id);
    return judge(resourcesOf(sample), asItStands, termsIn(sample)).findings.filter(
        (finding) => finding.rule === rule.id,
    );
}

/** The same in short: each place with what is wrong there, without the fix. */
export function problemsOf(rule: Rule, resources: readonly Resource[], environment = bareTerms.environment): string[] {
    return sampleFindings(rule, { kind: "resources", resources, environment }).map(({ message }) =>
        withoutFix(message),
    );
}

function withoutFix(message: string): string {
    return message.replace(/; .*/s, "");
}

function termsIn(sample: Sample): Terms {
    if (sample.kind !== "resources") return bareTerms;
    return { ...bareTerms, ...sample.terms, environment: sample.environment ?? bareTerms.environment };
}

/** What a rule says in the engine, where touching an unknown value throws. */
export function inEngine(
    rule: Rule,
    resources: readonly Resource[],
    environment = bareTerms.environment,
): readonly Statement[] {
    return inEngineUnder(rule, resources.map(asProxied), { ...bareTerms, environment });
}

function asProxied(resource: Resource): Resource {
    return { ...resource, inputs: unknownCheckingProxy(resource.inputs) };
}

function inEngineUnder(rule: Rule, proxied: readonly Resource[], terms: Terms): readonly Statement[] {
    const context = contextOf(rule, new Exceptions(terms), {});
    if (rule.scope === "stacks") return [];
    if (rule.scope === "stack") return evaluateStack(rule, new StackIndex(proxied), context);
    return proxied.flatMap((resource) => evaluateResource(rule, resource, context));
}

/** What a rule says in the engine of a sample, in the environment that the sample is for. */
export function sampleInEngine(rule: Rule, sample: Sample): readonly Statement[] {
    return inEngineUnder(rule, resourcesOf(sample).map(asProxied), termsIn(sample));
}

export function ruleOf(id: string): Rule {
    const rule = rules.find((candidate) => candidate.id === id);
    if (!rule) throw new Error(`no rule ${id}`);
    return rule;
}

/** `base` with `value` at `path`; undefined takes the place away. Mappings and lists on the way are made as needed. */
export function withValue(base: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
    if (key === undefined) return value;
    if (typeof key === "number") {
        const list: unknown[] = Array.isArray(base) ? [...base] : [];
        list[key] = withValue(list[key], rest, value);
        return list;
    }
    const entries = Object.entries(isMapping(base) ? base : {});
    const inner = withValue(new Map(entries).get(key), rest, value);
    const others = entries.filter(([name]) => name !== key);
    return Object.fromEntries(inner === undefined ? others : [...others, [key, inner]]);
}

export const compliantPod = podOf({ kind: "pod", set: {} });

export function deploymentOf(pod: unknown): Resource {
    return kubernetesResource("apps/v1", "Deployment", { metadata: metadata, spec: { template: { spec: pod } } });
}

const metadata = { name: "app", namespace: "sample" };

/** Every kind of object with a pod in it, and where its pod spec is. */
export const holders: Readonly<Record<string, { readonly at: string; readonly of: (pod: unknown) => Resource }>> = {
    Pod: { at: "spec", of: (pod) => kubernetesResource("core/v1", "Pod", { metadata, spec: pod }) },
    PodPatch: { at: "spec", of: (pod) => kubernetesResource("core/v1", "PodPatch", { metadata, spec: pod }) },
    PodTemplate: {
        at: "template.spec",
        of: (pod) => kubernetesResource("core/v1", "PodTemplate", { metadata, template: { spec: pod } }),
    },
    ReplicationController: templated("core/v1", "ReplicationController"),
    Deployment: templated("apps/v1", "Deployment"),
    "Deployment of an old API": templated("extensions/v1beta1", "Deployment"),
    DeploymentPatch: templated("apps/v1", "DeploymentPatch"),
    StatefulSet: templated("apps/v1beta2", "StatefulSet"),
    DaemonSet: templated("apps/v1", "DaemonSet"),
    ReplicaSet: templated("apps/v1", "ReplicaSet"),
    Job: templated("batch/v1", "Job"),
    CronJob: {
        at: "spec.jobTemplate.spec.template.spec",
        of: (pod) =>
            kubernetesResource("batch/v1", "CronJob", {
                metadata,
                spec: { jobTemplate: { spec: { template: { spec: pod } } } },
            }),
    },
    Rollout: templated("argoproj.io/v1alpha1", "Rollout"),
    RayCluster: {
        at: "spec.workerGroupSpecs[1].template.spec",
        of: (pod) =>
            kubernetesResource("ray.io/v1", "RayCluster", {
                metadata,
                spec: { workerGroupSpecs: [{}, { template: { spec: pod } }] },
            }),
    },
    InferenceService: {
        at: "spec.predictor",
        of: (pod) =>
            kubernetesResource("serving.kserve.io/v1beta1", "InferenceService", { metadata, spec: { predictor: pod } }),
    },
    DeploymentList: {
        at: "items[0].spec.template.spec",
        of: (pod) =>
            kubernetesResource("apps/v1", "DeploymentList", {
                items: [{ metadata, spec: { template: { spec: pod } } }],
            }),
    },
    List: {
        at: "items[1].items[0].spec",
        of: (pod) =>
            kubernetesResource("core/v1", "List", {
                items: [
                    { apiVersion: "v1", kind: "ConfigMap" },
                    {
                        apiVersion: "v1",
                        kind: "PodList",
                        items: [{ apiVersion: "v1", kind: "Pod", metadata, spec: pod }],
                    },
                ],
            }),
    },
};

function templated(module: string, kind: string): { readonly at: string; readonly of: (pod: unknown) => Resource } {
    return {
        at: "spec.template.spec",
        of: (pod) => kubernetesResource(module, kind, { metadata, spec: { template: { spec: pod } } }),
    };
}
