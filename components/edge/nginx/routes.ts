import { listenerNames } from "../identity";
import { paths, planHeaders, planParents, type RoutePlan } from "../routes";

/** Paths that only admin clients may delete by. */
const adminPath = "/admin";

/**
 * Every host leads to the backend, on every path but one: NGINX does not ask who callers are, so nobody deletes by admin routes. A rule that leads nowhere is
 * answered 500. NGINX goes by the longest path before it looks at methods, so other methods of that path are named too.
 *
 * The time limit is a policy's: NGINX Gateway Fabric does not know `timeouts` (internal/controller/state/graph/httproute.go at v2.6.7).
 */
export function planNginxRoute({ hosts, backend, hstsSeconds }: Omit<RoutePlan, "requestSeconds" | "listeners">) {
    const all = [...paths, adminPath].map((value) => ({ path: { type: "PathPrefix", value } }));
    return {
        parentRefs: planParents(hosts.map((_, index) => listenerNames.https(index))),
        hostnames: hosts,
        rules: [
            { matches: [{ path: { type: "PathPrefix", value: adminPath }, method: "DELETE" }] },
            {
                matches: all,
                filters: [planHeaders(hstsSeconds)],
                backendRefs: [{ group: "", kind: "Service", ...backend }],
            },
        ],
    };
}
