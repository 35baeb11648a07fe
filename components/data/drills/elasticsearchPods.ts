import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore } from "../../cloud/contract";
import { type BackupPlan, elasticsearchJobs } from "../../foundation/dataBackups";
import {
    type ElasticsearchCluster,
    elasticAuthority,
    elasticUrl,
    loginSecret,
    snapshotUser,
} from "../../foundation/elasticNames";
import { scratchSize, snapshotFolder, snapshotPolicy, snapshotRepository } from "../../foundation/elasticSnapshots";
import { annotated } from "../../kubernetes/annotated";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { imageOf, environment as javaEnvironment, user } from "../elastic/nodeSets";
import { patternsOf } from "../elastic/roles";
import { keystoreOf, planLogin, type SnapshotStore } from "../elastic/snapshots";
import { type ProgramPlace, planProgram, planScratchVolume } from "./pods";
import { configurationFolder, dataFolder, prepareScript, scratchPort } from "./scratchElasticsearch";

export interface ElasticsearchPodsPlan extends ProgramPlace {
    readonly place: SystemPlace;
    readonly asked: ElasticsearchCluster;
    readonly plan: BackupPlan;
    readonly store: BackupStore;
    /** How the drill's own server logs in there. */
    readonly login: SnapshotStore;
    /** ConfigMap with the settings of the drill's own server. */
    readonly settings: pulumi.Input<string>;
}

/** Where the pod that counts has who it is and whom to believe. */
const loginFolder = "/run/elasticsearch";

const shared = { SNAPSHOT_REPOSITORY: snapshotRepository, SNAPSHOT_POLICY: snapshotPolicy } as const;

/** Has Elasticsearch take a snapshot, counts before and after, and writes that to the store. */
export function planManifestPod(args: ElasticsearchPodsPlan): core.v1.PodSpec {
    const { asked, plan } = args;
    const environment = {
        ...shared,
        SERVICE_URL: elasticUrl,
        SERVICE_LOGIN: loginFolder,
        SERVICE_STREAMS: Object.keys(asked.streams).flatMap(patternsOf).join(","),
        KEEP_DAYS: `${plan.keepDays}`,
        RPO_HOURS: `${plan.rpoHours}`,
    };
    const items = (...keys: readonly string[]) => keys.map((key) => ({ key, path: key }));
    const { secret, key } = elasticAuthority;
    const sources = [
        { secret: { name: loginSecret(snapshotUser), items: items("username", "password") } },
        { secret: { name: secret, items: items(key) } },
    ];
    return planProgram(args, {
        name: elasticsearchJobs.backup,
        program: "backup.py",
        environment,
        volumes: [{ name: "login", projected: { defaultMode: 0o440, sources } }],
        volumeMounts: [{ name: "login", mountPath: loginFolder, readOnly: true }],
    });
}

/** Reads the store, and has a server in its own pod that nobody else reaches read it too. */
export function planDrillPod(args: ElasticsearchPodsPlan) {
    const { asked, plan, store, login, settings, placement } = args;
    const size = scratchSize(asked);
    const parts = planLogin(login, configurationFolder);
    const account = annotated(keystoreOf(store) === undefined ? {} : { STORE_ACCOUNT: accountOf(store) });
    const spec = planProgram(args, {
        name: elasticsearchJobs.drill,
        program: "drill.py",
        environment: {
            ...shared,
            SCRATCH_URL: `http://127.0.0.1:${scratchPort}`,
            SNAPSHOT_FOLDER: snapshotFolder,
            RPO_HOURS: `${plan.rpoHours}`,
        },
        volumes: [
            { name: "settings", configMap: { name: settings, defaultMode: 0o444 } },
            { name: "configuration", emptyDir: { sizeLimit: "16Mi" } },
            { name: "tmp", emptyDir: { sizeLimit: size.scratch } },
            planScratchVolume("data", size.storage, placement.cluster),
            ...parts.volumes,
        ],
        besides: [
            planServer(args, {
                name: "prepare",
                command: ["/bin/bash", "-c", prepareScript],
                env: account.environment,
                volumeMounts: [{ name: "settings", mountPath: "/settings", readOnly: true }],
            }),
            {
                ...planServer(args, {
                    name: "scratch",
                    command: ["/usr/share/elasticsearch/bin/elasticsearch"],
                    env: parts.env,
                    volumeMounts: [{ name: "data", mountPath: dataFolder }, ...parts.volumeMounts],
                }),
                restartPolicy: "Always",
            },
        ],
    });
    return { spec, annotations: { ...parts.annotations, ...account.annotations } };
}

function accountOf(store: BackupStore): pulumi.Input<string> {
    const [name] = Object.values(keystoreOf(store) ?? {});
    if (name === undefined) throw new RangeError("a store whose account nobody knows");
    return name;
}

type Own = Pick<core.v1.Container, "name" | "command"> & {
    readonly env: core.v1.EnvVar[];
    readonly volumeMounts: core.v1.VolumeMount[];
};

/** Without the image's entry point, which writes where nobody may here. */
function planServer({ asked, place }: ElasticsearchPodsPlan, { env, volumeMounts, ...own }: Own): core.v1.Container {
    return {
        ...own,
        image: imageOf(place, asked),
        env: [...javaEnvironment, { name: "ES_PATH_CONF", value: configurationFolder }, ...env],
        resources: containerResources(scratchSize(asked)),
        securityContext: { ...runAs(user), ...hardenedContainer },
        volumeMounts: [
            { name: "configuration", mountPath: configurationFolder },
            { name: "tmp", mountPath: "/tmp" },
            ...volumeMounts,
        ],
    };
}
