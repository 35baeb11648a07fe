import type { ImageSources } from "../../foundation/imageSources";
import { nginxControllerSize } from "../../foundation/nginxSizes";
import type { Size } from "../../foundation/workloads";
import { chartImage, containerResources, spreadOf, systemNodes } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { gatewayOf } from "../identity";
import { agentSecrets } from "./agentCertificates";
import { controllerLabels, nginxImages, nginxPorts } from "./names";

/**
 * Values of the chart: its keys, types and defaults are in values.yaml and values.schema.json of nginx/nginx-gateway-fabric at v2.6.7. What NGINX's own
 * pods are like, the Gateway says by an NginxProxy beside it.
 *
 * @param watched namespaces of the gateway and of what it leads to: the control plane may read and change Secrets there, and nowhere else
 */
export function planValues(place: SystemPlace, watched: readonly string[]) {
    return {
        nginxGateway: {
            watchNamespaces: [...watched],
            gatewayClassName: gatewayOf("nginx").className,
            ...planPods(nginxControllerSize(place.copies), place),
            image: planImage("controller", place.imageSources),
            metrics: { enable: true, port: nginxPorts.metrics },
            productTelemetry: { enable: false },
        },
        nginx: { image: planImage("proxy", place.imageSources) },
        // A hook of Helm's, which is never run here: cert-manager makes what it would.
        certGenerator: {
            enable: false,
            serverTLSSecretName: agentSecrets.server,
            agentTLSSecretName: agentSecrets.agent,
        },
    };
}

function planPods(size: Size, { cluster }: SystemPlace) {
    const { labels, tolerations } = systemNodes(cluster);
    return {
        replicas: size.replicas.min,
        resources: containerResources(size),
        priorityClassName: priorityClassName("system"),
        nodeSelector: labels,
        tolerations: [...tolerations],
        topologySpreadConstraints: spreadOf(controllerLabels),
    };
}

/** The chart, and the control plane after it, put the tag behind the repository as it is given. */
function planImage(name: keyof typeof nginxImages, imageSources: ImageSources) {
    return { ...chartImage(nginxImages[name], imageSources), pullPolicy: "IfNotPresent" };
}
