import * as kubernetes from "@pulumi/kubernetes/networking/v1";
import type { networking } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressController } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import type { Placement } from "../kubernetes/placement";

/** A service that answers for a host. */
export interface Backend {
    readonly service: pulumi.Input<string>;
    /** Name of the service's port. */
    readonly port: string;
}

export interface IngressArgs {
    readonly placement: Placement;
    readonly controller: IngressController;
    readonly hosts: readonly string[];
    /** Secret with a certificate for all hosts. */
    readonly certificate: pulumi.Input<string>;
    readonly backend: Backend;
}

/** Paths that are served: everything, and by name the API's documentation, which every T.A.R.S. host must answer for. */
const paths = ["/", "/docs"] as const;

/** The way in from outside: TLS ends here, and every host leads to the backend. */
export class Ingress extends TarsComponent {
    constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "Ingress", name, opts);
        const { placement } = args;
        const labels = labelsOf({ name: "tars-ingress", component: "edge" }, placement.ownership);
        new kubernetes.Ingress(
            name,
            { metadata: { name: "tars-ingress", namespace: placement.namespace, labels }, spec: planIngress(args) },
            { parent: this, provider: placement.cluster.provider },
        );
        this.registerOutputs({});
    }
}

function planIngress({ controller, hosts, certificate, backend }: IngressArgs): networking.v1.IngressSpec {
    return {
        ingressClassName: controller.className,
        tls: [{ hosts: [...hosts], secretName: certificate }],
        rules: hosts.map((host) => ({ host, http: { paths: paths.map((path) => planPath(path, backend)) } })),
    };
}

function planPath(path: string, { service, port }: Backend): networking.v1.HTTPIngressPath {
    return { path, pathType: "Prefix", backend: { service: { name: service, port: { name: port } } } };
}
