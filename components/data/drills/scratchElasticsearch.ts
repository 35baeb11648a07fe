import type { BackupStore } from "../../cloud/contract";
import { planClient } from "../elastic/snapshots";

/** Where the server of a drill answers, in its own pod. */
export const scratchPort = 9200;

/** Where a drill's server has what it goes by, and its data. */
export const configurationFolder = "/scratch/config";
export const dataFolder = "/scratch/data";

/**
 * The whole configuration of a drill's server, which JSON is as well as YAML: it takes calls from its own pod alone, where nobody needs a password,
 * and is a cluster of one that keeps whatever any group of nodes does. It neither moves nor deletes anything by itself: a volume that gets full fails
 * the drill.
 *
 * @see https://www.elastic.co/docs/deploy-manage/deploy/self-managed/bootstrap-checks#single-node-discovery
 */
export function planScratchSettings(store: BackupStore): string {
    const settings = {
        "cluster.name": "drill",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": scratchPort,
        "path.data": dataFolder,
        "path.logs": "/tmp",
        "node.store.allow_mmap": false,
        "xpack.security.enabled": false,
        "xpack.ml.enabled": false,
        "ingest.geoip.downloader.enabled": false,
        "cluster.routing.allocation.disk.threshold_enabled": false,
        ...planClient(store),
    };
    return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/**
 * Makes the folder that the server goes by: the image's, with the drill's own settings, and a keystore with what is taken from nowhere else. The
 * server's own file system cannot be written.
 */
export const prepareScript = `
set -eu
cp -R /usr/share/elasticsearch/config/. "$ES_PATH_CONF"
cp /settings/elasticsearch.yml "$ES_PATH_CONF"
if [ -n "\${STORE_ACCOUNT:-}" ]; then
    /usr/share/elasticsearch/bin/elasticsearch-keystore create
    printf %s "$STORE_ACCOUNT" | /usr/share/elasticsearch/bin/elasticsearch-keystore add --stdin azure.client.default.account
fi
`;
