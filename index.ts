import { clouds } from "./components/cloud/registry";
import { Platform } from "./components/platform";
import { readSettings } from "./components/settings/read";

const settings = readSettings();
const { cluster } = clouds[settings.cloud](settings);
const platform = new Platform("tars", { settings, cluster });

export const { namespace, clusterIdentity, hosts, urls, endpoints, replicas } = platform.outputs;
