import * as pulumi from "@pulumi/pulumi";
import { ClickHouse } from "../data/clickhouse/cluster";
import { ClickHouseOperator } from "../data/clickhouse/operator";
import { type ClickHouseServers, clickHouseNamespace } from "../foundation/clickHouseNames";
import { clickHouseSizes } from "../foundation/clickHouseSizes";
import { clickHouseBackupSize, clickHouseDrillSize } from "../foundation/dataBackups";
import type { Size } from "../foundation/workloads";
import type { Operator } from "../kubernetes/customResource";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";
import { createClickHouseBackups } from "./backups";

export interface BehindClickHouse {
    readonly secrets: Pick<GeneratedSecrets, "clickHouse">;
    readonly certManager: { readonly operator: Operator };
    /** Namespace of the applications. */
    readonly tenant: TenantNamespace;
}

/** ClickHouse and who runs it, where the stack has it. */
export function createClickHouse(
    args: PlatformArgs,
    { secrets, certManager, tenant }: BehindClickHouse,
    stage: Stage,
): ClickHouse | undefined {
    const { clickhouse: asked } = args.settings.data;
    if (asked.kind === "off") return undefined;
    const { clickHouse: passwords } = secrets;
    if (passwords === undefined) throw new RangeError("ClickHouse without passwords");
    const place = systemPlace(args);
    const { clickhouse: backups } = args.settings.serviceBackups;
    const besides = backups.kind === "off" ? [] : jobSizes(asked);
    const operator = new ClickHouseOperator("clickhouse-operator", { place, asked, passwords, besides }, stage);
    const { generation } = passwords;
    const behind = { operator, certManager: certManager.operator, applications: tenant.namespace };
    const undrilled = backups.kind === "off" ? backups.because : undefined;
    const servers = new ClickHouse("clickhouse", { place, asked, generation, undrilled, ...behind }, stage);
    createClickHouseBackups(args, pulumi.output(operator.inside.namespace), {
        ...stage,
        dependsOn: [operator, servers],
    });
    return servers;
}

/** Room for a second drill: the first one's pod, with its volume, stays to be read when it has ended. */
function jobSizes(asked: ClickHouseServers): readonly Size[] {
    const drill = clickHouseDrillSize(clickHouseSizes(asked).server);
    return [clickHouseBackupSize, drill, drill];
}

/** Images that only such stacks run. */
export function clickHouseRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.clickhouse.kind === "off" ? [] : ["docker.io/altinity/clickhouse-operator", "docker.io/clickhouse/"];
}

/** Network policies by which pods of its namespace call what has no address of its own. */
export function clickHouseCallers({ data }: Pick<Settings, "data">) {
    return data.clickhouse.kind === "off" ? [] : [{ namespace: clickHouseNamespace, name: "api-server" }];
}
