import type * as pulumi from "@pulumi/pulumi";
import { PineconeService } from "../applications/vector-inference/pineconeService";
import { vectorIdentity } from "../cloud/contract";
import { type SnapshotStore, VectorStore } from "../data/vectors/vectorStore";
import { meshedBackupSize, qdrantDrillSize } from "../foundation/dataBackups";
import { atLeast, demandAtPeak } from "../foundation/demand";
import type { MeshMode } from "../foundation/mesh";
import { type Qdrant, vectorQuota, vectorSizes, vectorStore } from "../foundation/vectors";
import type { Size } from "../foundation/workloads";
import type { Operator } from "../kubernetes/customResource";
import { identityOf } from "../kubernetes/identities";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { Mesh } from "../mesh/mesh";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage } from "./args";
import { createQdrantBackups } from "./backups";

/** The namespace of vectors; empty where a stack keeps none. */
export function createVectorNamespace({ cluster, settings }: PlatformArgs, stage: Stage): readonly TenantNamespace[] {
    const { data, mesh, ownership, serviceBackups } = settings;
    if (data.vectors.kind === "off") return [];
    const { store, api } = vectorSizes(data.vectors, mesh.mode);
    const jobs = serviceBackups.qdrant.kind === "off" ? [] : jobSizes(data.vectors, mesh.mode);
    const quota = planQuota(atLeast(demandAtPeak([store, api, ...jobs]), vectorQuota), undefined);
    const { namespace } = vectorStore;
    return [new TenantNamespace(namespace, { cluster, ownership, namespace, quota, mesh: mesh.mode }, stage)];
}

/** Room for a second drill: the first one's pod, with its volume, stays to be read when it has ended. */
function jobSizes({ store }: Qdrant, mode: MeshMode): readonly Size[] {
    const drill = qdrantDrillSize(store, mode);
    return [meshedBackupSize(mode), drill, drill];
}

/** Its name, where it is there. */
export function vectorNamespaces({ data }: Pick<Settings, "data">): readonly string[] {
    return data.vectors.kind === "off" ? [] : [vectorStore.namespace];
}

/** Images that only such stacks run. */
export function vectorRepositories({ data: { vectors } }: Pick<Settings, "data">): readonly string[] {
    if (vectors.kind === "off") return [];
    const { registry, repository } = vectors.api.image;
    return [images.qdrant.repository, `${registry}/${repository}`];
}

/** Network policies by which pods of theirs call what has no address of its own. */
export function vectorCallers({ data: { vectors } }: Pick<Settings, "data">) {
    if (vectors.kind === "off") return [];
    const { namespace, store, api } = vectorStore;
    return [`${store}-snapshots`, `${api}-api-server`].map((name) => ({ namespace, name }));
}

export interface BehindVectors {
    readonly mesh: Pick<Mesh, "istio">;
    readonly certManager: { readonly operator: Operator };
    readonly secrets: Pick<GeneratedSecrets, "vectorKeys">;
    /** Accounts of its namespace, with what each may read. */
    readonly rights: readonly pulumi.Resource[];
}

/** What keeps vectors, and what others ask for them; nothing where a stack keeps none. */
export function createVectors(args: PlatformArgs, behind: BehindVectors, tenant: TenantNamespace, stage: Stage): void {
    const { cluster, settings, ground } = args;
    const { vectors } = settings.data;
    const { qdrant: backups } = settings.serviceBackups;
    const { vectorKeys: keys } = behind.secrets;
    if (vectors.kind === "off") return;
    if (keys === undefined) throw new RangeError("a store of vectors without keys");
    const { mode } = settings.mesh;
    const imageSources = imageSourcesOf(args);
    const { ownership } = settings;
    const placement = { cluster, namespace: tenant.namespace, ownership, imageSources, mesh: mode };
    const sizes = vectorSizes(vectors, mode);
    const { istio } = behind.mesh;
    const store = new VectorStore(
        vectorStore.store,
        {
            placement,
            size: sizes.store,
            replicationFactor: vectors.replicationFactor,
            isZoned: (ground?.zones.length ?? 1) > 1,
            keys,
            snapshots: snapshotStoreOf(args),
            undrilled: backups.kind === "off" ? backups.because : undefined,
            certManager: behind.certManager.operator,
            istio,
        },
        stage,
    );
    createQdrantBackups(args, placement, { ...stage, dependsOn: [store] });
    const asked = { placement, api: vectors.api, size: sizes.api, store, keyGeneration: keys.generation, istio };
    new PineconeService(vectorStore.api, asked, { ...stage, dependsOn: [store, ...behind.rights] });
}

/** The checks of a cloud whose store takes snapshots have asked for the identity. */
function snapshotStoreOf({ cluster: { backupStore: store }, ground }: PlatformArgs): SnapshotStore | undefined {
    const identity = identityOf(ground?.identities ?? {}, vectorIdentity);
    return store?.s3 === undefined || identity === undefined ? undefined : { store, identity };
}
