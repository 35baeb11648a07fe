import { ObjectStore } from "../data/objects/objectStore";
import { demandAtPeak } from "../foundation/demand";
import { objectStore } from "../foundation/objectStore";
import { bucketsJobSize, objectServerSize } from "../foundation/objectStoreSizes";
import type { Operator } from "../kubernetes/customResource";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage } from "./args";

export interface BehindObjects {
    readonly secrets: Pick<GeneratedSecrets, "objects">;
    readonly certManager: { readonly operator: Operator };
    /** Namespace of the applications. */
    readonly tenant: TenantNamespace;
}

/** The object store in a namespace of its own, outside of the mesh, where every call is TLS of its own; where the stack has it. */
export function createObjects(
    args: PlatformArgs,
    { secrets, certManager, tenant }: BehindObjects,
    stage: Stage,
): ObjectStore | undefined {
    const { cluster, settings, ground } = args;
    const { objects: asked } = settings.data;
    if (asked.kind === "off") return undefined;
    const { objects: logins } = secrets;
    if (logins === undefined) throw new RangeError("an object store without logins");
    const { ownership, mesh } = settings;
    const quota = planQuota(demandAtPeak([objectServerSize(asked), bucketsJobSize]), undefined);
    const own = new TenantNamespace(objectStore, { cluster, ownership, namespace: objectStore, quota }, stage);
    const imageSources = imageSourcesOf(args);
    const placement = { cluster, namespace: own.namespace, ownership, imageSources, mesh: mesh.mode };
    const plan = {
        placement,
        asked,
        secrets: logins,
        isZoned: (ground?.zones.length ?? 1) > 1,
        certManager: certManager.operator,
        applications: tenant.namespace,
    };
    return new ObjectStore(objectStore, plan, { ...stage, dependsOn: [own] });
}

/** Images that only such stacks run. */
export function objectRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.objects.kind === "off" ? [] : [images.seaweedfs.repository];
}
