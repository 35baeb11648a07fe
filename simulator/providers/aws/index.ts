import packageJson from "@pulumi/aws/package.json";
import type { Cloud, CloudKind } from "../cloud/kind";
import { textAt } from "../cloud/values";
import type { Properties } from "../properties";
import type { InputIssue } from "../protocol";
import { account, isRegion } from "./account";
import { functions } from "./functions";
import { access } from "./kinds/access";
import { addons } from "./kinds/addons";
import { baseline } from "./kinds/baseline";
import { caches } from "./kinds/caches";
import { certificates } from "./kinds/certificates";
import { cluster } from "./kinds/cluster";
import { databases } from "./kinds/databases";
import { events } from "./kinds/events";
import { gateways } from "./kinds/gateways";
import { identity } from "./kinds/identity";
import { keysAndLogs } from "./kinds/keysAndLogs";
import { loadBalancers } from "./kinds/loadBalancers";
import { network } from "./kinds/network";
import { nodes } from "./kinds/nodes";
import { registry } from "./kinds/registry";
import { replication } from "./kinds/replication";
import { routes } from "./kinds/routes";
import { secrets } from "./kinds/secrets";
import { securityGroups } from "./kinds/securityGroups";
import { storage } from "./kinds/storage";
import { streaming } from "./kinds/streaming";
import { webAcls } from "./kinds/webAcls";

const kinds: Readonly<Record<string, CloudKind>> = {
    ...network,
    ...gateways,
    ...routes,
    ...securityGroups,
    ...identity,
    ...keysAndLogs,
    ...cluster,
    ...nodes,
    ...access,
    ...addons,
    ...events,
    ...registry,
    ...storage,
    ...replication,
    ...baseline,
    ...loadBalancers,
    ...certificates,
    ...webAcls,
    ...caches,
    ...databases,
    ...secrets,
    ...streaming,
};

/** The simulated account 123456789012. */
export const aws: Cloud = { name: "aws", version: packageJson.version, kinds, functions, checkConfig };

/** What the official provider refuses before it makes anything. */
function checkConfig(config: Properties): InputIssue[] {
    const region = textAt(config, "region");
    const allowed: unknown = JSON.parse(textAt(config, "allowedAccountIds") ?? "null");
    const foreign = Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(account);
    return [
        ...(region === undefined || isRegion(region)
            ? []
            : [{ property: "region", reason: `"${region}" is no region` }]),
        ...(foreign
            ? [{ property: "allowedAccountIds", reason: `does not have the simulated account ${account}` }]
            : []),
    ];
}
