import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import type { EdgeSizes } from "../foundation/edge";
import { labelsOf } from "../foundation/labels";
import type { Dashboard } from "../foundation/login";
import type { Bytes } from "../foundation/quantities";
import { type CustomResourcePlan, createCustomResource, type Operator } from "../kubernetes/customResource";
import { images } from "../kubernetes/images";
import type { Placement } from "../kubernetes/placement";
import { type Authentication, planAdmins, planHosts, planStrangers, planTokens } from "./callers";
import { planBodyFilter, planRateLimitFilter, servicesOf } from "./filters";
import { planGateway, planNames, planNotes } from "./gateway";
import { planGatewayOptions } from "./gatewayOptions";
import { anewForClass, gateway, listenerNames } from "./identity";
import type { AddressLimit } from "./limits";
import { DashboardGuard } from "./login/dashboardGuard";
import { dashboardCertificate } from "./login/names";
import { planDashboardRoute } from "./login/routes";
import { type Counters, RateLimit, rateLimitName } from "./rateLimit";
import { planRedirect, planRoute, type RouteLimits } from "./routes";

export interface EdgeArgs {
    /** The namespace of the gateway. */
    readonly placement: Placement;
    readonly sizes: EdgeSizes;
    /** Names that the application answers for, each once. */
    readonly hosts: readonly string[];
    /** What people reach at hosts of its own, once they have logged in. */
    readonly dashboards: readonly Dashboard[];
    /** Undefined where no other stack answers for any of them. */
    readonly failover: Failover | undefined;
    /** Secret of the gateway's namespace with a certificate for all hosts. */
    readonly certificate: string;
    readonly backend: Backend;
    readonly rules: EdgeRules;
    /** Ids of the clients that may call admin routes. */
    readonly admins: readonly string[];
    /** Where requests are counted. */
    readonly counters: Counters;
    /** Knows the kinds of the Gateway API, and makes gateways. */
    readonly gatewayApi: Operator;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

/** A second stack answers for the hosts too, but for this one's own name, which is the last of them. */
export interface Failover {
    /** What the route of the common hosts carries for whoever writes their records. */
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What is asked of those who come in. */
export interface EdgeRules extends RouteLimits {
    readonly requestBytes: Bytes;
    readonly rateLimit: AddressLimit;
    /** Undefined where the edge asks nobody who they are. */
    readonly authentication?: Authentication | undefined;
}

/** The service that the hosts lead to. */
export interface Backend {
    /** Namespace of the service, where its route is too. */
    readonly namespace: string;
    readonly service: string;
    readonly port: number;
}

/** The way in from outside: TLS ends here, who asks too much or says nothing of who they are goes no further, and every host leads to the backend. */
export class Edge extends TarsComponent {
    constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "Edge", name, opts);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const options = createOptions(name, args, child);
        const callers = createCallers(name, args, child);
        const { placement, sizes, counters } = args;
        const { rateLimit: limit } = args.rules;
        const counting = { placement, size: sizes.ratelimit, limit, counters };
        const rateLimit = new RateLimit("rate-limit", counting, { parent: this });
        const filters = [...createFilters(name, args, child), ...createGuard(args, callers, this)];
        // Nobody comes in before it is settled who may.
        const front = createFront(name, args, [options, ...callers, rateLimit, ...filters], child);
        createRoutes(name, args, [front], child);
        createDashboardRoutes(name, args, [front], child);
        this.registerOutputs({});
    }
}

const optionsName = `${gateway.name}-options`;

function createOptions(name: string, args: EdgeArgs, child: ChildOptions): ConfigMap {
    const { cluster } = args.placement;
    const { entrance, nodes } = cluster;
    const data = planGatewayOptions({ size: args.sizes.gateway, nodes: nodes.general, entrance });
    return new ConfigMap(`${name}-options`, { metadata: inside(args, optionsName), data }, child);
}

function inside({ placement }: EdgeArgs, object: string) {
    const labels = labelsOf({ name: gateway.name, component: "edge" }, placement.ownership);
    return { name: object, namespace: placement.namespace, labels };
}

type Created = pulumi.Resource[];

function createCallers(name: string, args: EdgeArgs, child: ChildOptions): Created {
    const { authentication } = args.rules;
    const { hosts } = args;
    const dashboards = dashboardHosts(args);
    const create = (role: string, kind: string, spec: object) => {
        const plan = { apiVersion: "security.istio.io/v1", kind, ...inside(args, `${gateway.name}-${role}`), spec };
        return createCustomResource(`${name}-${role}`, plan, args.istio, child);
    };
    const open = [
        create("hosts", "AuthorizationPolicy", planHosts({ hosts, dashboards })),
        // Their ids are kept as those in the application's Secret: nobody needs to see them.
        create(
            "admins",
            "AuthorizationPolicy",
            planAdmins({ authentication, admins: pulumi.secret(args.admins), dashboards }),
        ),
    ];
    if (authentication === undefined) return open;
    return [
        ...open,
        create("tokens", "RequestAuthentication", planTokens(authentication)),
        create("strangers", "AuthorizationPolicy", planStrangers({ dashboards })),
    ];
}

function dashboardHosts({ dashboards }: Pick<EdgeArgs, "dashboards">): readonly string[] {
    return dashboards.map(({ host }) => host);
}

/**
 * What is asked on the way to dashboards; nothing where there are none. It changes after what lets callers in: where a dashboard goes, nobody may ask for
 * its host by the time that nobody is asked there. Where one comes, nothing leads to it before all of this.
 */
function createGuard({ placement, dashboards, istio }: EdgeArgs, callers: Created, parent: pulumi.Resource): Created {
    if (dashboards.length === 0) return [];
    return [new DashboardGuard("dashboard-guard", { placement, dashboards, istio }, { parent, dependsOn: callers })];
}

function createFilters(name: string, args: EdgeArgs, child: ChildOptions): Created {
    const { rules, istio } = args;
    const host = `${rateLimitName}.${gateway.namespace}.svc.cluster.local`;
    const create = (role: string, spec: object, more: Pick<CustomResourcePlan<object>, "annotations"> = {}) => {
        const object = { ...inside(args, `${gateway.name}-${role}`), ...more, spec };
        const plan = { apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter", ...object };
        return createCustomResource(`${name}-${role}`, plan, istio, child);
    };
    const counted = planRateLimitFilter(rules.rateLimit, { host, port: images.rateLimit.ports.grpc });
    return [
        create("rate-limit", counted, { annotations: servicesOf(host) }),
        create("body-limit", planBodyFilter(rules.requestBytes)),
    ];
}

const gatewayApi = { apiVersion: "gateway.networking.k8s.io/v1" } as const;

function createFront(name: string, args: EdgeArgs, after: Created, child: ChildOptions): pulumi.Resource {
    const { placement, certificate, backend } = args;
    const { cluster, ownership } = placement;
    const { hosts, dashboards } = args;
    const apart = dashboards.map(({ name, host }) => ({
        host,
        listener: listenerNames.dashboard(name),
        certificate: dashboardCertificate(name),
    }));
    const place = { entrance: cluster.entrance, ownership, hosts, apart, certificate };
    const spec = planGateway({ ...place, routesFrom: backend.namespace, options: optionsName });
    const annotations = planNotes(cluster.entrance);
    const plan = { ...gatewayApi, kind: "Gateway", ...inside(args, gateway.name), annotations, spec };
    return createCustomResource(`${name}-gateway`, plan, args.gatewayApi, {
        ...child,
        ...anewForClass,
        dependsOn: after,
    });
}

/** The redirect is the gateway's; what leads to the backend is beside the backend, in whose namespace it may be. */
function createRoutes(name: string, args: EdgeArgs, after: Created, child: ChildOptions): void {
    const { hosts, backend, rules, failover } = args;
    const create = (role: string, metadata: ReturnType<typeof inside> & Noted, spec: object) => {
        const plan = { ...gatewayApi, kind: "HTTPRoute", ...metadata, spec };
        createCustomResource(`${name}-${role}`, plan, args.gatewayApi, { ...child, dependsOn: after });
    };
    create("redirect", inside(args, `${gateway.name}-redirect`), planRedirect([...hosts, ...dashboardHosts(args)]));
    const beside = (object: string) => ({ ...inside(args, object), namespace: pulumi.output(backend.namespace) });
    const shared = { backend: { name: backend.service, port: backend.port }, ...rules };
    const listeners = planNames(args.placement.cluster.entrance, hosts).map((_, index) => index);
    if (failover === undefined) {
        create("route", beside(backend.service), planRoute({ hosts, listeners, ...shared }));
        return;
    }
    // What a route carries holds for the records of all its hosts.
    const common = hosts.length - 1;
    const { annotations } = failover;
    const both = { hosts: hosts.slice(0, common), listeners: listeners.slice(0, common) };
    create("route", { ...beside(backend.service), annotations }, planRoute({ ...both, ...shared }));
    const own = { hosts: hosts.slice(common), listeners: listeners.slice(common) };
    create("own-route", beside(`${backend.service}-own`), planRoute({ ...own, ...shared }));
}

/** Beside the application's: routes of no other namespace are taken, nor read by who writes records. */
function createDashboardRoutes(name: string, args: EdgeArgs, after: Created, child: ChildOptions): void {
    const { dashboards, backend, rules } = args;
    const { front } = args.placement.cluster.entrance;
    for (const dashboard of dashboards) {
        const role = `dashboard-${dashboard.name}`;
        const listener = front === undefined ? listenerNames.dashboard(dashboard.name) : listenerNames.https(0);
        const spec = planDashboardRoute({ dashboard, listener, ...rules });
        const metadata = { ...inside(args, role), namespace: pulumi.output(backend.namespace) };
        const plan = { ...gatewayApi, kind: "HTTPRoute", ...metadata, spec };
        createCustomResource(`${name}-${role}`, plan, args.gatewayApi, { ...child, dependsOn: after });
    }
}

interface Noted {
    readonly annotations?: Failover["annotations"];
}
