import type { Issues } from "../foundation/issues";
import { kafkaUiPlace } from "../foundation/kafkaUi";
import { kibanaPlace } from "../foundation/kibana";
import { leadsTo, type PagePlace } from "../foundation/pages";
import type { Settings } from "./schema";

type Edge = Pick<Settings, "edge">;
type Leading = readonly (readonly [string, Settings["edge"]["dashboards"][string]])[];

const dashboardsKey = "edge.dashboards";

/** A page of the platform's own, which a stack has by a setting and a dashboard that leads to it. */
export interface Page {
    /** The setting. */
    readonly key: string;
    /** What people call it. */
    readonly title: string;
    readonly place: PagePlace;
    /** What the stack says. */
    readonly asked: { readonly kind: "off" } | { readonly kind: string; readonly writes: boolean };
    /** What whoever logs in could do where it writes. */
    readonly couldDo: string;
    /** Where it is described. */
    readonly docs: string;
}

/** Where the pages are that a stack has. */
export function pagesOf({ kafka, elasticsearch }: Settings["data"]): readonly PagePlace[] {
    return [
        ...(kafka.kind === "cluster" && kafka.ui.kind !== "off" ? [kafkaUiPlace] : []),
        ...(elasticsearch.kind === "cluster" && elasticsearch.kibana.kind !== "off" ? [kibanaPlace] : []),
    ];
}

/** Refuses a page where nobody would be asked who they are, which is everywhere but behind a dashboard's login. */
export function checkPage({ edge }: Edge, page: Page, issues: Issues): void {
    const { key, title, place, asked, docs } = page;
    if (!("writes" in asked)) return;
    const { namespace, service, port } = place;
    const leading = Object.entries(edge.dashboards).filter(([, dashboard]) => leadsTo(place, dashboard));
    if (leading.length === 0) {
        const words = `is ${asked.kind}, but no entry of ${dashboardsKey} leads to it: it asks nobody who they are, and would be seen by nobody`;
        const fix = `add one with namespace ${namespace}, service ${service} and port ${port} (${docs}), or remove it`;
        issues.add(key, words, fix);
    }
    for (const [name, dashboard] of leading) {
        for (const field of ["port", "podPort"] as const) {
            const named = dashboard[field] ?? port;
            if (named === port) continue;
            const words = `is ${named}, but ${title} answers at ${port}`;
            issues.add(`${dashboardsKey}.${name}.${field}`, words, `set port to ${port}, and no podPort`);
        }
    }
    if (asked.writes) checkWriters(page, leading, issues);
}

/** A page knows nobody by name: whoever enters may all that it may. */
function checkWriters({ key, couldDo }: Page, leading: Leading, issues: Issues): void {
    for (const [name, { groups }] of leading) {
        if (groups !== undefined) continue;
        const words = `is missing, and ${key}.writes is true: whoever logs in could ${couldDo}`;
        issues.add(`${dashboardsKey}.${name}.groups`, words, `name groups, or remove ${key}.writes`);
    }
}
