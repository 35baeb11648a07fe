import type { Issues } from "../foundation/issues";
import { platformNamespaces } from "../foundation/platformNamespaces";
import type { NodePoolPlan } from "../foundation/pools";
import { type Qdrant, vectorRoles } from "../foundation/vectors";
import { checkOdd, checkZones, zonesOf } from "./quorumChecks";
import type { Settings } from "./schema";
import { checkSize } from "./sizeChecks";

/** Adds what a store of vectors cannot be: without a majority, in zones that are not there, with copies that no pod is left for. */
export function checkVectors(
    { data: { vectors }, environment }: Pick<Settings, "data" | "environment">,
    pools: readonly NodePoolPlan[],
    issues: Issues,
): void {
    if (vectors.kind === "off") return;
    checkReplicas(vectors, { pools, isProduction: environment === "production" }, issues);
    checkCopies(vectors, issues);
    checkSize("data.vectors.store", vectors.store, issues);
    checkSize("data.vectors.api", vectors.api.size, issues);
    checkAutoscaling(vectors, issues);
    checkClients(vectors, issues);
}

interface Standing {
    readonly pools: readonly NodePoolPlan[];
    readonly isProduction: boolean;
}

/** Qdrant's pods agree by Raft on which collections there are and who has what of them. @see https://qdrant.tech/documentation/guides/distributed_deployment/#raft */
function checkReplicas({ store }: Qdrant, { pools, isProduction }: Standing, issues: Issues): void {
    const key = "data.vectors.store.replicas";
    const pods = store.replicas.min;
    checkOdd(key, pods, issues);
    if (isProduction && pods < 3) {
        issues.add(key, `is ${pods}: in production no pod's loss may take the majority`, "set 3 or more");
    }
    const zones = zonesOf(pools, vectorRoles);
    if (zones > 1) checkZones(key, pods, zones, issues);
}

function checkCopies({ store, replicationFactor }: Qdrant, issues: Issues): void {
    const key = "data.vectors.store.replicationFactor";
    const pods = store.replicas.min;
    if (replicationFactor > pods) {
        const words = `is ${replicationFactor}, but there are ${pods} pods, and none keeps the same part twice`;
        issues.add(key, words, `set at most ${pods}, or raise data.vectors.store.replicas`);
    }
    if (replicationFactor > 1 || pods === 1) return;
    issues.add(key, `is 1: what one of the ${pods} pods has is lost with it`, "set 2 or more");
}

function checkAutoscaling({ api }: Qdrant, issues: Issues): void {
    const { min, max } = api.size.replicas;
    const key = "data.vectors.api.replicas";
    if (min > max) issues.add(key, `min is ${min} and max is ${max}`, `set max to at least ${min}`);
    if (min < 2) issues.add(`${key}.min`, `is ${min}: nobody answers while that one is replaced`, "set 2 or more");
}

/** The platform's own namespaces let their pods call whom the program says, and it says nothing of this. */
function checkClients({ api }: Qdrant, issues: Issues): void {
    api.clients.forEach(({ namespace }, index) => {
        if (!platformNamespaces.some((own) => own === namespace)) return;
        const words = `is ${namespace}, which is the platform's own: nothing there is let out to this service`;
        issues.add(`data.vectors.api.clients.${index}.namespace`, words, "name the namespace of the calling service");
    });
}
