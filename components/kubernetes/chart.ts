import { Chart, type ChartArgs } from "@pulumi/kubernetes/helm/v4/chart";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";

/** Where a chart comes from. A remote one always has an exact version, so that the same stack is the same tomorrow. */
export type ChartSource =
    | { readonly kind: "oci"; readonly url: `oci://${string}`; readonly version: ExactVersion }
    | {
          readonly kind: "repository";
          readonly url: `https://${string}`;
          readonly chart: string;
          readonly version: ExactVersion;
      }
    | { readonly kind: "directory"; readonly path: string };

/** Three numbers and perhaps a pre-release; never a range. */
export type ExactVersion = `${number}.${number}.${number}` | `${number}.${number}.${number}-${string}`;

export interface ChartPlan {
    readonly source: ChartSource;
    /** Name of the release: the prefix of what the chart makes. */
    readonly release: string;
    readonly namespace: pulumi.Input<string>;
    readonly values: Readonly<Record<string, unknown>>;
}

/** Makes every object of a chart a resource of its own: each is previewed, judged by the policies and kept up to date. */
export function createChart(name: string, plan: ChartPlan, child: ChildOptions): Chart {
    return new Chart(name, planChart(plan), child);
}

/** Custom resource definitions are left out: they are a step of their own, because Helm never updates them. */
export function planChart({ source, release, namespace, values }: ChartPlan): ChartArgs {
    return { ...planSource(source), name: release, namespace, values: { ...values }, skipCrds: true };
}

function planSource(source: ChartSource): Pick<ChartArgs, "version" | "repositoryOpts"> & { readonly chart: string } {
    switch (source.kind) {
        case "oci":
            return { chart: source.url, version: source.version };
        case "repository":
            return { chart: source.chart, version: source.version, repositoryOpts: { repo: source.url } };
        case "directory":
            return { chart: source.path };
    }
}
