import { selectorOf } from "../foundation/labels";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import type { AccessPath, Caller } from "./accessPaths";

/**
 * Who a caller is to the mesh: the service account in its certificate, which Istio issues under the trust domain `cluster.local` unless it is
 * told otherwise.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
interface Source {
    readonly principals?: readonly string[];
    readonly namespaces?: readonly string[];
}

interface AuthorizationSpec {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly action: "ALLOW";
    readonly rules: readonly {
        readonly from: readonly { readonly source: Source }[];
        readonly to: readonly { readonly operation: { readonly ports: readonly string[] } }[];
    }[];
}

/**
 * One policy for every workload that is called, which lets in its declared callers on the ports that it serves. A workload that nobody calls
 * has none: the policy of the namespace, which allows nothing, holds for it.
 *
 * @param namespace namespace of the workloads
 */
export function planAuthorization(
    paths: readonly AccessPath[],
    namespace: string,
): ReadonlyMap<WorkloadName, AuthorizationSpec> {
    const called = workloadNames.filter((name) => paths.some(({ to }) => to === name));
    return new Map(called.map((name) => [name, planCallers(name, paths, namespace)]));
}

function planCallers(name: WorkloadName, paths: readonly AccessPath[], namespace: string): AuthorizationSpec {
    const rules = paths
        .filter(({ to }) => to === name)
        .map(({ from, ports }) => ({
            from: [{ source: sourceOf(from, namespace) }],
            to: [{ operation: { ports: ports.map(String) } }],
        }));
    return { selector: { matchLabels: selectorOf(name) }, action: "ALLOW", rules };
}

/** Pods of a workload run under the service account of its name. */
function sourceOf(caller: Caller, namespace: string): Source {
    const principal = (of: string, account: string) => `cluster.local/ns/${of}/sa/${account}`;
    switch (caller.kind) {
        case "workload":
            return { principals: [principal(namespace, caller.name)] };
        case "account":
            return { principals: [principal(caller.namespace, caller.serviceAccount)] };
        case "namespace":
            return { namespaces: [caller.name] };
    }
}
