import { type GatewayPlan, planLabels, planListeners } from "../gateway";
import { gatewayOf } from "../identity";

/** The versions of TLS that listeners take: an option of NGINX Gateway Fabric's own (internal/controller/state/graph/gateway_listener.go at v2.6.7). */
const tlsOptions = { "nginx.org/ssl-protocols": "TLSv1.3" } as const;

/** The same listeners as those of Istio's gateway; what its pods are to be like says an NginxProxy of its own namespace. */
export function planNginxGateway({ entrance, ownership, hosts, routesFrom, certificate, options }: GatewayPlan) {
    return {
        gatewayClassName: gatewayOf("nginx").className,
        infrastructure: {
            labels: planOwnLabels(ownership),
            annotations: entrance.annotations,
            parametersRef: { group: "gateway.nginx.org", kind: "NginxProxy", name: options },
        },
        listeners: planListeners({ hosts, routesFrom, certificate, tlsOptions }),
    };
}

/** NGINX Gateway Fabric finds its pods by a name that it gives them; another one put in its place would have the API server refuse the Deployment. */
function planOwnLabels(ownership: GatewayPlan["ownership"]) {
    const { "app.kubernetes.io/name": _name, ...labels } = planLabels(ownership);
    return labels;
}
