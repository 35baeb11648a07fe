import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import { type VectorApi, vectorStore } from "../../foundation/vectors";
import type { Size } from "../../foundation/workloads";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { images } from "../../kubernetes/images";
import type { Placement, SecretReference } from "../../kubernetes/placement";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import { planServiceCallers, planServiceTraffic } from "./traffic";

export interface PineconeServiceArgs {
    /** Namespace of the store. */
    readonly placement: Placement;
    readonly api: VectorApi;
    /** With what the mesh adds to each pod. */
    readonly size: Size;
    /** The store that it asks. */
    readonly store: {
        /** Where it answers, known before it does. */
        readonly urls: Readonly<Record<"http" | "grpc", string>>;
        /** What it shows the store. */
        readonly key: SecretReference;
        /** Certificate of who vouches for the store. */
        readonly authority: SecretReference;
    };
    /** Generation of the key: a new one restarts the pods. */
    readonly keyGeneration: number;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

/** Folders of what it shows the store, and of what it knows the store by. */
const folders = { key: "/run/secrets/qdrant-key", authority: "/run/secrets/qdrant-authority" } as const;

/** The service of requirements/003 that others ask for vectors: it keeps nothing itself. Its account and what that may read are a row of `namespaceRoles`. */
export class PineconeService extends TarsComponent {
    /** URL inside the cluster. */
    readonly endpoint: pulumi.Output<string>;

    constructor(name: string, args: PineconeServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("applications", "PineconeService", name, opts);
        const { placement, api } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace: placement.namespace, labels: labelsOf(part, placement.ownership) };
        const { clients } = api;
        const policies = planServiceTraffic({ cluster: placement.cluster, mode: placement.mesh, clients });
        const before = [...createTraffic(name, policies, inside, child), admitClients(name, args, inside, child)];
        const { serviceName } = new Workload(name, planWorkload(args), { parent: this, dependsOn: before });
        const { http } = images.pineconeService.ports;
        this.endpoint = pulumi.interpolate`http://${serviceName}.${placement.namespace}.svc.cluster.local:${http}`;
        this.registerOutputs({ endpoint: this.endpoint });
    }
}

const part = { name: vectorStore.api, component: "vector-store" } as const;

function admitClients(
    name: string,
    { placement, api, istio }: PineconeServiceArgs,
    inside: Inside,
    child: ChildOptions,
) {
    const kind = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: vectorStore.api };
    const spec = planServiceCallers({ clients: api.clients, cluster: placement.cluster });
    return createCustomResource(`${name}-callers`, { ...kind, ...inside, spec }, istio, child);
}

function planWorkload({ placement, api, size, store, keyGeneration }: PineconeServiceArgs) {
    const { registry, repository, tag } = api.image;
    return {
        placement,
        name: part.name,
        component: part.component,
        // By this label requirements/003 finds the pods whose metrics it gathers (5.1).
        app: "vector-store",
        priority: "serving",
        kind: { kind: "autoscaled", targetCpuPercent: api.targetCpuPercent },
        image: { ...images.pineconeService, repository: `${registry}/${repository}`, tag },
        size,
        rather: placement.cluster.nodes.memory,
        isAccountGiven: true,
        callsApi: true,
        environment: [
            { name: "QDRANT_URL", value: store.urls.http },
            { name: "QDRANT_GRPC_URL", value: store.urls.grpc },
            { name: "QDRANT_API_KEY_FILE", value: `${folders.key}/${store.key.key}` },
            { name: "QDRANT_CA_FILE", value: `${folders.authority}/${store.authority.key}` },
        ],
        secretKeys: {
            [folders.key]: { secret: store.key.name, key: store.key.key },
            [folders.authority]: { secret: store.authority.name, key: store.authority.key },
        },
        annotations: { "tars-platform/key-generation": `${keyGeneration}` },
    } as const;
}
