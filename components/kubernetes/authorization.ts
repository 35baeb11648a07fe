import { waypoint } from "../foundation/mesh";
import { type Naming, ownNaming } from "../foundation/naming";
import { type MemberName, memberNames } from "../foundation/workloads";
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

interface Rule {
    readonly from: readonly { readonly source: Source }[];
    readonly to: readonly { readonly operation: { readonly ports: readonly string[] } }[];
}

interface AuthorizationSpec {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly action: "ALLOW";
    readonly rules: readonly Rule[];
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
    naming: Naming = ownNaming,
): ReadonlyMap<MemberName, AuthorizationSpec> {
    const called = memberNames.filter((name) => paths.some(({ to }) => to === name));
    return new Map(called.map((name) => [name, planCallers(name, { paths, namespace, naming })]));
}

interface Admitting {
    readonly paths: readonly AccessPath[];
    readonly namespace: string;
    readonly naming: Naming;
}

function planCallers(name: MemberName, { paths, namespace, naming }: Admitting): AuthorizationSpec {
    const callers = paths.filter(({ to }) => to === name);
    const direct = callers.filter(({ viaWaypoint }) => !viaWaypoint).map((path) => planRule(path, namespace, naming));
    const passing = callers.find(({ viaWaypoint }) => viaWaypoint);
    // Who called the waypoint, it has asked itself: the pods see the waypoint.
    const passed = passing === undefined ? [] : [ruleFor({ principals: [principalOf(waypoint)] }, passing.ports)];
    return { selector: { matchLabels: naming.podsOf(name) }, action: "ALLOW", rules: [...direct, ...passed] };
}

interface WaypointSpec {
    readonly targetRefs: readonly { readonly group: ""; readonly kind: "Service"; readonly name: string }[];
    readonly action: "ALLOW";
    readonly rules: readonly Rule[];
}

/** What the waypoint asks whoever calls a service through it, by the service. */
export function planWaypointAuthorization(
    paths: readonly AccessPath[],
    namespace: string,
    naming: Naming = ownNaming,
): ReadonlyMap<MemberName, WaypointSpec> {
    const passing = paths.filter(({ viaWaypoint }) => viaWaypoint);
    const called = memberNames.filter((name) => passing.some(({ to }) => to === name));
    return new Map(
        called.map((name) => {
            const rules = passing.filter(({ to }) => to === name).map((path) => planRule(path, namespace, naming));
            return [name, { targetRefs: [{ group: "", kind: "Service", name }], action: "ALLOW", rules }];
        }),
    );
}

/**
 * The same of a host outside that a ServiceEntry of the policy's namespace names.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/model/policyattachment.go (ShouldAttachPolicy)
 */
export function planEntryAuthorization(entry: string, callers: readonly Account[], port: number) {
    const rule = ruleFor({ principals: callers.map(principalOf) }, [port]);
    const targetRefs = [{ group: "networking.istio.io", kind: "ServiceEntry", name: entry }];
    return { targetRefs, action: "ALLOW", rules: [rule] };
}

function planRule({ from, ports }: AccessPath, namespace: string, naming: Naming): Rule {
    return ruleFor(sourceOf(from, namespace, naming), ports);
}

function ruleFor(source: Source, ports: readonly number[]): Rule {
    return { from: [{ source }], to: [{ operation: { ports: ports.map(String) } }] };
}

interface Account {
    readonly namespace: string;
    readonly serviceAccount: string;
}

function principalOf({ namespace, serviceAccount }: Account): string {
    return `cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}

function sourceOf(caller: Caller, namespace: string, naming: Naming): Source {
    switch (caller.kind) {
        case "workload":
            return { principals: [principalOf({ namespace, serviceAccount: naming.accountOf(caller.name) })] };
        case "account":
            return { principals: [principalOf(caller)] };
        case "namespace":
            return { namespaces: [caller.name] };
    }
}
