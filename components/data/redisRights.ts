import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import { redisOperator } from "../foundation/redisNames";
import { createRights, subjectOf } from "../kubernetes/rights";
import type { Inside } from "../kubernetes/trafficPolicies";

const reading = ["get", "list", "watch"];
const making = [...reading, "create", "update", "patch"];
const kinds = ["redis", "redisclusters", "redisreplications", "redissentinels"];
const group = "redis.redis.opstreelabs.in";

/**
 * What the operator does in the namespace of the cache, read from its program: it makes what a Redis is, tells which pod writes by a label, and asks each
 * with the password. Its chart would let it read and write every Secret, and open a shell in every pod, which it needs for no kind that is made here.
 *
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator/tree/v0.26.0/internal/k8sutils
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/charts/redis-operator/templates/role.yaml
 */
const rulesOfCache = (secret: pulumi.Input<string>) => [
    { apiGroups: [group], resources: kinds, verbs: [...reading, "update", "patch"] },
    { apiGroups: [group], resources: kinds.map((kind) => `${kind}/finalizers`), verbs: ["update"] },
    { apiGroups: [group], resources: kinds.map((kind) => `${kind}/status`), verbs: ["get", "update", "patch"] },
    { apiGroups: ["apps"], resources: ["statefulsets"], verbs: making },
    { apiGroups: [""], resources: ["services"], verbs: making },
    { apiGroups: [""], resources: ["pods"], verbs: [...reading, "patch"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...reading, "update"] },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [secret], verbs: ["get"] },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: [...making, "delete"] },
];

/** In its own namespace: its pods choose one of them that acts. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/internal/cmd/manager/cmd.go (LeaderElectionID) */
const rulesOfLead = [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: making },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

const subjects = [subjectOf(redisOperator)];
const name = redisOperator.serviceAccount;

/** Its service account, whose token the chart has no other way to give to its pods. */
export function createOperatorAccount(part: string, inside: Inside, child: ChildOptions): readonly pulumi.Resource[] {
    const args = { metadata: { ...inside, name }, automountServiceAccountToken: true };
    const account = new ServiceAccount(`${part}-account`, args, child);
    const plan = { ...inside, name, rules: rulesOfLead, subjects, accounts: [account] };
    return [account, createRights(`${part}-lead`, plan, child).binding];
}

/**
 * In the namespace of the cache.
 *
 * @param secret name of the Secret with its password
 */
export function createCacheRights(
    part: string,
    secret: pulumi.Input<string>,
    inside: Inside,
    child: ChildOptions,
): pulumi.Resource {
    const plan = { ...inside, name, rules: rulesOfCache(secret), subjects };
    return createRights(`${part}-operator-rights`, plan, child).binding;
}
