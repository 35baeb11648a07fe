import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import {
    backupUser,
    type ClickHouseServers,
    clickHouseAuthority,
    clickHouseLogin,
    clickHouseLoginKeys,
    clickHouseNamespace,
    clickHousePorts,
    hostsOf,
} from "../../foundation/clickHouseNames";
import { clickHouseSizes } from "../../foundation/clickHouseSizes";
import { type BackupPlan, clickHouseJobs } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import { clickHouseUid } from "../clickhouse/pod";
import { serverImage } from "../clickhouse/serverPlan";
import { type ProgramPlace, planProgram, planScratchVolume } from "./pods";
import { coldScratch, configurationFile, configurationFolder, dataFolder, scratchPort } from "./scratchClickHouse";

export interface ClickHousePodsPlan extends ProgramPlace {
    readonly plan: BackupPlan;
    readonly asked: ClickHouseServers;
    /** ConfigMap with the configuration of the drill's own server. */
    readonly configuration: pulumi.Input<string>;
}

/** Where the backup's pod has who it is and whom to believe. */
const loginFolder = "/run/clickhouse";

/** Reads ClickHouse, of each shard one server, and writes to the store. */
export function planBackupPod(args: ClickHousePodsPlan): core.v1.PodSpec {
    const { asked, plan } = args;
    const environment = {
        SERVICE_SHARDS: JSON.stringify(planShards(asked)),
        SERVICE_DATABASES: asked.databases.join(","),
        SERVICE_LOGIN: loginFolder,
        KEEP_DAYS: `${plan.keepDays}`,
    };
    const { user, password } = clickHouseLoginKeys;
    const login = [user, password].map((key) => ({ key, path: key }));
    const { secret, key } = clickHouseAuthority;
    const sources = [
        { secret: { name: clickHouseLogin(backupUser), items: login } },
        { secret: { name: secret, items: [{ key, path: key }] } },
    ];
    return planProgram(args, {
        name: clickHouseJobs.backup,
        program: "backup.py",
        environment,
        volumes: [{ name: "login", projected: { defaultMode: 0o440, sources } }],
        volumeMounts: [{ name: "login", mountPath: loginFolder, readOnly: true }],
    });
}

/** Addresses of the servers, by the shard that they are copies of: the Service before all of them leads to any. */
function planShards({ shards, replicas }: ClickHouseServers): readonly (readonly string[])[] {
    const urls = hostsOf("chi", shards, replicas).map(
        (host) => `https://${host}.${clickHouseNamespace}.svc:${clickHousePorts.https}`,
    );
    return Array.from({ length: shards }, (_, shard) => urls.slice(shard * replicas, (shard + 1) * replicas));
}

/** Reads the store, and writes to a server in its own pod that nobody else reaches, as large as one of ClickHouse's. */
export function planDrillPod(args: ClickHousePodsPlan): core.v1.PodSpec {
    const { asked, plan, configuration, placement } = args;
    const { cluster } = placement;
    const size = clickHouseSizes(asked).server;
    return planProgram(args, {
        name: clickHouseJobs.drill,
        program: "drill.py",
        environment: { SCRATCH_URL: `http://127.0.0.1:${scratchPort}`, RPO_HOURS: `${plan.rpoHours}` },
        volumes: [
            { name: "configuration", configMap: { name: configuration, defaultMode: 0o444 } },
            { name: "tmp", emptyDir: { sizeLimit: size.scratch } },
            planScratchVolume("data", asked.storage, cluster),
            ...(asked.coldStorage === undefined ? [] : [planScratchVolume("cold", asked.coldStorage, cluster)]),
        ],
        besides: [planScratchServer(args)],
    });
}

/** Without the image's entry point, which writes users into a folder that nobody may write to here. */
function planScratchServer({ asked, placement }: ClickHousePodsPlan): core.v1.Container {
    const cold = asked.coldStorage === undefined ? [] : [{ name: "cold", mountPath: coldScratch }];
    return {
        name: "scratch",
        image: imageReference(serverImage(asked), placement.imageSources),
        command: ["clickhouse-server", `--config-file=${configurationFile}`],
        restartPolicy: "Always",
        resources: containerResources(clickHouseSizes(asked).server),
        securityContext: { ...runAs(clickHouseUid), ...hardenedContainer },
        volumeMounts: [
            { name: "configuration", mountPath: configurationFolder, readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
            { name: "data", mountPath: dataFolder },
            ...cold,
        ],
    };
}
