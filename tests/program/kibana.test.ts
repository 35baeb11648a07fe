import { accessMatrix, isHalfOpen, isOpen } from "../../cli/src/access/matrix";
import { planLogins } from "../../components/data/elastic/roles";
import { systemLoads } from "../../components/settings/systemLoads";
import { type Graph, inNamespace, readGraph } from "./graph";
import { loginEdge } from "./loginStack";
import { parsed, type Raw, settingsOf, settingsWith } from "./stack";

jest.setTimeout(600_000);

/** Dev with Elasticsearch, and Kibana behind its login. */
function withKibana(kibana: Raw = {}, dashboard: Raw = {}): Raw {
    const { data, edge } = settingsOf("dev");
    const elasticsearch = { kind: "cluster", kibana: { kind: "kibana", ...kibana } };
    const place = { namespace: "elasticsearch", service: "kibana", port: 5601 };
    const login = loginEdge("tars.local", {
        dashboards: { logs: { host: "logs.tars.local", ...place, groups: ["platform"], ...dashboard } },
    });
    const { login: asked, dashboards } = login;
    const clientSecret = { from: "secret", name: "dashboards-client" };
    return {
        data: { ...Object(data), elasticsearch },
        edge: { ...Object(edge), dashboards, login: { ...Object(asked), clientSecret } },
    };
}

let whole: Graph;
let own: Graph;
beforeAll(async () => {
    whole = await readGraph("dev", withKibana());
    own = inNamespace(whole, "elasticsearch");
});

const template = () => own.named("Deployment", "kibana").inputs.spec.template;
const container = () => template().spec.containers[0];
const settings = (): Raw => JSON.parse(own.named("ConfigMap", "kibana").inputs.data["kibana.yml"]);
const settingsAsked = (raw: Raw) => parsed({ ...settingsOf("dev"), ...raw }).settings;

function loginsWith(kibana: Raw) {
    const { elasticsearch } = settingsAsked(withKibana(kibana)).data;
    if (elasticsearch.kind === "off") throw new Error("no Elasticsearch");
    return Object.fromEntries(planLogins(elasticsearch).map((login) => [login.username, login]));
}

/** What people may do, as the operator reads it. */
function peopleWith(kibana: Raw) {
    const people: Raw = loginsWith(kibana)["tars-kibana-people"] ?? {};
    const { roles, "roles.yml": file } = people;
    return JSON.parse(String(file))[String(roles)];
}

describe("Kibana", () => {
    test("calls Elasticsearch as Kibana's own role, which is nobody else's, by TLS to a server that it knows", () => {
        expect(loginsWith({})["tars-kibana"]).toEqual({ username: "tars-kibana", roles: "kibana_system" });
        const { auth } = own.named("Elasticsearch", "elasticsearch").inputs.spec;
        const inSecrets = (users: readonly string[]) => users.map((user) => ({ secretName: `login-${user}` }));
        expect(auth.fileRealm).toEqual(inSecrets(["tars-platform", "tars-kibana", "tars-kibana-people"]));
        expect(auth.roles).toEqual(inSecrets(["tars-platform", "tars-kibana-people"]));
        expect(settings()).toMatchObject({
            "elasticsearch.hosts": ["https://elasticsearch-es-http.elasticsearch.svc:9200"],
            "elasticsearch.ssl.certificateAuthorities": ["/run/secrets/elasticsearch-authority/ca.crt"],
            "elasticsearch.ssl.verificationMode": "full",
        });
    });

    test("lets people read the streams and what it keeps, and change none of it", () => {
        const streams = ["system-logs", "system-logs-*", "app-logs", "app-logs-*"];
        expect(peopleWith({})).toEqual({
            cluster: [],
            indices: [{ names: streams, privileges: ["read", "view_index_metadata"] }],
            applications: [{ application: "kibana-.kibana", privileges: ["read"], resources: ["*"] }],
        });
    });

    test("lets people keep things in it where a stack says so, and write to no stream", () => {
        const { indices, applications } = peopleWith({ writes: true });
        expect(applications[0].privileges).toEqual(["all"]);
        expect(indices).toEqual(peopleWith({}).indices);
    });

    test("calls nobody outside, and sends nobody anything", () => {
        expect(settings()).toMatchObject({
            "telemetry.optIn": false,
            "telemetry.allowChangingOptInStatus": false,
            "newsfeed.enabled": false,
            "map.includeElasticMapsService": false,
            "xpack.fleet.isAirGapped": true,
            "xpack.actions.allowedHosts": [],
        });
    });

    test("knows the host that people come by, and gives its cookies to TLS alone", () => {
        expect(settings()).toMatchObject({
            "server.publicBaseUrl": "https://logs.tars.local",
            "xpack.security.secureCookies": true,
        });
    });

    test("is called by the gateway alone, in the network and in the mesh, and calls Elasticsearch alone", () => {
        const { ingress, egress } = own.named("NetworkPolicy", "kibana").inputs.spec;
        expect(ingress).toHaveLength(1);
        expect(ingress[0].from[0].namespaceSelector.matchLabels).toEqual({
            "kubernetes.io/metadata.name": "istio-ingress",
        });
        expect(egress.map(({ ports: [{ port }] }: { ports: [{ port: number }] }) => port)).toEqual([9200]);
        const [rule] = own.named("AuthorizationPolicy", "kibana").inputs.spec.rules;
        expect(rule.from[0].source.principals).toEqual(["cluster.local/ns/istio-ingress/sa/tars-gateway-istio"]);
        expect(own.named("ReferenceGrant", "kibana").inputs.spec.from[0].namespace).toBe("tars");
    });

    test("is reached by nobody else, and reaches Elasticsearch, in the whole stack", () => {
        const paths = accessMatrix(whole.all);
        const called = paths.filter(({ to }) => to === "elasticsearch/kibana");
        expect(called.filter(isOpen).map(({ from, port }) => `${from}:${port}`)).toEqual([
            "istio-ingress/tars-gateway-istio:5601",
        ]);
        expect(called.filter(isHalfOpen)).toEqual([]);
        const { from } = own.named("NetworkPolicy", "consumers").inputs.spec.ingress[0];
        expect(from).toContainEqual({ podSelector: { matchLabels: { "app.kubernetes.io/name": "kibana" } } });
    });

    test("is in the mesh, while Elasticsearch beside it is not", () => {
        expect(template().metadata.labels).toHaveProperty(["istio.io/dataplane-mode"], "ambient");
        const { podSelector } = own.named("NetworkPolicy", "kibana-mesh").inputs.spec;
        expect(podSelector).toEqual({ matchLabels: { "app.kubernetes.io/name": "kibana" } });
    });

    test("is hardened, of one version with Elasticsearch, and has no secret in its environment", () => {
        const { securityContext, volumes } = template().spec;
        expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
        expect(container().securityContext).toMatchObject({
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        const { version } = own.named("Elasticsearch", "elasticsearch").inputs.spec;
        expect(container().image).toMatch(new RegExp(`^docker\\.elastic\\.co/kibana/kibana:${version}(@|$)`));
        const empty = volumes.filter((volume: Raw) => volume.emptyDir !== undefined);
        expect(empty.map(({ name }: { name: string }) => name)).toEqual([
            "usr-share-kibana-data",
            "usr-share-kibana-logs",
            "tmp",
        ]);
        expect(container().env).toEqual([]);
        expect(container().args).toEqual([
            "/usr/local/bin/kibana-docker",
            "--config",
            "/run/config/kibana/kibana.yml",
            "--config",
            "/run/secrets/kibana/secrets.yml",
        ]);
    });

    test("is asked whether it works without a login, and is not begun anew while Elasticsearch is away", () => {
        expect(container().readinessProbe.httpGet).toMatchObject({ path: "/api/status", port: 5601 });
        expect(container().livenessProbe.tcpSocket).toEqual({ port: 5601 });
        expect(container().resources.requests.memory).toBe("2Gi");
    });

    test("is counted where a stack has it: one in dev, and none without its setting", () => {
        const counted = (raw: Raw) =>
            systemLoads(settingsAsked(raw))
                .pods.filter(({ name }) => name === "kibana")
                .map(({ size }) => size);
        expect(counted(withKibana()).map(({ replicas }) => replicas)).toEqual([{ min: 1, max: 1 }]);
        expect(counted(settingsWith("dev", "data.elasticsearch", { kind: "cluster" }))).toEqual([]);
    });
});
