import { isMapping } from "../../policy/reading/value";
import type { Mapping } from "../policy/support";
import { field, type KubeObject } from "./api";

/** Where the pack and the API server differ on an object, and have to. */
export interface Difference {
    readonly rule: string;
    readonly saidBy: "pack" | "server";
    /** The objects for which it is so. */
    readonly holds: (object: KubeObject) => boolean;
    readonly why: string;
}

export const differences: readonly Difference[] = [
    {
        rule: "POD-09",
        saidBy: "pack",
        holds: (object) => volumesOf(object).some(isOfNoType),
        why: "the API makes an emptyDir of a volume of no type before any policy sees it",
    },
    {
        rule: "POD-18",
        saidBy: "server",
        holds: (object) => volumesOf(object).some(isOfNoType),
        why: "and this emptyDir has no limit",
    },
    {
        rule: "POD-14",
        saidBy: "pack",
        holds: (object) => typeof podOf(object).serviceAccount === "string",
        why: "the API itself fills in the deprecated field, so that it stands in every pod",
    },
    {
        rule: "POD-11",
        saidBy: "server",
        holds: (object) => object.kind === "Pod" && podOf(object).hostNetwork === true,
        why: "the API makes every port of a pod on the node's network one of the node; POD-08 forbids that network already",
    },
    {
        rule: "RBAC-09",
        saidBy: "pack",
        holds: (object) =>
            object.kind === "Pod" &&
            podOf(object).automountServiceAccountToken !== false &&
            volumesOf(object).some(({ name }) => String(name).startsWith("kube-api-access-")),
        why: "the API server puts a volume of such a name into a pod by itself, so the policy must pass it; POD-13 stops such a pod already",
    },
];

/** The spec of the pod that an object holds. */
function podOf(object: KubeObject): Mapping {
    const places = ["spec.jobTemplate.spec.template.spec", "spec.template.spec", "template.spec", "spec"];
    const found = places.map((place) => field(object, place)).find((spec) => isMapping(spec));
    return isMapping(found) ? found : {};
}

function volumesOf(object: KubeObject): readonly Mapping[] {
    const { volumes } = podOf(object);
    return Array.isArray(volumes) ? volumes.filter(isMapping) : [];
}

function isOfNoType(volume: Mapping): boolean {
    return Object.entries(volume).every(([key, source]) => key === "name" || source === null);
}
