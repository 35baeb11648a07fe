import type { Rule } from "../../rule";
import { apiServerAccess } from "./apiServerAccess";
import { applicationGateways } from "./applicationGateways";
import { auditLogs } from "./auditLogs";
import { clusterDefence } from "./clusterDefence";
import { clusterEgress } from "./clusterEgress";
import { clusterEncryption } from "./clusterEncryption";
import { clusterIdentity } from "./clusterIdentity";
import { clusterLogin } from "./clusterLogin";
import { clusterNetwork } from "./clusterNetwork";
import { clusterUpkeep } from "./clusterUpkeep";
import { dataServices } from "./dataServices";
import { networkRules } from "./networkRules";
import { nodePools } from "./nodePools";
import { privateEndpoints } from "./privateEndpoints";
import { registryAccess } from "./registryAccess";
import { storageAccess } from "./storageAccess";
import { vaultAccess } from "./vaultAccess";
import { workloadRights } from "./workloadRights";

/** Rules about AKS and what else a stack has on Azure. */
export const azureRules: readonly Rule[] = [
    apiServerAccess,
    clusterLogin,
    clusterNetwork,
    clusterIdentity,
    clusterEncryption,
    clusterDefence,
    auditLogs,
    nodePools,
    clusterUpkeep,
    clusterEgress,
    registryAccess,
    vaultAccess,
    storageAccess,
    dataServices,
    networkRules,
    privateEndpoints,
    workloadRights,
    applicationGateways,
];
