import { kindOfToken } from "../../../policy/resources/kind";
import type { Registration } from "../registrations";
import { at, type Fields, fieldsOf, listAt, textAt } from "./fields";

/** Pods of one kind, as those who let them in or out tell them apart. */
export interface Peer {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Fields;
    readonly namespaceLabels: Fields;
    readonly account: string;
    /** TCP ports that the pods serve. */
    readonly ports: readonly number[];
}

/** Kinds whose pods are made from a template of their own. */
const templated: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** All pods that a stack declares, and those that Istio makes for its gateways. */
export function peersOf(registrations: readonly Registration[]): readonly Peer[] {
    const labels = namespaceLabels(registrations);
    const labelsIn = (namespace: string) => ({
        ...labels.get(namespace),
        "kubernetes.io/metadata.name": namespace,
    });
    return registrations.flatMap(({ type, inputs }) => {
        const { kind, group } = kindOfToken(type);
        const [name, namespace] = [textAt(inputs, "metadata", "name"), textAt(inputs, "metadata", "namespace")];
        const place = { name, namespace, namespaceLabels: labelsIn(namespace) };
        if (group === "apps" && templated.has(kind)) return [{ ...place, ...templatePeer(inputs) }];
        if (group === "batch" && kind === "Job") return [{ ...place, ...jobPeer(inputs) }];
        if (group === "batch" && kind === "CronJob")
            return [{ ...place, ...templatePeer(fieldsOf(at(inputs, "spec", "jobTemplate"))) }];
        if (isPostgres(inputs, "Cluster")) return [{ ...place, ...instancesPeer(name) }];
        if (isPostgres(inputs, "Pooler")) return [{ ...place, ...poolerPeer(name) }];
        const serving = redisKinds[textAt(inputs, "kind")];
        if (serving !== undefined && isOfRedis(inputs)) return [{ ...place, ...redisPeer(inputs, serving) }];
        if (kind === "Chart" && operators.has(textAt(inputs, "name"))) return [operatorPeer(inputs, labelsIn)];
        const made = textAt(inputs, "kind") === "Gateway" || kind === "Gateway";
        return made && textAt(inputs, "apiVersion").startsWith("gateway.networking.k8s.io/")
            ? [{ ...place, ...gatewayPeer(name, textAt(inputs, "spec", "gatewayClassName")) }]
            : [];
    });
}

/** Labels by which a namespace joins the mesh, in either way. */
const enrolled = { "istio.io/dataplane-mode": "ambient", "istio-injection": "enabled" } as const;

/**
 * What stands for everybody else: a pod that nobody declared, beside the others or in a namespace of its own. In a namespace that the stack does
 * not make it is a member of the mesh, with a certificate of its own: who is none gets no further than it.
 */
export function stranger(namespace: string, registrations: readonly Registration[]): Peer {
    const labels = namespaceLabels(registrations).get(namespace) ?? enrolled;
    const namespaced = { ...labels, "kubernetes.io/metadata.name": namespace };
    return { name: "stranger", namespace, labels: {}, namespaceLabels: namespaced, account: "default", ports: [] };
}

function namespaceLabels(registrations: readonly Registration[]): ReadonlyMap<string, Fields> {
    const namespaces = registrations.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    return new Map(
        namespaces.map(({ inputs }) => [
            textAt(inputs, "metadata", "name"),
            fieldsOf(at(inputs, "metadata", "labels")),
        ]),
    );
}

/** Releases of operators that run data services: their pods are their charts', which nobody has rendered here. */
const operators: ReadonlySet<string> = new Set(["cloudnative-pg", "redis-operator"]);

function isPostgres(inputs: Fields, kind: "Cluster" | "Pooler"): boolean {
    return textAt(inputs, "kind") === kind && textAt(inputs, "apiVersion").startsWith("postgresql.cnpg.io/");
}

/**
 * Instances bear the name of their Cluster, and run under an account made for it: they serve PostgreSQL, metrics and how they are.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/specs/pods.go
 */
function instancesPeer(name: string): Pick<Peer, "labels" | "account" | "ports"> {
    const labels = { "cnpg.io/cluster": name, "app.kubernetes.io/component": "database" };
    return { labels, account: name, ports: [5432, 8000, 9187] };
}

/**
 * PgBouncer's pods serve clients and metrics.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/specs/pgbouncer/deployments.go
 */
function poolerPeer(name: string): Pick<Peer, "labels" | "account" | "ports"> {
    const labels = { "cnpg.io/poolerName": name, "app.kubernetes.io/component": "pooler" };
    return { labels, account: name, ports: [5432, 9127] };
}

/** Their pods serve health, metrics and the API server, and take no calls as members of the mesh. */
function operatorPeer(inputs: Fields, labelsIn: (namespace: string) => Fields): Peer {
    const [name, namespace] = [textAt(inputs, "name"), textAt(inputs, "namespace")];
    // Each chart tells its pods apart by one of these.
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name, name };
    return { name, namespace, namespaceLabels: labelsIn(namespace), labels, account: name, ports: [] };
}

/** TCP ports of what the operator of Redis makes of its kinds. */
const redisKinds: Readonly<Record<string, readonly number[]>> = { RedisReplication: [6379], RedisSentinel: [26379] };

function isOfRedis(inputs: Fields): boolean {
    return textAt(inputs, "apiVersion").startsWith("redis.redis.opstreelabs.in/");
}

/**
 * Pods of Redis have the labels of their object, and are called what these say.
 *
 * @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/internal/controller/common/labels.go
 */
function redisPeer(inputs: Fields, ports: readonly number[]) {
    const labels = fieldsOf(at(inputs, "metadata", "labels"));
    const name = textAt(inputs, "metadata", "labels", "app.kubernetes.io/name");
    return { name, labels, account: textAt(inputs, "spec", "serviceAccountName"), ports };
}

function templatePeer(inputs: Fields) {
    const template = at(inputs, "spec", "template");
    const ports = listAt(template, "spec", "containers").flatMap((container) => listAt(container, "ports"));
    return {
        labels: fieldsOf(at(template, "metadata", "labels")),
        account: textAt(template, "spec", "serviceAccountName") || "default",
        ports: ports.flatMap((port) => {
            const number = at(port, "containerPort");
            return typeof number === "number" ? [number] : [];
        }),
    };
}

/** A Job is called after what it does as well as after what it is (components/data/logins/job.ts); its pods have the latter alone. */
function jobPeer(inputs: Fields) {
    const pods = templatePeer(inputs);
    return { ...pods, name: textAt(pods.labels, "app.kubernetes.io/name") || textAt(inputs, "metadata", "name") };
}

/**
 * Pods of a gateway carry its name and run under an account made for it; those of a waypoint have the name as it is.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
function gatewayPeer(gateway: string, className: string) {
    const labels = { "gateway.networking.k8s.io/gateway-name": gateway };
    const name = className === waypointClass ? gateway : `${gateway}-istio`;
    return { name, labels, account: name, ports: [] };
}

const waypointClass = "istio-waypoint";

/** A service whose calls pass a waypoint. */
export interface Passage {
    readonly service: string;
    readonly waypoint: Peer;
}

/**
 * How calls of pods by their service pass a waypoint; undefined where they do not.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export function passageTo(
    pods: Peer,
    peers: readonly Peer[],
    registrations: readonly Registration[],
): Passage | undefined {
    const services = registrations.filter(
        ({ type, inputs }) =>
            type === "kubernetes:core/v1:Service" &&
            textAt(inputs, "metadata", "namespace") === pods.namespace &&
            Object.entries(fieldsOf(at(inputs, "spec", "selector"))).every(
                ([key, value]) => pods.labels[key] === value,
            ),
    );
    for (const { inputs } of services) {
        const labels = fieldsOf(at(inputs, "metadata", "labels"));
        const namespace = textAt(labels, "istio.io/use-waypoint-namespace") || pods.namespace;
        const waypoint = peers.find(
            (peer) => peer.namespace === namespace && peer.name === labels["istio.io/use-waypoint"],
        );
        if (waypoint !== undefined) return { service: textAt(inputs, "metadata", "name"), waypoint };
    }
    return undefined;
}
