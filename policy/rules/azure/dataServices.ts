import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { reportUnless } from "../podRule";
import { cache, cosmos, events, postgres, samples, search } from "./dataServices.samples";
import { reportUnlessOneOf, reportUnlessSet } from "./readings";

/** What one kind of service must show: always, and in production as well. */
interface Demands {
    readonly always: (service: Value, report: Report) => void;
    readonly inProduction: (service: Value, report: Report) => void;
}

const demands: Readonly<Record<string, Demands>> = {
    [postgres.kind]: { always: checkPostgres, inProduction: checkPostgresCopies },
    [cache.kind]: { always: checkCache, inProduction: checkCacheCopies },
    [cosmos.kind]: { always: checkCosmos, inProduction: checkCosmosCopies },
    [events.kind]: { always: checkEvents, inProduction: checkEventsCopies },
    [search.kind]: { always: checkSearch, inProduction: checkSearchCopies },
};

/** Waits for part 5: no stack has one of these yet. */
export const dataServices: ResourceRule = {
    id: "AZ-14",
    title: "Managed data services are private, keyless, encrypted with their owner's key and, in production, redundant",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: Object.keys(demands),
    controls: controls({ soc2: ["CC6.1", "CC6.7", "A1.2"], iso27001: ["8.24", "8.13"] }),
    why: "A data service with a public address and a password is one leaked password away from everyone.",
    fix: "set publicNetworkAccess Disabled, turn keys and passwords off, ask for TLS 1.2, name a key of your own and, in production, copies elsewhere",
    link: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-security",
    samples,
    check: ({ object, kind }, report, { environment }) => {
        const demanded = demands[`azure-native:${kind.group}/${kind.kind}`];
        demanded?.always(object, report);
        if (environment === "production") demanded?.inProduction(object, report);
    },
};

/** A server in a subnet of its own has no public address to turn off. */
function checkPostgres(server: Value, report: Report): void {
    const network = server.get("network");
    if (!network.get("delegatedSubnetResourceId").isSet) checkPrivate(network, report);
    reportUnlessOneOf(["Enabled"], server.get("authConfig", "activeDirectoryAuth"), report);
    reportUnlessOneOf(["Disabled"], server.get("authConfig", "passwordAuth"), report);
    reportUnlessOneOf(["AzureKeyVault"], server.get("dataEncryption", "type"), report);
}

function checkPostgresCopies(server: Value, report: Report): void {
    reportUnlessOneOf(["ZoneRedundant", "SameZone"], server.get("highAvailability", "mode"), report);
    reportUnlessOneOf(["Enabled"], server.get("backup", "geoRedundantBackup"), report);
}

/** Azure encrypts a cache with keys of its own only. */
function checkCache(service: Value, report: Report): void {
    if (!service.get("subnetId").isSet) checkPrivate(service, report);
    reportUnless(true, service.get("disableAccessKeyAuthentication"), report);
    reportUnlessOneOf(["1.2"], service.get("minimumTlsVersion"), report);
    const plain = service.get("enableNonSslPort");
    if (plain.isSet) reportUnless(false, plain, report);
}

function checkCacheCopies(service: Value, report: Report): void {
    reportUnlessSet(service.get("zones"), report);
}

function checkCosmos(account: Value, report: Report): void {
    checkPrivate(account, report);
    reportUnless(true, account.get("disableLocalAuth"), report);
    reportUnlessSet(account.get("keyVaultKeyUri"), report);
    // Tls12 is its default.
    const tls = account.get("minimalTlsVersion");
    if (tls.isSet) reportUnlessOneOf(["Tls12"], tls, report);
}

function checkCosmosCopies(account: Value, report: Report): void {
    reportUnlessOneOf(["Continuous"], account.get("backupPolicy", "type"), report);
    reportUnless(true, account.get("enableAutomaticFailover"), report);
}

function checkEvents(namespace: Value, report: Report): void {
    checkPrivate(namespace, report);
    reportUnless(true, namespace.get("disableLocalAuth"), report);
    reportUnlessOneOf(["1.2", "1.3"], namespace.get("minimumTlsVersion"), report);
    reportUnlessOneOf(["Microsoft.KeyVault"], namespace.get("encryption", "keySource"), report);
}

function checkEventsCopies(namespace: Value, report: Report): void {
    reportUnless(true, namespace.get("zoneRedundant"), report);
}

function checkSearch(service: Value, report: Report): void {
    checkPrivate(service, report);
    reportUnless(true, service.get("disableLocalAuth"), report);
    reportUnlessOneOf(["Enabled"], service.get("encryptionWithCmk", "enforcement"), report);
}

/** Azure spreads a search service over zones from two replicas on. */
function checkSearchCopies(service: Value, report: Report): void {
    const replicas = service.get("replicaCount");
    const read = replicas.number();
    if (typeof read === "number" ? read < 2 : !replicas.isSet) {
        report({ path: replicas.path, problem: "leaves a single replica" });
    }
}

/** The default of every one of them is to be public. */
function checkPrivate(holder: Value, report: Report): void {
    reportUnlessOneOf(["Disabled"], holder.get("publicNetworkAccess"), report);
}
