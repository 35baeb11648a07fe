import type { ClickHouseServers } from "../../foundation/clickHouseNames";
import { planDisks } from "../clickhouse/settings";

/** Where the server of a drill answers, in its own pod. */
export const scratchPort = 8123;

export const configurationFolder = "/etc/clickhouse-scratch";
export const configurationFile = `${configurationFolder}/config.xml`;
export const dataFolder = "/var/lib/clickhouse";
/** Where the slower volume is, as with the servers. */
export { coldFolder as coldScratch } from "../clickhouse/settings";

/**
 * The whole configuration of a drill's server: it takes calls from its own pod alone, whose one user needs no password, and tables keep what is old where the
 * servers' do. It has no Keeper and knows no other server.
 *
 * @see https://clickhouse.com/docs/operations/configuration-files
 */
export function planScratchConfiguration(asked: ClickHouseServers): string {
    const settings = {
        "logger/level": "warning",
        "logger/console": "1",
        listen_host: "127.0.0.1",
        http_port: `${scratchPort}`,
        path: `${dataFolder}/`,
        tmp_path: `${dataFolder}/tmp/`,
        user_files_path: `${dataFolder}/user_files/`,
        format_schema_path: `${dataFolder}/format_schemas/`,
        // Users are in this file too.
        "user_directories/users_xml/path": configurationFile,
        "profiles/default": "",
        "quotas/default": "",
        "users/default/password": "",
        "users/default/networks/ip": "127.0.0.1",
        "users/default/profile": "default",
        "users/default/quota": "default",
        ...planDisks(asked),
    };
    return `<clickhouse>${toXml(settings)}</clickhouse>\n`;
}

/** Settings by their paths, as elements in each other. */
function toXml(settings: Readonly<Record<string, string>>): string {
    const heads = [...new Set(Object.keys(settings).map((path) => path.split("/")[0] ?? ""))];
    return heads.map((head) => `<${head}>${settings[head] ?? toXml(below(settings, head))}</${head}>`).join("");
}

function below(settings: Readonly<Record<string, string>>, head: string): Readonly<Record<string, string>> {
    const inside = Object.entries(settings).filter(([path]) => path.startsWith(`${head}/`));
    return Object.fromEntries(inside.map(([path, value]) => [path.slice(head.length + 1), value]));
}
