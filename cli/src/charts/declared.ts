import { locateChart, publishedName } from "../../../components/kubernetes/chart";
import { charts, type Upstream } from "../../../components/kubernetes/chartTable";
import { field, textField } from "../../../simulator/system/files";
import type { Registration } from "../registrations";

/** A chart as the host is asked to render it (simulator/host/charts). */
export interface ChartQuestion {
    readonly chart: string;
    /** Empty where the chart is a file. */
    readonly version: string;
    /** Address of the repository; empty for files and registries. */
    readonly repo: string;
    readonly release: string;
    readonly namespace: string;
    readonly values: unknown;
    /** What the chart must call itself. */
    readonly wanted: { readonly name: string; readonly version: string };
}

/** A row of the table of charts. */
export interface ChartRow {
    readonly name: string;
    readonly upstream: Upstream;
}

export const chartRows: readonly ChartRow[] = Object.entries<Upstream>(charts).map(([name, upstream]) => ({
    name,
    upstream,
}));

/** A chart that a stack declares. */
export interface DeclaredChart {
    readonly stack: string;
    readonly row: ChartRow;
    readonly registration: Registration;
    readonly question: ChartQuestion;
}

export const chartType = "kubernetes:helm.sh/v4:Chart";

/** @param mirror folder to take charts from; undefined to take each from where its stack does */
export function declaredCharts(
    stack: string,
    registrations: readonly Registration[],
    mirror: string | undefined,
): readonly DeclaredChart[] {
    return registrations.flatMap((registration) => {
        const row = registration.type === chartType ? rowOf(registration) : undefined;
        return row === undefined ? [] : [{ stack, row, registration, question: questionOf(row, registration, mirror) }];
    });
}

/** Programs name charts by what their makers call them, or by the file of a mirror. */
function rowOf({ inputs, urn }: Registration): ChartRow {
    const [last = ""] = String(inputs.chart).split("/").reverse();
    const found = chartRows.find(({ upstream }) => {
        const own = publishedName(upstream);
        return last === own || last === `${own}-${upstream.version}.tgz`;
    });
    if (found === undefined) throw new Error(`${urn} is a chart that the table does not have`);
    return found;
}

function questionOf({ upstream }: ChartRow, { inputs, name }: Registration, mirror: string | undefined): ChartQuestion {
    const place = mirror === undefined ? inputs : locateChart(upstream, { kind: "directory", path: mirror });
    return {
        chart: textField(place, "chart") ?? "",
        version: textField(place, "version") ?? "",
        repo: textField(field(place, "repositoryOpts"), "repo") ?? "",
        release: textField(inputs, "name") ?? name,
        namespace: textField(inputs, "namespace") ?? "default",
        values: inputs.values ?? {},
        wanted: { name: publishedName(upstream), version: upstream.version },
    };
}
