import "./runtime/stackTraces";
import * as clouds from "./components/cloud/registry";
import { Platform } from "./components/platform";
import { readStack } from "./components/settings/read";

const { settings, cloud, digests } = readStack(clouds);
const platform = new Platform("tars", { settings, digests, ...cloud.load(settings) });

// What other stacks read, through outputs/.
export const {
    contract,
    namespace,
    clusterIdentity,
    gateway,
    ground,
    hosts,
    urls,
    endpoints,
    credentials,
    kafka,
    schemaRegistry,
    elasticsearch,
    clickhouse,
    replicas,
} = platform.outputs;
