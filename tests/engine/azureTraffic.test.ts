import type { Properties } from "../../simulator/providers/properties";
import { AzureRun, at } from "./azureCloud";

/** What the simulated Azure takes of profiles of Traffic Manager and of the records that lead to them. */

let azure: AzureRun;
beforeEach(async () => {
    azure = new AzureRun();
    await azure.make("resources:ResourceGroup", "group", { ...place, location: "westeurope" });
    await azure.make("dns:Zone", "zone", { ...place, location: "global", zoneName: "example.com" });
});
afterEach(() => azure.close());

const place = { resourceGroupName: "tars" };
const monitorConfig = { protocol: "HTTP", port: 80, path: "/health" };
const profileOf = (changes: Properties = {}): Properties => ({
    ...place,
    profileName: "hosts",
    location: "global",
    trafficRoutingMethod: "Priority",
    dnsConfig: { relativeName: "hosts", ttl: 60 },
    monitorConfig,
    ...changes,
});
const makeProfile = (changes: Properties = {}) => azure.make("trafficmanager:Profile", "profile", profileOf(changes));
const endpoint = { ...place, profileName: "hosts", endpointType: "ExternalEndpoints" };
const makeEndpoint = (endpointName: string, changes: Properties = {}) =>
    azure.make("trafficmanager:Endpoint", endpointName, {
        ...endpoint,
        endpointName,
        target: `${endpointName}.example.com`,
        ...changes,
    });
const makeRecord = (relativeRecordSetName: string, changes: Properties = {}) =>
    azure.make("dns:RecordSet", `${relativeRecordSetName}-${String(changes.recordType)}`, {
        ...place,
        zoneName: "example.com",
        recordType: "CNAME",
        relativeRecordSetName,
        ttl: 60,
        ...changes,
    });
const alias = (id: unknown) => ({ targetResource: { id: String(id) } });

test("a profile has a name below trafficmanager.net, and each endpoint and record the id that Azure gives it", async () => {
    const { id, dnsConfig } = await makeProfile();
    expect(id).toBe(at("Microsoft.Network/trafficmanagerprofiles/hosts"));
    expect(dnsConfig).toEqual({ relativeName: "hosts", ttl: 60, fqdn: "hosts.trafficmanager.net" });
    await expect(makeEndpoint("first", { priority: 1 })).resolves.toMatchObject({
        id: at("Microsoft.Network/trafficmanagerprofiles/hosts/ExternalEndpoints/first"),
        type: "Microsoft.Network/trafficManagerProfiles/ExternalEndpoints",
        endpointStatus: "Enabled",
    });
    await expect(makeRecord("*.tars", alias(id))).resolves.toMatchObject({
        id: at("Microsoft.Network/dnsZones/example.com/CNAME/*.tars"),
        type: "Microsoft.Network/dnszones/CNAME",
        fqdn: "*.tars.example.com.",
    });
});

test.each<[what: string, changes: Properties, reason: string]>([
    ["in a region", { location: "westeurope" }, "location must be global"],
    ["of a name that ends in a hyphen", { profileName: "hosts-" }, "profileName must be 1-63 letters"],
    ["that asks without a path", { monitorConfig: { protocol: "HTTP", port: 80 } }, "must have a path"],
    ["that asks TCP for a path", { monitorConfig: { ...monitorConfig, protocol: "TCP" } }, "no path for TCP"],
    ["that asks each minute", { monitorConfig: { ...monitorConfig, intervalInSeconds: 60 } }, "every 10 or 30 seconds"],
    [
        "that waits as long as it may at the slower pace",
        { monitorConfig: { ...monitorConfig, intervalInSeconds: 10, timeoutInSeconds: 10 } },
        "must wait 5 to 9 seconds, got 10",
    ],
    [
        "that tolerates ten failures",
        { monitorConfig: { ...monitorConfig, toleratedNumberOfFailures: 10 } },
        "at most 9 failures",
    ],
    [
        "that takes nine kinds of answer",
        { monitorConfig: { ...monitorConfig, expectedStatusCodeRanges: Array(9).fill({ min: 301, max: 301 }) } },
        "at most 8 ranges of codes, got 9",
    ],
    ["with less than no time to live", { dnsConfig: { relativeName: "hosts", ttl: -1 } }, "ttl of 0 to 2147483647"],
])("no profile is made %s", async (_, changes, reason) => {
    await expect(makeProfile(changes)).rejects.toThrow(reason);
});

test("no two profiles have one name below trafficmanager.net", async () => {
    await makeProfile();
    await expect(azure.make("trafficmanager:Profile", "other", profileOf({ profileName: "others" }))).rejects.toThrow(
        "has the relative name hosts, which ",
    );
});

describe("an endpoint", () => {
    test("is of a profile that is there, of a kind that Azure knows, and leads somewhere", async () => {
        await expect(makeEndpoint("first")).rejects.toThrow("names a place that does not exist: ");
        await makeProfile();
        await expect(makeEndpoint("first", { endpointType: "Endpoints" })).rejects.toThrow("endpointType must be");
        await expect(
            azure.make("trafficmanager:Endpoint", "first", { ...endpoint, endpointName: "first" }),
        ).rejects.toThrow("target is required of an external endpoint");
    });

    test("has a priority that no other has, where any has one, and leads to a name where the others do", async () => {
        await makeProfile();
        await makeEndpoint("first", { priority: 1 });
        await expect(makeEndpoint("second")).rejects.toThrow("priority must be said of all or none");
        await expect(makeEndpoint("second", { priority: 1 })).rejects.toThrow("priority is 1, as that of ");
        await expect(makeEndpoint("second", { priority: 2, target: "198.51.100.1" })).rejects.toThrow(
            "mixes names and addresses",
        );
        await expect(makeEndpoint("second", { priority: 2 })).resolves.toMatchObject({ priority: 2 });
    });
});

describe("a record", () => {
    test("is of a zone that is there, of a type that Azure knows, and an alias of what is there", async () => {
        await expect(makeRecord("tars", { zoneName: "example.org" })).rejects.toThrow("does not exist");
        await expect(makeRecord("tars", { recordType: "ALIAS" })).rejects.toThrow("recordType must be A, AAAA");
        await expect(makeRecord("tars..a")).rejects.toThrow("relativeRecordSetName must be @, or labels");
        const gone = at("Microsoft.Network/trafficmanagerprofiles/gone");
        await expect(makeRecord("tars", alias(gone))).rejects.toThrow("does not exist");
    });

    test("that is a CNAME is alone with its name, and not the zone's own", async () => {
        const { id } = await makeProfile();
        await expect(makeRecord("@", alias(id))).rejects.toThrow("must not be @ of a CNAME");
        await makeRecord("tars", { recordType: "A", aRecords: [{ ipv4Address: "198.51.100.1" }] });
        await expect(makeRecord("tars", alias(id))).rejects.toThrow("recordType is CNAME beside ");
        await makeRecord("api.tars", alias(id));
        await expect(makeRecord("api.tars", { recordType: "TXT" })).rejects.toThrow("recordType is TXT beside ");
        await makeRecord("tars", { recordType: "TXT", txtRecords: [{ value: ["a"] }] });
        await expect(makeRecord("www", { recordType: "TXT" })).rejects.toThrow("txtRecords must be there, or target");
    });

    test("is an alias or has a value, and an alias is of one of three types", async () => {
        const { id } = await makeProfile();
        await expect(makeRecord("tars", { ...alias(id), cnameRecord: { cname: "example.org" } })).rejects.toThrow(
            "cnameRecord must not be beside targetResource",
        );
        await expect(makeRecord("tars", { ...alias(id), recordType: "TXT" })).rejects.toThrow(
            "is for A, AAAA and CNAME",
        );
    });

    test("of addresses leads to a profile of addresses alone", async () => {
        const { id } = await makeProfile();
        await makeEndpoint("first", { priority: 1 });
        await expect(makeRecord("@", { ...alias(id), recordType: "A" })).rejects.toThrow(
            "targetResource has the endpoint first, which is no address",
        );
        await azure.remove("trafficmanager:Endpoint", "first", `${String(id)}/ExternalEndpoints/first`);
        await makeEndpoint("first", { priority: 1, target: "198.51.100.1" });
        await expect(makeRecord("@", { ...alias(id), recordType: "A" })).resolves.toMatchObject({
            fqdn: "example.com.",
        });
    });
});

test("what is in a profile or a zone goes before it, and an alias of a profile does not hold it", async () => {
    const { id } = await makeProfile();
    const first = await makeEndpoint("first", { priority: 1 });
    await makeRecord("tars", alias(id));
    await expect(azure.remove("trafficmanager:Profile", "profile", id)).rejects.toThrow("would delete with it");
    await azure.remove("trafficmanager:Endpoint", "first", first.id);
    await azure.remove("trafficmanager:Profile", "profile", id);
    const zone = at("Microsoft.Network/dnsZones/example.com");
    await expect(azure.remove("dns:Zone", "zone", zone)).rejects.toThrow("would delete with it");
});

test("a profile keeps its name below trafficmanager.net", async () => {
    const { id } = await makeProfile();
    const dnsConfig = { relativeName: "others", ttl: 60 };
    await expect(azure.change("trafficmanager:Profile", "profile", id, profileOf({ dnsConfig }))).rejects.toThrow(
        "does not let dnsConfig.relativeName change",
    );
});

test.each<[type: string, before: Properties, after: Properties, changes: readonly string[]]>([
    [
        "trafficmanager:Profile",
        profileOf(),
        profileOf({ dnsConfig: { relativeName: "hosts", ttl: 30 }, monitorConfig: { ...monitorConfig, port: 8080 } }),
        ["dnsConfig.ttl: update", "monitorConfig.port: update"],
    ],
    ["trafficmanager:Profile", profileOf(), profileOf({ location: "elsewhere" }), ["location: replace"]],
    ["trafficmanager:Profile", profileOf(), profileOf({ profileName: "others" }), ["profileName: replace"]],
    [
        "trafficmanager:Endpoint",
        { ...endpoint, endpointName: "first", target: "a.example.com", priority: 1 },
        { ...endpoint, endpointName: "other", target: "b.example.com", priority: 2 },
        ["endpointName: replace", "target: update", "priority: update"],
    ],
    [
        "dns:RecordSet",
        { ...place, zoneName: "example.com", recordType: "CNAME", relativeRecordSetName: "tars", ttl: 60 },
        { ...place, zoneName: "example.com", recordType: "A", relativeRecordSetName: "tars", ttl: 30 },
        ["recordType: replace", "ttl: update"],
    ],
])("%s changes as its table says", async (type, before, after, changes) => {
    expect([...(await azure.differ(type, before, after))].sort()).toEqual([...changes].sort());
});
