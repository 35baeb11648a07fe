import { Chart, type ChartArgs } from "@pulumi/kubernetes/helm/v4/chart";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import { type ChartName, charts, type Upstream } from "./chartTable";

/** Where the stack takes its charts and definitions from. */
export type ChartSources =
    /** From their makers. */
    | { readonly kind: "upstream" }
    /** From a folder: `<name>-<version>.tgz` for a chart, `<name>-<version>.yaml` for definitions. */
    | { readonly kind: "directory"; readonly path: string }
    /** Charts from a registry, under a prefix such as `oci://registry.example.com/charts`; definitions from a folder. */
    | { readonly kind: "oci"; readonly prefix: `oci://${string}`; readonly definitions: string };

export interface ChartPlan {
    readonly chart: ChartName;
    /** Name of the release: the prefix of what the chart makes. */
    readonly release: string;
    readonly namespace: pulumi.Input<string>;
    readonly values: Readonly<Record<string, unknown>>;
    readonly sources: ChartSources;
}

/** Makes every object of a chart a resource of its own: each is previewed, judged by the policies and kept up to date. */
export function createChart(name: string, plan: ChartPlan, child: ChildOptions): Chart {
    return new Chart(name, planChart(plan), child);
}

/** Custom resource definitions are left out: they are a step of their own, because Helm never updates them. */
export function planChart({ chart, release, namespace, values, sources }: ChartPlan): ChartArgs {
    const upstream: Upstream = charts[chart];
    return { ...locateChart(upstream, sources), name: release, namespace, values: { ...values }, skipCrds: true };
}

type Location = Pick<ChartArgs, "version" | "repositoryOpts"> & { readonly chart: string };

/** Where a chart is, given where the stack takes its charts from. */
export function locateChart(upstream: Upstream, sources: ChartSources): Location {
    const { version } = upstream;
    switch (sources.kind) {
        case "directory":
            return { chart: `${sources.path}/${publishedName(upstream)}-${version}.tgz` };
        case "oci":
            return { chart: `${sources.prefix}/${publishedName(upstream)}`, version };
        case "upstream":
            return upstream.kind === "oci"
                ? { chart: upstream.url, version }
                : { chart: upstream.chart, version, repositoryOpts: { repo: upstream.url } };
    }
}

/** Name of the chart as its maker publishes it, and as `helm pull` names its file. */
export function publishedName(upstream: Upstream): string {
    return upstream.kind === "repository" ? upstream.chart : upstream.url.slice(upstream.url.lastIndexOf("/") + 1);
}
