import packageJson from "@pulumi/azure-native/package.json";
import type { Cloud } from "../cloud/kind";
import { functions } from "./functions";
import { sameId } from "./ids";
import { applicationGatewayKinds } from "./kinds/applicationGateways";
import { authorizationKinds } from "./kinds/authorization";
import { blobKinds } from "./kinds/blobs";
import { databaseKinds } from "./kinds/databases";
import { encryptionKinds } from "./kinds/encryption";
import { eventHubKinds } from "./kinds/eventHubs";
import { groupKinds } from "./kinds/groups";
import { identityKinds } from "./kinds/identities";
import { kubernetesKinds } from "./kinds/kubernetes";
import { monitoringKinds } from "./kinds/monitoring";
import { networkKinds } from "./kinds/network";
import { privateLinkKinds } from "./kinds/privateLink";
import { recordKinds } from "./kinds/records";
import { registryKinds } from "./kinds/registry";
import { storageKinds } from "./kinds/storage";
import { subnetKinds } from "./kinds/subnets";
import { trafficKinds } from "./kinds/traffic";
import { vaultKinds } from "./kinds/vault";

/** Azure Resource Manager as far as the platform uses it. */
export const azure: Cloud = {
    name: "azure-native",
    version: packageJson.version,
    kinds: {
        ...groupKinds,
        ...networkKinds,
        ...subnetKinds,
        ...applicationGatewayKinds,
        ...privateLinkKinds,
        ...recordKinds,
        ...trafficKinds,
        ...monitoringKinds,
        ...identityKinds,
        ...authorizationKinds,
        ...vaultKinds,
        ...encryptionKinds,
        ...storageKinds,
        ...blobKinds,
        ...registryKinds,
        ...databaseKinds,
        ...eventHubKinds,
        ...kubernetesKinds,
    },
    functions,
    same: sameId,
};
