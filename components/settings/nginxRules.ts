import type { Issues } from "../foundation/issues";
import { nginxSize } from "../foundation/nginxSize";
import type { Settings } from "./schema";

type Checked = Pick<Settings, "edge" | "mesh">;

const useIstio = "set edge.controller to istio";

/** Refuses what Istio's gateway would do and NGINX cannot, so that nobody believes in a guard that is not there. */
export function checkNginx({ edge, mesh }: Checked, issues: Issues): void {
    if (edge.controller !== "nginx") return;
    if (edge.authentication !== undefined) {
        const problem = "is set, but NGINX asks callers for tokens only as NGINX Plus, which the platform does not run";
        issues.add("edge.authentication", problem, `remove it, or ${useIstio}`);
    }
    if (mesh.mode !== "ambient") {
        const problem = `is ${mesh.mode}, in which NGINX's calls of pods by their addresses do not reach the mesh`;
        issues.add("mesh.mode", problem, `set mesh.mode to ambient, or ${useIstio}`);
    }
    if (edge.rateLimit.exempt.length > 0) {
        const problem = "exempts addresses, but NGINX Gateway Fabric has one limit for all";
        issues.add("edge.rateLimit.exempt", problem, `remove it, or ${useIstio}`);
    }
    if (nginxSize(edge.requestBytes) === undefined) {
        const problem = `is ${edge.requestBytes}, which NGINX cannot say: it takes up to 9999 of whole Ki, Mi or Gi`;
        issues.add("edge.requestBytes", problem, `give an amount such as 100Mi, or ${useIstio}`);
    }
}

/** How callers come, as a cluster's owner says it. */
interface GivenEntrance {
    readonly clientAddress: "preserved" | "proxyProtocol";
    readonly trustedHops: number;
}

/** Refuses ways to a caller's address that NGINX does not know. */
export function checkNginxEntrance(
    { clientAddress, trustedHops }: GivenEntrance,
    { edge }: Pick<Settings, "edge">,
    issues: Issues,
): void {
    if (edge.controller !== "nginx") return;
    const most = clientAddress === "proxyProtocol" ? 0 : 1;
    if (trustedHops <= most) return;
    const problem = `is ${trustedHops}, but with clientAddress ${clientAddress} NGINX looks behind at most ${most} of them`;
    issues.add("cluster.entrance.trustedHops", problem, `set it to ${most}, or ${useIstio}`);
}
