import { absent, type Value } from "../../reading/value";
import { containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

export const dashboardKinds = [
    "core/ConfigMap",
    "helm.sh/Chart",
    "kibana.k8s.elastic.co/Kibana",
    "elasticsearch.k8s.elastic.co/Elasticsearch",
] as const;

const anonymous = "lets anybody in without a name";
const administrator = "leaves the administrator a password that everybody knows";

export function checkDashboards(stack: Stack, report: StackReport): void {
    for (const workload of stack.workloads) checkEnvironment(workload, report);
    for (const map of stack.of("core/ConfigMap")) checkIni(map, report);
    for (const chart of stack.of("helm.sh/Chart")) checkChart(chart, report);
    for (const kibana of stack.of("kibana.k8s.elastic.co/Kibana")) checkKibana(kibana, report);
    for (const elastic of stack.of("elasticsearch.k8s.elastic.co/Elasticsearch")) {
        for (const set of elastic.object.get("spec", "nodeSets").items())
            checkElastic(set.get("config"), elastic, report);
    }
}

/** @see https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#override-configuration-with-environment-variables */
function checkEnvironment(workload: Subject, report: StackReport): void {
    const variables = podTemplatesOf(workload)
        .flatMap(containersOf)
        .flatMap(({ value }) => value.quietly.get("env").items());
    for (const variable of variables) {
        const [name, value] = [variable.get("name").text(), variable.get("value")];
        if (name === "GF_AUTH_ANONYMOUS_ENABLED" && value.aloud.text() === "true")
            report(workload, { path: value.path, problem: anonymous });
        if (name === "GF_SECURITY_ADMIN_PASSWORD" && isWellKnown(value.aloud))
            report(workload, { path: value.path, problem: administrator });
    }
}

/** Grafana's own default, and that of the chart of its Prometheus stack. */
const wellKnown: ReadonlySet<string> = new Set(["admin", "prom-operator", ""]);

function isWellKnown(password: Value): boolean {
    const read = password.text();
    return typeof read === "string" && wellKnown.has(read);
}

/** The section of `grafana.ini` in which a setting stands reaches to the next one. */
const anonymousInIni = /^\s*\[auth\.anonymous\][^[]*^\s*enabled\s*=\s*true\b/m;

function checkIni({ object, ...rest }: Subject, report: StackReport): void {
    const ini = object.get("data", "grafana.ini");
    if (anonymousInIni.test(String(ini.text()))) report({ object, ...rest }, { path: ini.path, problem: anonymous });
}

/** Charts that bring Grafana, and where their values for it are. */
const grafanaCharts = [
    { chart: /(^|\/)grafana$/, at: [] },
    { chart: /(^|\/)kube-prometheus-stack$/, at: ["grafana"] },
] as const;

function checkChart(chart: Subject, report: StackReport): void {
    const name = String(chart.object.get("chart").text());
    const known = grafanaCharts.find((each) => each.chart.test(name));
    if (!known) return;
    const grafana = chart.object.get("values", ...known.at);
    if (grafana.get("enabled").boolean() === false) return;
    const enabled = grafana.get("grafana.ini", "auth.anonymous", "enabled");
    if (enabled.boolean() === true) report(chart, { path: enabled.path, problem: anonymous });
    const [secret, password] = [grafana.get("admin", "existingSecret").text(), grafana.get("adminPassword")];
    // Without either the chart of the Prometheus stack has a fixed password, and that of Grafana makes one up at every rendering.
    const isGiven = secret !== absent && secret !== "";
    if (!isGiven && (!password.isSet || isWellKnown(password)))
        report(chart, { path: password.path, problem: administrator });
}

/** @see https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/anonymous-access */
function checkKibana(kibana: Subject, report: StackReport): void {
    const config = kibana.object.get("spec", "config");
    const providers = config.get("xpack", "security", "authc", "providers");
    const flat = config.keys().filter((key) => /^xpack\.security\.authc\.providers\.anonymous(\.|$)/.test(key));
    const lists = [providers, config.get("xpack.security.authc.providers")];
    const isNested = lists.some((each) => each.get("anonymous").isSet && each.mapping() === true);
    if (flat.length > 0 || isNested) report(kibana, { path: config.path, problem: anonymous });
}

/** @see https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings#anonymous-access-settings */
function checkElastic(config: Value, elastic: Subject, report: StackReport): void {
    const flat = config.keys().some((key) => key.startsWith("xpack.security.authc.anonymous"));
    const nested = config.get("xpack", "security", "authc", "anonymous");
    if (flat || nested.mapping() === true) report(elastic, { path: config.path, problem: anonymous });
}
