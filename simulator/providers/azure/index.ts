import packageJson from "@pulumi/azure-native/package.json";
import type { Cloud } from "../cloud/kind";
import type { ControlPlane } from "./controlPlane";
import { functions } from "./functions";
import { sameId } from "./ids";
import { groupKinds } from "./kinds/groups";
import { identityKinds } from "./kinds/identity";
import { kubernetesKinds } from "./kinds/kubernetes";
import { monitoringKinds } from "./kinds/monitoring";
import { networkKinds } from "./kinds/network";
import { privateLinkKinds } from "./kinds/privateLink";
import { registryKinds } from "./kinds/registry";
import { storageKinds } from "./kinds/storage";
import { vaultKinds } from "./kinds/vault";

/** Azure Resource Manager as far as the platform uses it. Clusters run on `controlPlane`. */
export function azureCloud(controlPlane: ControlPlane): Cloud {
    return {
        name: "azure-native",
        version: packageJson.version,
        kinds: {
            ...groupKinds,
            ...networkKinds,
            ...privateLinkKinds,
            ...monitoringKinds,
            ...identityKinds(controlPlane),
            ...vaultKinds,
            ...storageKinds,
            ...registryKinds,
            ...kubernetesKinds(controlPlane),
        },
        functions,
        same: sameId,
    };
}
