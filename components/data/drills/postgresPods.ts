import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { backupFolder } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import {
    drillProgramSize,
    drillServerSize,
    manifestUser,
    postgresDrillSize,
    postgresJobs,
    postgresLogin,
} from "../../foundation/postgresDrill";
import { instancePorts, writingService } from "../../foundation/postgresNames";
import type { PostgresCluster } from "../../foundation/postgresPlace";
import type { StoredSize } from "../../foundation/workloads";
import type { Placement } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import { clusterClient } from "../postgresClient";
import { databaseImage, postgresUser } from "../postgresClusterPlan";
import { archiverImage } from "../postgresOperatorValues";
import { planJobPod, planScratchVolume, planVariables, scriptsMount } from "./pods";
import { scriptsPath } from "./scripts";

export interface PostgresPodPlan {
    readonly placement: Placement;
    readonly asked: PostgresCluster;
    /** ConfigMap with the programs. */
    readonly scripts: pulumi.Input<string>;
    /** Where backups are, as programs are told. */
    readonly target: readonly core.v1.EnvVar[];
}

/**
 * The programs' interpreter in the image of the plugin's archiver, with barman-cloud and PostgreSQL's client beside it, as an instance has them.
 *
 * @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/containers/Dockerfile.sidecar
 */
const interpreter = "/venv/bin/python3";

const loginFolder = "/run/secrets/postgres";

/** Reads the database and writes to the store. It calls the instance that writes by its name, and takes no other for it. */
export function planManifestPod(plan: PostgresPodPlan): core.v1.PodSpec {
    const { environment, secretKeys } = clusterClient;
    const keys = { ...secretKeys, [loginFolder]: { secret: postgresLogin(manifestUser), key: "password" } };
    const volumes = Object.entries(keys).map(([path, { secret: secretName, key }]) => ({
        path,
        volume: {
            name: path.slice(1).replaceAll("/", "-"),
            secret: { secretName, items: [{ key, path: key }], defaultMode: 0o440 },
        },
    }));
    const own = {
        ...environment,
        PGHOST: writingService,
        PGPORT: `${instancePorts.postgres}`,
        PGUSER: manifestUser,
        PASSWORD_FILE: `${loginFolder}/password`,
        KEEP_DAYS: `${plan.asked.keepDays}`,
    };
    return planJobPod(plan.placement, {
        account: postgresJobs.manifest,
        uid: postgresUser,
        scripts: plan.scripts,
        containers: [
            {
                ...planProgram(plan, { name: postgresJobs.manifest, program: "record.py", environment: own }),
                volumeMounts: [
                    scriptsMount,
                    ...volumes.map(({ path, volume }) => ({ name: volume.name, mountPath: path, readOnly: true })),
                ],
            },
        ],
        volumes: volumes.map(({ volume }) => volume),
    });
}

/** Where manifests are: apart from backups and log, so that who writes the ones reaches none of the others. */
export function manifestFolder({ archive }: Pick<PostgresCluster, "archive">): string {
    return `${backupFolder(postgresJobs.manifest)}/${archive}`;
}

const scratchFolder = "/scratch";
const scratchMount = { name: "scratch", mountPath: scratchFolder };

/** Hours of which the newest base backup, and the newest manifest, may be old at most: those of a day, and what they need themselves. */
const mostHours = "26";

/**
 * Reads the store, and nothing else: the server that it starts is in its own pod, listens on a socket there and nowhere else, and has a volume that
 * goes with the pod. First a program brings backup and log; then the server starts, and another program waits for it and compares. The server ends
 * after that.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function planDrillPod(plan: PostgresPodPlan, { size, promised, region }: DrillLimits): core.v1.PodSpec {
    const environment = { SCRATCH: scratchFolder, TMPDIR: scratchFolder };
    const fetching = {
        ...environment,
        ...(region === undefined ? {} : { AWS_DEFAULT_REGION: region }),
        SERVER_NAME: plan.asked.archive,
        MANIFEST_FOLDER: manifestFolder(plan.asked),
        BACKUP_HOURS: mostHours,
        MANIFEST_HOURS: mostHours,
        RPO_MINUTES: `${promised.rpoMinutes}`,
    };
    const comparing = { ...environment, RTO_MINUTES: `${promised.rtoMinutes}` };
    const volumeMounts = [scriptsMount, scratchMount];
    const program = (name: string, file: string, own: Readonly<Record<string, string>>) => ({
        ...planProgram(plan, { name, program: file, environment: own }),
        volumeMounts,
    });
    return planJobPod(plan.placement, {
        account: postgresJobs.drill,
        uid: postgresUser,
        scripts: plan.scripts,
        initContainers: [program("fetch", "fetch.py", fetching), planScratchServer(plan)],
        containers: [program(postgresJobs.drill, "compare.py", comparing)],
        volumes: [planScratchVolume(scratchMount.name, postgresDrillSize(size).storage, plan.placement.cluster)],
    });
}

export interface DrillLimits {
    /** What an instance has. */
    readonly size: StoredSize;
    readonly promised: { readonly rpoMinutes: number; readonly rtoMinutes: number };
    /** Of a store that speaks S3. */
    readonly region: string | undefined;
}

/** The program of an instance, of the same version. @see https://github.com/cloudnative-pg/postgres-containers/blob/main/Dockerfile */
function planScratchServer({ placement, asked }: PostgresPodPlan): core.v1.Container {
    const settings = `config_file=${scratchFolder}/settings/postgresql.conf`;
    return {
        name: "scratch",
        image: imageReference(databaseImage(asked.version), placement.imageSources),
        restartPolicy: "Always",
        command: [`/usr/lib/postgresql/${asked.version}/bin/postgres`, "-D", `${scratchFolder}/data`, "-c", settings],
        resources: containerResources(drillServerSize),
        securityContext: { ...runAs(postgresUser), ...hardenedContainer },
        volumeMounts: [scratchMount],
    };
}

interface Program {
    readonly name: string;
    readonly program: string;
    readonly environment: Readonly<Record<string, string>>;
}

function planProgram(
    { placement, target }: PostgresPodPlan,
    { name, program, environment }: Program,
): core.v1.Container {
    return {
        name,
        image: imageReference(archiverImage, placement.imageSources),
        command: [interpreter, "-B", `${scriptsPath}/${program}`],
        env: [...target, ...planVariables(environment)],
        resources: containerResources(drillProgramSize),
        securityContext: { ...runAs(postgresUser), ...hardenedContainer },
    };
}
