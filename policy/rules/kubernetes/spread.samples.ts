import { sampleOf } from "../../samples";
import { scaledDeployment } from "./enoughReplicas.samples";

const labels = { app: "app", tier: "web" } as const;
export const own = { matchLabels: { app: "app" } } as const;
export const zone = "topology.kubernetes.io/zone";

/** A Deployment of so many pods, and what their template says of where they go. */
export function spreadPods(replicas: number, pod: Readonly<Record<string, unknown>>) {
    return sampleOf(scaledDeployment({ replicas, template: { metadata: { labels }, spec: pod } }));
}

export function constraint(change: Readonly<Record<string, unknown>> = {}) {
    const whole = { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "ScheduleAnyway", labelSelector: own, ...change };
    return { topologySpreadConstraints: [whole] };
}

export function antiAffinity(term: Readonly<Record<string, unknown>>, rule: "required" | "preferred" = "required") {
    const key = `${rule}DuringSchedulingIgnoredDuringExecution`;
    const entry = rule === "required" ? term : { weight: 100, podAffinityTerm: term };
    return { affinity: { podAntiAffinity: { [key]: [entry] } } };
}
