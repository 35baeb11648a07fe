import type { Subject } from "../../resources/subject";
import type { SettingSchema, Settings } from "../../rule";
import { isListedObject, objectsSetting } from "../listedObjects";

/**
 * What the platform runs once in production, and why a second pod would do harm. The data operators and managed services take the place of
 * the first three in the namespace tars.
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
    {
        namespace: "istio-ingress",
        name: "counters",
        reason: "two counters of one address would each let its whole limit through; without any, edge.rateLimit.onFailure says what happens",
    },
] as const;

export const singletonsSetting: Readonly<Record<"singletons", SettingSchema>> = {
    singletons: objectsSetting({
        description: "Workloads that can only run once; without it, those of the platform",
        reason: "What a second pod would break",
    }),
};

/** Whether a workload is listed as one that can only run once. */
export function isSingleton(workload: Subject, { singletons = own }: Settings): boolean {
    return isListedObject(singletons, workload);
}
