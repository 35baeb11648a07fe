import { setTimeout as sleep } from "node:timers/promises";
import { actions, admissionLabel, bindingOf, type Enforcement } from "../../policy/admission/bindings";
import { admissionPolicies } from "../../policy/admission/policies";
import { optionalRegistries } from "../../policy/facts/images";
import { judge } from "../../policy/judge";
import { isMapping } from "../../policy/reading/value";
import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { asItStands } from "../policy/support";
import { sharedCluster } from "../support/cluster";
import { type Answer, Api, field, type KubeObject } from "./api";

const registration = "/apis/admissionregistration.k8s.io/v1";

/** Beside the platform's own label, so that on the cluster that tests share nobody else's object is judged. */
const onlyHere = { "tars-test/admission": "here" } as const;
export const judgedLabels = { ...admissionLabel, ...onlyHere } as const;

/** Kinds that the policies know, each with the path of its list. */
const paths: Readonly<Record<string, { readonly list: string; readonly namespaced: boolean }>> = {
    "v1:Pod": { list: "/api/v1 pods", namespaced: true },
    "v1:PodTemplate": { list: "/api/v1 podtemplates", namespaced: true },
    "v1:ReplicationController": { list: "/api/v1 replicationcontrollers", namespaced: true },
    "v1:Secret": { list: "/api/v1 secrets", namespaced: true },
    "v1:Namespace": { list: "/api/v1 namespaces", namespaced: false },
    ...Object.fromEntries(
        ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) => [
            `apps/v1:${kind}`,
            { list: `/apis/apps/v1 ${kind.toLowerCase()}s`, namespaced: true },
        ]),
    ),
    "networking.k8s.io/v1:NetworkPolicy": { list: "/apis/networking.k8s.io/v1 networkpolicies", namespaced: true },
    "batch/v1:Job": { list: "/apis/batch/v1 jobs", namespaced: true },
    "batch/v1:CronJob": { list: "/apis/batch/v1 cronjobs", namespaced: true },
    ...Object.fromEntries(
        ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"].map((kind) => [
            `rbac.authorization.k8s.io/v1:${kind}`,
            {
                list: `/apis/rbac.authorization.k8s.io/v1 ${kind.toLowerCase()}s`,
                namespaced: !kind.startsWith("Cluster"),
            },
        ]),
    ),
};

/** Whether the API server has a policy for objects of this kind. */
export function isJudged(object: KubeObject): boolean {
    return `${object.apiVersion}:${object.kind}` in paths;
}

/** The path of the list that an object belongs to. */
export function listOf(object: KubeObject): string {
    const { list, namespaced } = paths[`${object.apiVersion}:${object.kind}`] ?? { list: " ", namespaced: false };
    const [group, plural] = list.split(" ");
    return namespaced ? `${group}/namespaces/${field(object, "metadata.namespace")}/${plural}` : `${group}/${plural}`;
}

/** An object of the cluster itself with the label by which it is judged; one in a namespace as it is. */
export function withJudgedLabels(object: KubeObject): KubeObject {
    const { namespaced } = paths[`${object.apiVersion}:${object.kind}`] ?? { namespaced: true };
    if (namespaced) return object;
    const [metadata, labels] = [mappingAt(object, "metadata"), mappingAt(object, "metadata.labels")];
    return { ...object, metadata: { ...metadata, labels: { ...labels, ...judgedLabels } } };
}

function mappingAt(object: KubeObject, path: string): KubeObject {
    const found = field(object, path);
    return isMapping(found) ? found : {};
}

/** What both gates say of an object. */
export interface Judged {
    readonly object: KubeObject;
    readonly pack: ReadonlySet<string>;
    /** Undefined where the API itself takes the object for invalid, before any policy sees it. */
    readonly server: ReadonlySet<string> | undefined;
    readonly answer: Answer;
}

/** The platform's policies on the shared cluster, for namespaces that bear a test's label. */
export class AdmissionScene {
    readonly api = new Api(sharedCluster().kubeconfig);
    private readonly made: string[] = [];

    /** Install or change the policies; they hold, and everything that they need is there, when this is done. */
    async install(enforcement: Enforcement): Promise<void> {
        for (const policy of admissionPolicies({ repositories: optionalRegistries })) {
            const binding = bindingOf(policy, actions[enforcement]);
            const [[selector, chosen] = ["", {}]] = Object.entries(binding.matchResources);
            const matchLabels = { ...chosen.matchLabels, ...onlyHere };
            const spec = { ...binding, matchResources: { [selector]: { matchLabels } } };
            await this.apply(
                `${registration}/validatingadmissionpolicies/${policy.name}`,
                "ValidatingAdmissionPolicy",
                policy.spec,
            );
            await this.apply(
                `${registration}/validatingadmissionpolicybindings/${policy.name}`,
                "ValidatingAdmissionPolicyBinding",
                spec,
            );
        }
    }

    async remove(): Promise<void> {
        for (const path of this.made.reverse()) await this.api.remove(path);
    }

    /** A namespace, with accounts for its pods. */
    async namespace(
        name: string,
        labels: Readonly<Record<string, string>>,
        accounts: readonly string[],
    ): Promise<void> {
        await this.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
        const list = `/api/v1/namespaces/${name}/serviceaccounts`;
        for (const account of accounts) {
            await this.api.apply(`${list}/${account}`, "test", {
                apiVersion: "v1",
                kind: "ServiceAccount",
                metadata: { name: account },
            });
        }
        while ((await this.api.get(`${list}/default`)) === undefined) await sleep(50);
    }

    async create(list: string, object: KubeObject): Promise<void> {
        await this.api.create(list, object);
        this.made.push(`${list}/${field(object, "metadata.name")}`);
    }

    /** What both gates say of objects, none of which is stored. */
    async judge(objects: readonly KubeObject[], compared: ReadonlySet<string>): Promise<readonly Judged[]> {
        const results: Judged[] = [];
        const queue = objects.entries();
        const work = async () => {
            for (const [index, object] of queue) results[index] = await this.judgeOne(object, compared);
        };
        await Promise.all(Array.from({ length: 12 }, work));
        return results;
    }

    private async judgeOne(object: KubeObject, compared: ReadonlySet<string>): Promise<Judged> {
        const answer = await this.api.tryOut(listOf(object), object);
        // That an object of this name is already there comes after the policies.
        const isInvalid = answer.status >= 400 && answer.status !== 409;
        const pack = [...packRules(resourceOf(object))].filter((rule) => compared.has(rule));
        return { object, pack: new Set(pack), server: isInvalid ? undefined : serverRules(answer), answer };
    }

    private async apply(path: string, kind: string, spec: object): Promise<void> {
        if (!this.made.includes(path)) this.made.push(path);
        const metadata = { name: path.split("/").at(-1) };
        await this.api.apply(path, "test", { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata, spec });
    }
}

/** The object as the program registers it. */
function resourceOf(object: KubeObject): Resource {
    const module = object.apiVersion === "v1" ? "core/v1" : String(object.apiVersion);
    return kubernetesResource(module, String(object.kind), object);
}

/** Rules that the pack stops an update for. */
function packRules(resource: Resource): ReadonlySet<string> {
    const { findings } = judge([resource], asItStands);
    return new Set(findings.filter(({ level, decided }) => level === "mandatory" && decided).map(({ rule }) => rule));
}

const warning =
    /^Validation failed for ValidatingAdmissionPolicy '[\w-]+' with binding '[\w-]+': (?:(\w+-\d+): )?(.*)$/s;

/** Rules that the API server warns about; an expression that it could not evaluate is none, and stands as it is. */
export function serverRules({ warnings }: Answer): ReadonlySet<string> {
    return new Set(
        warnings.flatMap((text) => {
            const [, rule, rest = ""] = warning.exec(text) ?? [];
            return rule === undefined && rest === "" ? [] : [rule ?? rest];
        }),
    );
}
