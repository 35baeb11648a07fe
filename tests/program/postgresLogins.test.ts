import { loginAddress } from "../../components/platform/logins";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, type KubernetesObject } from "./graph";
import { parsed, settingsWith } from "./stack";

jest.setTimeout(240_000);

async function tarsOf(stack: string, postgres: object) {
    const graph = await anotherGraph(stack, { data: { postgres }, callers: [] });
    return { graph, tars: inNamespace(graph, "tars") };
}

const users = {
    orders: { namespace: "shop", serviceAccount: "orders", owns: "orders" },
    reports: { namespace: "insights", serviceAccount: "reports", reads: ["orders", "tars_analytics"] },
};

const rolesOf = ({ inputs }: KubernetesObject) => inputs.spec.managed.roles;
const envOf = (job: KubernetesObject) =>
    Object.fromEntries(
        job.inputs.spec.template.spec.containers[0].env.map((each: { name: string; value: string }) => [
            each.name,
            each.value,
        ]),
    );
const secretsOf = (job: KubernetesObject) =>
    job.inputs.spec.template.spec.volumes.flatMap((each: { secret?: { secretName: string } }) =>
        each.secret === undefined ? [] : [each.secret.secretName],
    );

function jobIn(tars: Graph): KubernetesObject {
    const found = tars.of("Job").find(({ name }) => name === "postgres-logins-job");
    if (found === undefined) throw new Error("no job for logins");
    return found;
}

describe("a database in one pod", () => {
    let tars: Graph;
    let graph: Graph;
    beforeAll(async () => {
        ({ tars, graph } = await tarsOf("dev", { kind: "inCluster", users }));
    });

    test("has a job that makes logins and databases as the administrator, with every password and no token", () => {
        const job = jobIn(tars);
        expect(envOf(job)).toMatchObject({ PGHOST: "postgres", PGPORT: "5432", ADMINISTRATOR: "tars_user" });
        expect(secretsOf(job).sort()).toEqual(["postgres-password", "postgres-user-orders", "postgres-user-reports"]);
        expect(job.inputs.spec.template.spec).toMatchObject({
            serviceAccountName: "postgres-logins",
            automountServiceAccountToken: false,
        });
        const files = tars.named("ConfigMap", job.inputs.metadata.name).inputs;
        expect(files.immutable).toBe(true);
        expect(JSON.parse(files.data["plan.json"])).toEqual([
            { name: "orders", owns: "orders", reads: [] },
            { name: "reports", owns: null, reads: ["orders", "tars_analytics"] },
        ]);
        expect(files.data.owners).toBe("tars_analytics tars_user\norders orders\n");
        expect(graph.waitsFor(job, tars.named("StatefulSet", "postgres"))).toBe(true);
    });

    test("gives each consumer one Secret, with all it calls with, which that one alone may read", () => {
        expect(tars.named("Secret", "postgres-user-reports").inputs.type).toBe("kubernetes.io/basic-auth");
        const [rule] = tars.named("Role", "consumer-postgres-user-reports").inputs.rules;
        expect(rule).toMatchObject({ resourceNames: ["postgres-user-reports"], verbs: ["get", "watch"] });
        const { subjects } = tars.named("RoleBinding", "consumer-postgres-user-reports").inputs;
        expect(subjects).toEqual([expect.objectContaining({ namespace: "insights", name: "reports" })]);
    });

    test("lets the job and the consumers' accounts call, in the network and in the mesh", () => {
        const { ingress } = tars.named("NetworkPolicy", "postgres").inputs.spec;
        const text = JSON.stringify(ingress);
        for (const each of ["shop", "insights", "postgres-logins"]) expect(text).toContain(`"${each}"`);
        const mesh = JSON.stringify(tars.named("AuthorizationPolicy", "postgres").inputs.spec);
        for (const each of ["ns/shop/sa/orders", "ns/insights/sa/reports", "ns/tars/sa/postgres-logins"])
            expect(mesh).toContain(each);
    });
});

describe("a database of several instances", () => {
    let tars: Graph;
    let graph: Graph;
    beforeAll(async () => {
        const postgres = { kind: "cluster", pooler: { mode: "session", connections: 8 }, users };
        ({ tars, graph } = await tarsOf("prod-aws", postgres));
    });
    const cluster = () => tars.named("Cluster", "postgres");

    test("has roles and databases by its operator, which leaves both where they are", () => {
        expect(rolesOf(cluster()).map(({ name }: { name: string }) => name)).toEqual([
            "tars_manifest",
            "orders",
            "reports",
        ]);
        expect(rolesOf(cluster())[1]).toMatchObject({
            ensure: "present",
            login: true,
            passwordSecret: { name: "postgres-user-orders" },
        });
        expect(rolesOf(cluster())[1]).not.toHaveProperty("inRoles");
        const database = tars.named("Database", "orders");
        expect(database.inputs.spec).toEqual({
            cluster: { name: "postgres" },
            name: "orders",
            owner: "orders",
            databaseReclaimPolicy: "retain",
        });
        expect(graph.waitsFor(database, cluster())).toBe(true);
        expect(tars.named("Secret", "postgres-user-orders").inputs.metadata.labels["cnpg.io/reload"]).toBe("true");
    });

    test("takes each login in its own databases alone", () => {
        expect(cluster().inputs.spec.postgresql.pg_hba).toEqual([
            "hostnossl all all all reject",
            "hostssl tars_analytics tars_user all scram-sha-256",
            "hostssl all tars_manifest all scram-sha-256",
            "hostssl orders orders all scram-sha-256",
            "hostssl orders,tars_analytics reports all scram-sha-256",
            "hostssl all all all reject",
        ]);
    });

    test("has a job that says who reads, as the owners of databases and by TLS to the instance that writes", () => {
        const job = jobIn(tars);
        expect(envOf(job)).toMatchObject({ PGHOST: "postgres-rw", PGSSLMODE: "verify-full", ADMINISTRATOR: "" });
        expect(secretsOf(job)).not.toContain("postgres-user-reports");
        expect(graph.waitsFor(job, tars.named("Database", "orders"))).toBe(true);
    });

    test("has consumers come through the pooler", () => {
        const { settings } = parsed(
            settingsWith("prod-aws", "data.postgres", { kind: "cluster", pooler: { connections: 8 }, users }),
        );
        const address = { host: "postgres-pooler.tars.svc", port: 5432, sslMode: "verify-full" };
        expect(loginAddress(settings, undefined)).toMatchObject(address);
        expect(JSON.stringify(tars.named("NetworkPolicy", "postgres-pooler").inputs.spec.ingress)).toContain('"shop"');
        expect(JSON.stringify(tars.named("NetworkPolicy", "postgres").inputs.spec.ingress)).not.toContain('"shop"');
    });
});

test("a server of the cloud has the same, made by the same job over TLS that is looked at", async () => {
    const { tars } = await tarsOf("staging", { kind: "managed", users });
    const job = jobIn(tars);
    expect(envOf(job)).toMatchObject({ PGSSLMODE: "verify-full", ADMINISTRATOR: "tars_user" });
    // The cloud alone knows its name beforehand: a value that stands in the pod would be judged by nobody before the update.
    const [{ env }] = job.inputs.spec.template.spec.containers;
    const host = { secretKeyRef: { name: "postgres-user-orders", key: "host" } };
    expect(env).toContainEqual({ name: "PGHOST", valueFrom: host });
    expect(tars.named("Secret", "postgres-user-orders").inputs.metadata.labels).not.toHaveProperty(["cnpg.io/reload"]);
    const [way] = tars.named("NetworkPolicy", "postgres-logins").inputs.spec.egress;
    expect(way.ports).toEqual([{ protocol: "TCP", port: 5432 }]);
    expect(way.to[0]).toHaveProperty("ipBlock");
});
