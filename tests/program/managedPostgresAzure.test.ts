import { azureGraph } from "./azureGraph";
import { type Graph, inNamespace, readGraph } from "./graph";

jest.setTimeout(120_000);

/** Production on Azure, were its database a server of Azure: no committed stack has one (docs/data.md). */
let graph: Graph;
let tars: Graph;
let azure: ReturnType<typeof azureGraph>;
beforeAll(async () => {
    graph = await readGraph("prod-azure", { data: { postgres: { kind: "managed" } } });
    tars = inNamespace(graph, "tars");
    azure = azureGraph(graph);
});
const server = () => azure.inputs(azure.one("dbforpostgresql:Server"));

test("has a server that only its network reaches, in two zones, under the platform's key", () => {
    expect(server()).toMatchObject({
        serverName: expect.stringMatching(/^tars-production-postgres-[0-9a-f]{8}$/),
        version: "18",
        sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
        administratorLogin: "tars_user",
        administratorLoginPassword: "[secret]",
        authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled" },
        storage: { storageSizeGB: 128, autoGrow: "Enabled" },
        backup: { backupRetentionDays: 35 },
        availabilityZone: "1",
        highAvailability: { mode: "ZoneRedundant", standbyAvailabilityZone: "2" },
        network: { publicNetworkAccess: "Disabled" },
        dataEncryption: { type: "AzureKeyVault" },
    });
    const database = azure.inputs(azure.one("dbforpostgresql:Database"));
    expect(database).toMatchObject({ databaseName: "tars_analytics", charset: "UTF8" });
});

test("tells the server to take no call without TLS, one change after the other", () => {
    const parameters = azure.all("dbforpostgresql:Configuration");
    expect(Object.fromEntries(parameters.map(({ inputs }) => [inputs.configurationName, inputs.value]))).toMatchObject({
        require_secure_transport: "on",
        ssl_min_protocol_version: "TLSv1.3",
    });
    const pairs = parameters.flatMap((one) => parameters.map((other) => [one, other] as const));
    for (const [one, other] of pairs.filter(([one, other]) => one !== other)) {
        expect([graph.waitsFor(one, other), graph.waitsFor(other, one)]).toContain(true);
    }
});

test("makes the server's endpoint among the others, with a zone of names, and moves no subnet", () => {
    const endpoint = azure.inputs(azure.one("network:PrivateEndpoint", "postgres-server-endpoint"));
    expect(endpoint.privateLinkServiceConnections[0].groupIds).toEqual(["postgresqlServer"]);
    expect(azure.inputs(azure.one("privatedns:PrivateZone", "postgres-server-zone")).privateZoneName).toBe(
        "privatelink.postgres.database.azure.com",
    );
    expect(azure.all("network:Subnet").map(({ inputs }) => inputs.addressPrefix)).not.toContain(undefined);
    expect(azure.all("network:Subnet")).toHaveLength(4);
});

test("lets queries of nodes and pods in where endpoints are, and out of the backend's pods to nowhere else", () => {
    const { securityRules } = azure.inputs(azure.one("network:NetworkSecurityGroup", "network-rules-endpoints"));
    const queries = securityRules.filter(
        (rule: { destinationPortRange?: string }) => rule.destinationPortRange === "5432",
    );
    expect(queries.map(({ name, access }: { name: string; access: string }) => [name, access])).toEqual([
        ["allow-inbound-queries", "Allow"],
    ]);
    const endpoints = azure.inputs(azure.one("network:Subnet", "network-subnet-endpoints")).addressPrefix;
    const { egress } = tars.named("NetworkPolicy", "tars-backend-postgres").inputs.spec;
    expect(egress).toEqual([{ to: [{ ipBlock: { cidr: endpoints } }], ports: [{ protocol: "TCP", port: 5432 }] }]);
});

test("lets the proxies in pods through to that one host, as it is", () => {
    const { spec } = tars.named("ServiceEntry", "postgres").inputs;
    expect(spec).toMatchObject({ exportTo: ["."], location: "MESH_EXTERNAL", resolution: "DNS" });
    expect(spec.hosts).toHaveLength(1);
    expect(spec.ports).toEqual([{ name: "tcp-postgres", number: 5432, protocol: "TCP" }]);
});

test("guards the server and what is in it, as all that holds data", () => {
    expect(azure.one("dbforpostgresql:Server").options).toMatchObject({ protect: true, retainOnDelete: true });
    for (const kind of ["Database", "Configuration"]) {
        for (const { options } of azure.all(`dbforpostgresql:${kind}`))
            expect(options).toMatchObject({ retainOnDelete: true });
    }
    const lock = azure.one("authorization:ManagementLockByScope", "postgres-server-lock-server");
    expect(azure.inputs(lock).level).toBe("CanNotDelete");
    for (const part of azure.all("dbforpostgresql:Configuration")) expect(graph.waitsFor(lock, part)).toBe(true);
});

test("tells the backend who vouches for the server", () => {
    const { data } = tars.named("ConfigMap", "tars-config").inputs;
    expect(data).toMatchObject({ PGSSLMODE: "verify-full", POSTGRES_PORT: "5432" });
    const authorities = tars.named("ConfigMap", "postgres-authorities").inputs.data["ca.crt"];
    expect(authorities.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(2);
});
