import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import type { Size } from "../../foundation/workloads";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Placement } from "../../kubernetes/placement";
import type { Backend, EdgeRules } from "../edge";
import { anewForClass, gateway } from "../identity";
import { planRedirect } from "../routes";
import { planNginxGateway } from "./gateway";
import { nginxKinds } from "./names";
import { planPolicies } from "./policies";
import { planProxy } from "./proxy";
import { planNginxRoute } from "./routes";

export interface NginxEdgeArgs {
    /** The namespace of the gateway. */
    readonly placement: Placement;
    /** What each of NGINX's pods gets, and how many there are. */
    readonly size: Size;
    /** Names that the platform answers for, each once. */
    readonly hosts: readonly string[];
    /** Secret of the gateway's namespace with a certificate for all hosts. */
    readonly certificate: string;
    readonly backend: Backend;
    readonly rules: Omit<EdgeRules, "authentication">;
    /** Knows the kinds of the Gateway API, and makes gateways of class nginx. */
    readonly gatewayApi: Operator;
    /** Knows NGINX Gateway Fabric's own kinds, and acts on them. */
    readonly nginx: Operator;
}

/**
 * The same way in as `Edge`, led through by NGINX. In the state it is the same component, so that a stack that changes from one to the other has one Gateway at
 * a time.
 */
export class NginxEdge extends TarsComponent {
    constructor(name: string, args: NginxEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "Edge", name, opts);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const create = creator(name, child);
        const { cluster, ownership } = args.placement;
        const { entrance, nodes } = cluster;
        const proxy = planProxy({ size: args.size, nodes: nodes.general, entrance });
        const options = create(
            "options",
            { ...nginxKinds.proxy, ...inside(args, optionsName), spec: proxy },
            args.nginx,
        );
        const policies = planPolicies(args.rules).map(({ role, kind, spec }) =>
            create(role, { ...kind, ...inside(args, `${gateway.name}-${role}`), spec }, args.nginx),
        );
        const { hosts, certificate, backend } = args;
        const place = { entrance, ownership, hosts, certificate, routesFrom: backend.namespace, options: optionsName };
        const plan = { ...gatewayApi, kind: "Gateway", ...inside(args, gateway.name), spec: planNginxGateway(place) };
        // Nobody comes in before it is settled who may.
        const after = { ...child, ...anewForClass, dependsOn: [options, ...policies] };
        const front = createCustomResource(`${name}-gateway`, plan, args.gatewayApi, after);
        createRoutes(args, create, front);
        createDisruptionBudget(name, args, child);
        this.registerOutputs({});
    }
}

const optionsName = `${gateway.name}-options`;
const gatewayApi = { apiVersion: "gateway.networking.k8s.io/v1" } as const;

type Create = ReturnType<typeof creator>;

function creator(name: string, child: ChildOptions) {
    return (
        role: string,
        plan: Parameters<typeof createCustomResource>[1],
        operator: Operator,
        after: pulumi.Resource[] = [],
    ) => createCustomResource(`${name}-${role}`, plan, operator, { ...child, dependsOn: after });
}

function inside({ placement }: NginxEdgeArgs, object: string) {
    const labels = labelsOf({ name: gateway.name, component: "edge" }, placement.ownership);
    return { name: object, namespace: placement.namespace, labels };
}

/** The redirect is the gateway's; what leads to the backend is beside the backend, in whose namespace it may be. */
function createRoutes(args: NginxEdgeArgs, create: Create, front: pulumi.Resource): void {
    const { hosts, backend, rules } = args;
    const route = { ...gatewayApi, kind: "HTTPRoute" };
    const redirect = { ...route, ...inside(args, `${gateway.name}-redirect`), spec: planRedirect(hosts) };
    create("redirect", redirect, args.gatewayApi, [front]);
    const target = { name: backend.service, port: backend.port };
    const spec = planNginxRoute({ hosts, backend: target, hstsSeconds: rules.hstsSeconds });
    const beside = { ...inside(args, backend.service), namespace: backend.namespace };
    create("route", { ...route, ...beside, spec }, args.gatewayApi, [front]);
}

/** NGINX Gateway Fabric makes none. */
function createDisruptionBudget(name: string, args: NginxEdgeArgs, child: ChildOptions): void {
    const spec = { maxUnavailable: 1, selector: { matchLabels: gateway.podLabels } };
    new PodDisruptionBudget(`${name}-budget`, { metadata: inside(args, gateway.name), spec }, child);
}
