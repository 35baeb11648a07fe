import { type Raw, settingsOf } from "./stack";

/** Dashboards of three kinds: for everybody who logs in, for one group, and one whose pods answer at another port. */
export const dashboards = {
    grafana: { host: "grafana.HOST", namespace: "monitoring", service: "grafana", port: 80, podPort: 3000 },
    kibana: { host: "kibana.HOST", namespace: "logging", service: "kibana", port: 5601, groups: ["platform", "a.b"] },
    kafka: { host: "kafka.HOST", namespace: "monitoring", service: "kafka-ui", port: 8080, groups: ["platform"] },
} as const;

export const login = {
    issuer: "https://login.company.org/tars",
    clientId: "tars-dashboards",
    clientSecret: { from: "store", entry: "dashboards-client" },
    emailDomains: ["company.org"],
} as const;

/** What the edge has with dashboards below a domain. */
export function loginEdge(domain: string, changes: Raw = {}): Raw {
    return { dashboards: JSON.parse(JSON.stringify(dashboards).replaceAll("HOST", domain)), login, ...changes };
}

/** Edge of a stack that has dashboards, beside what its file says. */
export function withDashboards(stack: string, domain: string, changes: Raw = {}): Raw {
    return { edge: { ...Object(settingsOf(stack).edge), ...loginEdge(domain, changes) } };
}
