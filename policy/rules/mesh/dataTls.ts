import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";

const problem = "takes less than TLS 1.3";

/** CloudNativePG sets TLSv1.3 where nothing is said. @see https://cloudnative-pg.io/documentation/current/ssl_connections/ */
export function checkPostgres({ object }: Subject, report: Report): void {
    const minimum = object.get("spec", "postgresql", "parameters", "ssl_min_protocol_version");
    const read = minimum.text();
    if (read !== absent && read !== undecided && read !== "TLSv1.3") report({ path: minimum.path, problem });
}

/** Kafka also takes TLS 1.2 where nothing is said. @see https://kafka.apache.org/documentation/#brokerconfigs_ssl.enabled.protocols */
export function checkKafka({ object }: Subject, report: Report): void {
    const protocols = object.get("spec", "kafka", "config", "ssl.enabled.protocols");
    const read = protocols.text();
    if (read !== "TLSv1.3" && read !== undecided) report({ path: protocols.path, problem });
}

/**
 * Elasticsearch also takes TLS 1.2 where nothing is said.
 *
 * @see https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings
 */
export function checkElasticsearch({ object }: Subject, report: Report): void {
    for (const set of object.get("spec", "nodeSets").items()) {
        const protocols = setting(set.get("config"), ["xpack", "security", "http", "ssl", "supported_protocols"]);
        const read = protocols.items().map((each) => each.text());
        const isUnread = protocols.isSet && !protocols.isList;
        if (isUnread || read.includes(undecided) || (read.length > 0 && read.every((each) => each === "TLSv1.3")))
            continue;
        report({ path: protocols.path, problem });
    }
}

/** A setting of Elasticsearch may be written as one key with dots or as mappings within mappings. */
function setting(config: Value, keys: readonly string[]): Value {
    const flat = config.get(keys.join("."));
    return flat.isSet ? flat : config.get(...keys);
}

/** @see https://learn.microsoft.com/azure/postgresql/flexible-server/security-tls (server parameter ssl_min_protocol_version) */
export function checkPostgresServer({ object }: Subject, report: Report): void {
    if (object.get("configurationName").text() !== "ssl_min_protocol_version") return;
    const value = object.get("value");
    const read = value.text();
    if (read !== undecided && read !== "TLSv1.3") report({ path: value.path, problem });
}
