import type { core } from "@pulumi/kubernetes/types/input";
import { type BackupPlan, chromadbJobs } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import type { StoredSize } from "../../foundation/workloads";
import { images } from "../../kubernetes/images";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import { environmentOf, type ProgramPlace, planProgram, planScratchVolume } from "./pods";

export interface ChromadbPodsPlan extends ProgramPlace {
    readonly plan: BackupPlan;
    /** Where ChromaDB answers. */
    readonly serviceUrl: string;
    /** What ChromaDB has, and so what the drill's own has. */
    readonly size: StoredSize;
}

const scratchPort = images.chromadb.ports.http;

/** Reads ChromaDB and writes to the store. */
export function planBackupPod(args: ChromadbPodsPlan): core.v1.PodSpec {
    const environment = { SERVICE_URL: args.serviceUrl, KEEP_DAYS: `${args.plan.keepDays}` };
    return planProgram(args, { name: chromadbJobs.backup, program: "backup.py", environment });
}

/** Reads the store, and writes to a server in its own pod that nobody else reaches, with a volume as large as ChromaDB's. */
export function planDrillPod(args: ChromadbPodsPlan): core.v1.PodSpec {
    const { cluster } = args.placement;
    const environment = { SCRATCH_URL: `http://127.0.0.1:${scratchPort}`, RPO_HOURS: `${args.plan.rpoHours}` };
    const paths = images.chromadb.writablePaths.map(({ path, medium }) => ({ path, medium, name: nameOf(path) }));
    const volumes = paths.map(({ name, medium }) =>
        medium === "disk"
            ? planScratchVolume(name, args.size.storage, cluster)
            : { name, emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
    );
    const besides = [planScratchServer(args, paths)];
    return planProgram(args, { name: chromadbJobs.drill, program: "drill.py", environment, volumes, besides });
}

function planScratchServer(
    { placement, size }: ChromadbPodsPlan,
    paths: readonly { readonly path: string; readonly name: string }[],
): core.v1.Container {
    const { uid, gid } = images.chromadb;
    return {
        name: "scratch",
        image: imageReference(images.chromadb, placement.imageSources),
        restartPolicy: "Always",
        // It takes no call but from its own pod: rust/frontend/src/config.rs at 1.5.3 (listen_address).
        env: [...environmentOf(images.chromadb), { name: "CHROMA_LISTEN_ADDRESS", value: "127.0.0.1" }],
        resources: containerResources(size),
        securityContext: { ...runAs(uid), runAsGroup: gid, ...hardenedContainer },
        volumeMounts: paths.map(({ path, name }) => ({ name, mountPath: path })),
    };
}

/** `/chroma/chroma` becomes `chroma-chroma`. */
function nameOf(path: string): string {
    return path.slice(1).replaceAll("/", "-");
}
