import * as clouds from "./components/cloud/registry";
import { Platform } from "./components/platform";
import { readStack } from "./components/settings/read";

const { settings, cloud } = readStack(clouds);
const { cluster } = cloud.load(settings);
const platform = new Platform("tars", { settings, cluster });

export const { namespace, clusterIdentity, hosts, urls, endpoints, replicas } = platform.outputs;
