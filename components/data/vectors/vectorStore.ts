import { Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type BackupStore, vectorIdentity, type WorkloadIdentity } from "../../cloud/contract";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { qdrantJobs } from "../../foundation/dataBackups";
import { dataReasons } from "../../foundation/dataReasons";
import { labelsOf, selectorOf } from "../../foundation/labels";
import { mostVectorPods, vectorStore } from "../../foundation/vectors";
import type { StoredSize } from "../../foundation/workloads";
import { certifiedNames, hostOf } from "../../kubernetes/certifiedNames";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { createAccount } from "../../kubernetes/identities";
import { images } from "../../kubernetes/images";
import { certificateOf, createOwnAuthority, serviceCertificate } from "../../kubernetes/ownAuthority";
import type { Placement, SecretReference } from "../../kubernetes/placement";
import { topologies } from "../../kubernetes/podParts";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import { certificateFolder, keyNames, planEnvironment, startScript } from "./environment";
import { planStoreCallers, planStoreTraffic } from "./traffic";

/** Where snapshots go, and who writes them there. */
export interface SnapshotStore {
    readonly store: BackupStore;
    readonly identity: WorkloadIdentity;
}

export interface VectorStoreArgs {
    /** Its namespace. */
    readonly placement: Placement;
    readonly size: StoredSize;
    readonly replicationFactor: number;
    /** Whether its nodes stand in several zones, which then each have as many of its pods. */
    readonly isZoned: boolean;
    readonly keys: {
        readonly all: pulumi.Input<string>;
        readonly readOnly: pulumi.Input<string>;
        readonly generation: number;
    };
    /** Undefined where no store of the cloud takes them. */
    readonly snapshots: SnapshotStore | undefined;
    /** Why nobody backs it up by its snapshots and practises their restore; undefined where jobs do. */
    readonly undrilled: string | undefined;
    /** Makes the certificate that it shows. */
    readonly certManager: Operator;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

const { store: service, namespace } = vectorStore;
const storeHost = hostOf({ name: service, namespace });
/** Secret with the certificate that it shows, and with that of who vouches for it. */
export const storeCertificate = certificateOf(service);
/** Secret with both keys. */
export const storeKeys = `${service}-keys`;

/** Names that its certificate bears. */
export const storeNames = certifiedNames({ name: service, namespace, mostPods: mostVectorPods });

/** Where it answers, from any namespace: known before it does, so that who calls it can be judged in a first preview. */
const storeUrls = {
    http: `https://${storeHost}:${images.qdrant.ports.https}`,
    grpc: `https://${storeHost}:${images.qdrant.ports.grpc}`,
} as const;

/**
 * Qdrant: pods that agree on which collections there are, each with a volume of its own that has parts of them. It takes no call without TLS and a
 * key; what its pods tell each other the mesh encrypts, whose certificates last a day and are renewed without a restart.
 */
export class VectorStore extends TarsComponent {
    /** URL for HTTP, from any namespace. */
    readonly endpoint: pulumi.Output<string>;
    readonly urls = storeUrls;
    /** What a caller shows who may do everything. */
    readonly key: SecretReference;
    /** What a caller shows who may only read. */
    readonly readOnlyKey: SecretReference;
    /** Certificate of who vouches for it. */
    readonly authority: SecretReference;

    constructor(name: string, args: VectorStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "VectorStore", name, opts);
        const { placement } = args;
        const { namespace } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf(part, placement.ownership) };
        const keys = createKeys(name, args, inside, child);
        const authority = { service, certificates: [serviceCertificate(service, storeNames)] };
        const before = [
            keys,
            ...createIdentity(name, args, inside, child),
            ...createOwnAuthority(name, authority, args.certManager, { inside, child }),
            ...createTraffic(name, planTraffic(args), inside, child),
            admitCallers(name, args, inside, child),
        ];
        const pods = new Workload(name, planWorkload(args, keys), { parent: this, dependsOn: before });
        this.endpoint = pods.serviceName.apply(() => storeUrls.http);
        this.key = { namespace, name: keys.metadata.name, key: keyNames.all };
        this.readOnlyKey = { namespace, name: keys.metadata.name, key: keyNames.readOnly };
        this.authority = { namespace, name: namespace.apply(() => storeCertificate), key: "ca.crt" };
        this.registerOutputs({ endpoint: this.endpoint });
    }
}

const part = { name: vectorStore.store, component: "vector-store", version: images.qdrant.tag } as const;

function createKeys(name: string, { keys }: VectorStoreArgs, inside: Inside, child: ChildOptions): Secret {
    const metadata = { ...inside, name: storeKeys };
    const stringData = { [keyNames.all]: keys.all, [keyNames.readOnly]: keys.readOnly };
    return new Secret(`${name}-keys`, { metadata, type: "Opaque", stringData }, child);
}

/** Where the cloud has to know who its pods are. Elsewhere they have an account like any other. */
function createIdentity(name: string, { snapshots }: VectorStoreArgs, inside: Inside, child: ChildOptions) {
    if (snapshots === undefined) return [];
    return [
        createAccount(name, { ...inside, name: vectorIdentity.serviceAccount, identity: snapshots.identity }, child),
    ];
}

/** Account of the job that backs it up, and brings it back. */
function keeperOf({ undrilled }: VectorStoreArgs): string | undefined {
    return undrilled === undefined ? qdrantJobs.backup : undefined;
}

function planTraffic(args: VectorStoreArgs) {
    const { placement, snapshots } = args;
    const callers = selectorOf(vectorStore.api);
    const keeper = keeperOf(args);
    const keepers = keeper === undefined ? undefined : selectorOf(keeper);
    return planStoreTraffic({ mode: placement.mesh, callers, keepers, snapshots: snapshots?.store });
}

function admitCallers(name: string, args: VectorStoreArgs, inside: Inside, child: ChildOptions) {
    const kind = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: vectorStore.store };
    const spec = planStoreCallers(vectorStore.api, keeperOf(args));
    return createCustomResource(`${name}-callers`, { ...kind, ...inside, spec }, args.istio, child);
}

function planWorkload(args: VectorStoreArgs, keys: Secret) {
    const { placement, size, replicationFactor, isZoned, snapshots, undrilled } = args;
    const { cluster } = placement;
    return {
        placement,
        name: part.name,
        component: part.component,
        priority: "data",
        kind: {
            kind: "stateful",
            path: "/qdrant/storage",
            storage: size.storage,
            storageClass: cluster.storageClasses.fast,
            peers: true,
        },
        image: images.qdrant,
        size,
        rather: cluster.nodes.memory,
        mustSpread: isZoned ? [topologies.zone, topologies.node] : [topologies.node],
        arguments: ["/bin/bash", "-c", startScript],
        environment: planEnvironment({ keys: keys.metadata.name, replicationFactor, snapshots: snapshots?.store }),
        secretFolders: { [certificateFolder]: storeCertificate },
        ownAnnotations: dataReasons(cluster, undrilled),
        annotations: { "tars-platform/key-generation": `${args.keys.generation}` },
        isAccountGiven: snapshots !== undefined,
        readiness: { ...images.qdrant.probe, path: "/readyz" },
        // It reads its collections into memory before it answers.
        startupSeconds: 240,
        stopSeconds: 55,
    } as const;
}
