import { Value } from "../../reading/value";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { SettingSchema, Settings } from "../../rule";

/**
 * What the platform runs once in production, and why a second pod would do harm. The data operators and managed services take the place of
 * the first three.
 */
const own = [
    {
        namespace: "tars",
        name: "postgres",
        reason: "two servers of one StatefulSet would be two databases: nothing copies between them",
    },
    {
        namespace: "tars",
        name: "redis",
        reason: "two caches behind one service would each count and forget for themselves",
    },
    { namespace: "tars", name: "chromadb", reason: "single-node Chroma does not copy its collections between pods" },
    {
        namespace: "tars",
        name: "ollama",
        reason: "a model that is pulled through the service reaches the volume of one pod only",
    },
] as const;

export const singletonsSetting: Readonly<Record<"singletons", SettingSchema>> = {
    singletons: {
        type: "array",
        description: "Workloads that can only run once; without it, those of the platform",
        items: {
            type: "object",
            properties: {
                namespace: { type: "string", minLength: 1 },
                name: { type: "string", minLength: 1 },
                reason: { type: "string", minLength: 10, description: "What a second pod would break" },
            },
            required: ["namespace", "name", "reason"],
        },
    },
};

/** Whether a workload is listed as one that can only run once. */
export function isSingleton(workload: Subject, { singletons = own }: Settings): boolean {
    const quiet = { ...workload, object: workload.object.quietly };
    const [namespace, name] = [namespaceOf(quiet), nameOf(quiet)];
    return Value.unheard({ singletons })
        .get("singletons")
        .items()
        .some((each) => each.get("namespace").text() === namespace && each.get("name").text() === name);
}
