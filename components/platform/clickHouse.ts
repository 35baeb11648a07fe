import { ClickHouse } from "../data/clickhouse/cluster";
import { ClickHouseOperator } from "../data/clickhouse/operator";
import { clickHouseNamespace } from "../foundation/clickHouseNames";
import type { Operator } from "../kubernetes/customResource";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

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
    const operator = new ClickHouseOperator("clickhouse-operator", { place, asked, passwords }, stage);
    const { generation } = passwords;
    const behind = { operator, certManager: certManager.operator, applications: tenant.namespace };
    return new ClickHouse("clickhouse", { place, asked, generation, ...behind }, stage);
}

/** Images that only such stacks run. */
export function clickHouseRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.clickhouse.kind === "off" ? [] : ["docker.io/altinity/clickhouse-operator", "docker.io/clickhouse/"];
}

/** Network policies by which pods of its namespace call what has no address of its own. */
export function clickHouseCallers({ data }: Pick<Settings, "data">) {
    return data.clickhouse.kind === "off" ? [] : [{ namespace: clickHouseNamespace, name: "api-server" }];
}
