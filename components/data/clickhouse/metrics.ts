import { clickHousePorts } from "../../foundation/clickHouseNames";
import { below } from "./transport";

/** What servers and Keepers tell Prometheus, at a port of its own. @see https://clickhouse.com/docs/operations/server-configuration-parameters/settings#prometheus */
export function planMetrics(): Readonly<Record<string, string>> {
    return below("prometheus", {
        endpoint: "/metrics",
        port: `${clickHousePorts.metrics}`,
        metrics: "true",
        events: "true",
        asynchronous_metrics: "true",
    });
}
