import type { Rule } from "../../rule";
import { administration } from "./administration";
import { apiEndpoint } from "./apiEndpoint";
import { buckets } from "./buckets";
import { databases } from "./databases";
import { dataServices } from "./dataServices";
import { imageRepositories } from "./imageRepositories";
import { keys } from "./keys";
import { loadBalancers } from "./loadBalancers";
import { logs } from "./logs";
import { machines } from "./machines";
import { networkPolicies } from "./networkPolicies";
import { networks } from "./networks";
import { permissions } from "./permissions";
import { podIdentities } from "./podIdentities";
import { secretsEncryption } from "./secretsEncryption";
import { securityGroups } from "./securityGroups";
import { versions } from "./versions";

/** Rules about EKS and what else a stack has on AWS. */
export const awsRules: readonly Rule[] = [
    apiEndpoint,
    secretsEncryption,
    logs,
    administration,
    versions,
    machines,
    podIdentities,
    networkPolicies,
    keys,
    imageRepositories,
    buckets,
    databases,
    dataServices,
    securityGroups,
    networks,
    permissions,
    loadBalancers,
];
