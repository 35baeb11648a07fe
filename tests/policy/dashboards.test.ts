import type { Resource } from "../../policy/rule";
import { cloudResource, kubernetesResource } from "../../policy/samples";
import { type Mapping, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("OBS-03");
const detector = cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "tetragon" }, "tetragon");
const said = (resource: Resource) => saidOf(rule, [resource, detector]);

const anonymous = "lets anybody in without a name";
const administrator = "leaves the administrator a password that everybody knows";
const unknown = "is not known before the update";

describe("Grafana in a pod", () => {
    const running = (...env: readonly Mapping[]) =>
        kubernetesResource("apps/v1", "Deployment", { spec: { template: { spec: { containers: [{ env }] } } } });
    const place = "spec.template.spec.containers[0].env[0].value";

    test.each([
        ["GF_AUTH_ANONYMOUS_ENABLED", "true", anonymous],
        ["GF_SECURITY_ADMIN_PASSWORD", "admin", administrator],
        ["GF_SECURITY_ADMIN_PASSWORD", "prom-operator", administrator],
        ["GF_SECURITY_ADMIN_PASSWORD", "", administrator],
    ])("is open with %s=%s", (name, value, problem) => {
        expect(said(running({ name, value }))).toEqual([`${place} ${problem}`]);
    });

    test("is closed with other values, and with those of other variables", () => {
        const closed = { name: "GF_AUTH_ANONYMOUS_ENABLED", value: "false" };
        const own = { name: "GF_SECURITY_ADMIN_PASSWORD", value: "battery staple" };
        const fromSecret = { name: "GF_SECURITY_ADMIN_PASSWORD", valueFrom: { secretKeyRef: { name: "grafana" } } };
        const others = [
            { name: "VERBOSE", value: "true" },
            { name: "GF_SECURITY_ADMIN_USER", value: "admin" },
        ];
        expect(said(running(closed, own, fromSecret, ...others))).toEqual([]);
    });

    test("is not decided while its password is unknown", () => {
        const password = running({ name: "GF_SECURITY_ADMIN_PASSWORD", value: unknownText });
        expect(said(password)).toEqual([`not decided: ${place} ${unknown}`]);
    });
});

describe("a chart of Grafana", () => {
    const chart = (values: Mapping) => cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "grafana", values });

    test.each([
        ["no password", {}],
        ["a well-known password", { adminPassword: "prom-operator" }],
        ["a Secret without a name", { admin: { existingSecret: "" } }],
    ])("with %s is open", (_, values) => {
        expect(said(chart(values))).toEqual([`values.adminPassword ${administrator}`]);
    });

    test("with a password of its own is closed", () => {
        expect(said(chart({ adminPassword: "battery staple" }))).toEqual([]);
    });

    test("is not decided while its Secret is unknown", () => {
        const path = "values.admin.existingSecret";
        expect(said(chart({ admin: { existingSecret: unknownText } }))).toEqual([`not decided: ${path} ${unknown}`]);
    });
});

describe("Kibana and Elasticsearch", () => {
    const kibana = (config: unknown) =>
        kubernetesResource("kibana.k8s.elastic.co/v1", "Kibana", { metadata: {}, spec: { config } });
    const elastic = (config: unknown) =>
        kubernetesResource("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", { spec: { nodeSets: [{ config }] } });
    const nested = (providers: unknown) => ({ xpack: { security: { authc: { providers } } } });
    const provider = { anonymous1: { order: 0 } };

    test.each([
        ["as one key", { "xpack.security.authc.providers.anonymous": provider }],
        ["with its name in the key", { "xpack.security.authc.providers.anonymous.anonymous1.order": 0 }],
        ["below its list", { "xpack.security.authc.providers": { anonymous: provider } }],
        ["nested", nested({ anonymous: provider })],
    ])("Kibana is open by an anonymous provider %s", (_, config) => {
        expect(said(kibana(config))).toEqual([`spec.config ${anonymous}`]);
    });

    test.each([
        ["in keys", { "server.name": "one", "xpack.security.authc.providers.basic.basic1.order": 0 }],
        ["below their list", { "xpack.security.authc.providers": { basic: provider } }],
        ["nested", nested({ basic: provider })],
    ])("Kibana is closed by other providers %s", (_, config) => {
        expect(said(kibana(config))).toEqual([]);
    });

    test.each([
        ["configuration", unknownText, "spec.config"],
        [
            "list of providers",
            { "xpack.security.authc.providers": unknownText },
            "spec.config.xpack.security.authc.providers",
        ],
        ["nested list of providers", nested(unknownText), "spec.config.xpack.security.authc.providers"],
    ])("Kibana is not decided while its %s is unknown", (_, config, path) => {
        expect(said(kibana(config))).toEqual([`not decided: ${path} ${unknown}`]);
    });

    test("Elasticsearch is closed by any other setting", () => {
        expect(said(elastic({ "xpack.security.enabled": true, "node.roles": ["data"] }))).toEqual([]);
    });
});
