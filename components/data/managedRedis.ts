import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { CacheServer } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf, selectorOf } from "../foundation/labels";
import { hbonePort, waypoint } from "../foundation/mesh";
import { serviceLimits } from "../foundation/serviceLimits";
import { planEntryAuthorization } from "../kubernetes/authorization";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { planOutside, planOutsideTls } from "../kubernetes/meshTraffic";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { blocks, inNamespace, planTrafficOf, tcp } from "../kubernetes/traffic";
import { createTraffic } from "../kubernetes/trafficPolicies";
import { callersOf, createWaysOut } from "./waysOut";

export interface ManagedRedisArgs {
    readonly placement: Placement;
    /** Name of the namespace, in which the callers' accounts are. */
    readonly namespace: string;
    readonly server: CacheServer;
    readonly password: pulumi.Input<string>;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
}

/**
 * What of a cache that the cloud runs is in the cluster: its password, and the way to it. The backend's client speaks no TLS and the cache nothing
 * else, so that the mesh encrypts what leaves it: the proxy in the caller's pod or, in an ambient mesh, the waypoint, whose calls are the only ones
 * that the network lets through. For the engine it is the same component as the cache in pods, so that a stack which changes from one to the other
 * keeps the Secret that its readers name.
 *
 * @see https://istio.io/latest/docs/ambient/usage/egress-gateway/ (originate TLS at the egress gateway)
 * @see https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/
 */
export class ManagedRedis extends TarsComponent {
    /** Host and port of the cache. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: ManagedRedisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Redis", name, opts);
        const { placement, server } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const secret = createSecret(name, args, child);
        if (placement.mesh === "ambient") createPassage(name, args, child);
        else createWaysOut(name, { placement, service, egress: [toServer(server)] }, child);
        createEntry(name, args, child);
        this.endpoint = pulumi.interpolate`${server.host}:${server.port}`;
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: passwordKey };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

const service = "redis";
const passwordKey = "password";

/** As the cache in pods has it. */
function createSecret(name: string, { placement, password }: ManagedRedisArgs, child: ChildOptions): Secret {
    const labels = labelsOf({ name: service, component: "cache" }, placement.ownership);
    const metadata = { name: `${service}-config`, namespace: placement.namespace, labels };
    return new Secret(`${name}-config`, { metadata, type: "Opaque", stringData: { [passwordKey]: password } }, child);
}

function toServer({ ranges, port }: CacheServer) {
    return { to: blocks(ranges), ports: tcp(port) };
}

/** Callers reach the waypoint and the waypoint the cache, both in the network and in the mesh, and nobody goes past it. */
function createPassage(name: string, args: ManagedRedisArgs, child: ChildOptions): void {
    const { placement, namespace, server, istio } = args;
    const callers = callersOf(service);
    const egress = [{ to: [inNamespace(waypoint.namespace, waypoint.podLabels)], ports: tcp(hbonePort) }];
    createWaysOut(name, { placement, service, egress }, child);
    const from = callers.map((caller) => inNamespace(namespace, selectorOf(caller)));
    const traffic = planTrafficOf(waypoint.podLabels, {
        ingress: [{ from, ports: tcp(hbonePort) }],
        egress: [toServer(server)],
    });
    const labels = labelsOf({ name: service, component: "access" }, placement.ownership);
    createTraffic(`${name}-waypoint`, { [service]: traffic }, { namespace: waypoint.namespace, labels }, child);
    const accounts = callers.map((serviceAccount) => ({ namespace, serviceAccount }));
    const policy = {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        name: `${service}-outside`,
        namespace: placement.namespace,
        labels,
        spec: planEntryAuthorization(service, accounts, server.port),
    };
    createCustomResource(`${name}-callers`, policy, istio, child);
}

/** What the mesh knows of the cache: its name, and that what goes there is encrypted and meant for nobody else. */
function createEntry(name: string, { placement, server, istio }: ManagedRedisArgs, child: ChildOptions): void {
    const isAmbient = placement.mesh === "ambient";
    const common = labelsOf({ name: service, component: "mesh" }, placement.ownership);
    const object = {
        apiVersion: "networking.istio.io/v1",
        name: service,
        namespace: placement.namespace,
        labels: common,
    };
    const ports = [{ name: `tcp-${service}`, number: server.port, protocol: "TCP" } as const];
    const entry = {
        ...object,
        kind: "ServiceEntry",
        labels: isAmbient ? { ...common, ...throughWaypoint } : common,
        spec: planOutside([server.host], ports, isAmbient ? [waypoint.namespace] : []),
    };
    const rule = {
        ...object,
        kind: "DestinationRule",
        spec: planOutsideTls(server.host, serviceLimits[service].connections),
    };
    createCustomResource(`${name}-outside`, entry, istio, child);
    createCustomResource(`${name}-outside-tls`, rule, istio, child);
}

/** @see https://istio.io/latest/docs/ambient/usage/waypoint/#cross-namespace-waypoint */
const throughWaypoint = {
    "istio.io/use-waypoint": waypoint.name,
    "istio.io/use-waypoint-namespace": waypoint.namespace,
} as const;
