import type { Issues } from "../foundation/issues";
import type { KafkaCluster } from "../foundation/kafkaNames";
import { isKafkaUi, kafkaUiPlace } from "../foundation/kafkaUi";
import type { Settings } from "./schema";

const [uiKey, dashboardsKey] = ["data.kafka.ui", "edge.dashboards"];

const { namespace, service, port } = kafkaUiPlace;

/** Refuses Kafka UI where nobody would be asked who they are, which is everywhere but behind a dashboard's login. */
export function checkKafkaUi({ edge }: Pick<Settings, "edge">, { ui }: KafkaCluster, issues: Issues): void {
    const leading = Object.entries(edge.dashboards).filter(([, dashboard]) => isKafkaUi(dashboard));
    if (ui.kind === "off") return;
    if (leading.length === 0) {
        const words = `is ${ui.kind}, but no entry of ${dashboardsKey} leads to it: it asks nobody who they are, and would be seen by nobody`;
        const fix = `add one with namespace ${namespace}, service ${service} and port ${port} (docs/schema-registry.md), or remove it`;
        issues.add(uiKey, words, fix);
    }
    for (const [name, dashboard] of leading) {
        if (dashboard.port === port && (dashboard.podPort ?? port) === port) continue;
        const words = `is ${dashboard.port}, but Kafka UI answers at ${port}`;
        issues.add(`${dashboardsKey}.${name}.port`, words, `set ${port}, and no podPort`);
    }
    checkWriters(ui.writes, leading, issues);
}

type Leading = readonly (readonly [string, Settings["edge"]["dashboards"][string]])[];

/** Kafka UI knows nobody by name: whoever enters may all that it may. */
function checkWriters(writes: boolean, leading: Leading, issues: Issues): void {
    if (!writes) return;
    for (const [name, { groups }] of leading) {
        if (groups !== undefined) continue;
        const words = `is missing, and ${uiKey}.writes is true: whoever logs in could write to every topic`;
        issues.add(`${dashboardsKey}.${name}.groups`, words, `name groups, or remove ${uiKey}.writes`);
    }
}
