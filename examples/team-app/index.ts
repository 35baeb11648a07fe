import * as pulumi from "@pulumi/pulumi";
import { platform } from "tars-platform-outputs";
import { sameCluster } from "./cluster";
import { requireSignatures } from "./signatures";
import { createTenant } from "./tenant";
import { createWatcher } from "./watcher";

const config = new pulumi.Config();
const tars = platform(config.require("platform"));
const provider = sameCluster(tars.clusterIdentity);
const namespace = createTenant(
    "team-app",
    { environment: config.require("environment"), gatewayNamespace: tars.gateway.namespace },
    { provider },
);
// The right that the platform's stack gives to our service account in its cloud, under `identities`; none on a given cluster.
const identity = tars.ground.apply((ground) => ground?.identities["team-app"]);
// Where the platform has Kyverno; in production its policy pack asks every namespace for that.
const checked = config.getBoolean("signatures") ? [requireSignatures("signed-images", namespace, provider)] : [];
const watcher = createWatcher(
    "api-watcher",
    { namespace, identity, apiUrl: tars.urls.api, healthUrl: tars.urls.health },
    { provider, dependsOn: checked },
);

export const deployment = pulumi.interpolate`${watcher.metadata.namespace}/${watcher.metadata.name}`;
