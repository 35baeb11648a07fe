import type { Sample } from "../../rule";
import { kubernetesResource, podOf, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

/** A workload of a kind, with some of its `spec` set. */
export function updated(kind: string, spec: Mapping, pod: Mapping = {}): Sample {
    const template = { spec: podOf({ kind: "pod", set: pod }) };
    const metadata = { name: "app", namespace: "shop" };
    return sampleOf(kubernetesResource("apps/v1", kind, { metadata, spec: { ...spec, template } }));
}

/** Pods with a volume each, and the seconds that they have to end. */
export function dataPods(terminationGracePeriodSeconds: number | null): Sample {
    const volumeClaimTemplates = [{ metadata: { name: "data" } }];
    return updated("StatefulSet", { volumeClaimTemplates }, { terminationGracePeriodSeconds });
}
