import * as pulumi from "@pulumi/pulumi";
import { platform } from "tars-platform-outputs";
import { sameCluster } from "./cluster";
import { createTenant } from "./tenant";
import { createWatcher } from "./watcher";

const tars = platform(new pulumi.Config().require("platform"));
const provider = sameCluster(tars.clusterIdentity);
const namespace = createTenant("team-app", tars.ingress.namespace, { provider });
const watcher = createWatcher(
    "api-watcher",
    { namespace, apiUrl: tars.urls.api, healthUrl: tars.urls.health },
    provider,
);

export const deployment = pulumi.interpolate`${watcher.metadata.namespace}/${watcher.metadata.name}`;
