import type { core } from "@pulumi/kubernetes/types/input";
import { type BackupPlan, qdrantDrillSize, qdrantJobs } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import { vectorStore } from "../../foundation/vectors";
import type { StoredSize } from "../../foundation/workloads";
import { podHost } from "../../kubernetes/certifiedNames";
import { images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import { keyNames } from "../vectors/environment";
import { storeCertificate, storeKeys } from "../vectors/vectorStore";
import { environmentOf, type ProgramPlace, planProgram, planScratchVolume, planVariables } from "./pods";

export interface QdrantPodsPlan extends ProgramPlace {
    readonly placement: Placement;
    readonly plan: BackupPlan;
    /** What Qdrant's pods have, and how many there are. */
    readonly size: StoredSize;
}

const { https } = images.qdrant.ports;

/** Where the backup's pod has what it shows, and whom it believes. */
const loginFolder = "/run/qdrant";

/** Reads each pod of Qdrant, and writes to the store. */
export function planBackupPod(args: QdrantPodsPlan): core.v1.PodSpec {
    const { store } = vectorStore;
    const pods = Array.from(
        { length: args.size.replicas.max },
        (_, index) => `https://${podHost(store, `${store}-${index}`)}:${https}`,
    );
    const secret = (name: string, key: string) => ({ secret: { name, items: [{ key, path: key }] } });
    const sources = [secret(storeKeys, keyNames.all), secret(storeCertificate, "ca.crt")];
    return planProgram(args, {
        name: qdrantJobs.backup,
        program: "backup.py",
        environment: { SERVICE_PODS: pods.join(","), SERVICE_LOGIN: loginFolder, KEEP_DAYS: `${args.plan.keepDays}` },
        volumes: [{ name: "login", projected: { defaultMode: 0o440, sources } }],
        volumeMounts: [{ name: "login", mountPath: loginFolder, readOnly: true }],
    });
}

const storage = { name: "storage", mountPath: "/qdrant/storage" } as const;
const mark = { name: "init", mountPath: "/qdrant/init" } as const;

/** Reads the store, and writes to a server in its own pod that nobody else reaches, as large as one pod of Qdrant. */
export function planDrillPod(args: QdrantPodsPlan): core.v1.PodSpec {
    const { plan, size, placement } = args;
    const volume = qdrantDrillSize(size, placement.mesh).storage;
    return planProgram(args, {
        name: qdrantJobs.drill,
        program: "drill.py",
        environment: { SCRATCH_URL: `http://127.0.0.1:${https}`, RPO_HOURS: `${plan.rpoHours}` },
        volumes: [
            planScratchVolume(storage.name, volume, placement.cluster),
            { name: mark.name, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
        ],
        besides: [planScratchServer(args)],
    });
}

/** Alone, without TLS and key, for calls from its own pod. What is taken in lies on the same volume as what is made of it. */
function planScratchServer({ placement, size }: QdrantPodsPlan): core.v1.Container {
    const { uid, gid } = images.qdrant;
    const settings = {
        QDRANT__SERVICE__HOST: "127.0.0.1",
        QDRANT__STORAGE__SNAPSHOTS_PATH: `${storage.mountPath}/snapshots`,
        QDRANT__STORAGE__TEMP_PATH: `${storage.mountPath}/temp`,
        QDRANT__TELEMETRY_DISABLED: "true",
    };
    return {
        name: "scratch",
        image: imageReference(images.qdrant, placement.imageSources),
        restartPolicy: "Always",
        env: [...environmentOf(images.qdrant), ...planVariables(settings)],
        resources: containerResources(size),
        securityContext: { ...runAs(uid), runAsGroup: gid, ...hardenedContainer },
        volumeMounts: [storage, mark],
    };
}
