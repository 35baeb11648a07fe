import { loadBalancerLoads } from "../../foundation/loadBalancerSizes";
import { veleroLoads } from "../../foundation/veleroSize";
import { defineCloud } from "../../settings/cloud";
import { recordLoads } from "../../settings/dnsChecks";
import type { CloudPlatform } from "../contract";
import { checkAws } from "./check";
import { planPools } from "./plan";
import { awsSettings } from "./settings";

/** A cluster of EKS, with everything around it, in an account of AWS. */
export const aws = defineCloud({
    section: "aws",
    schema: awsSettings,
    // Istio on the VPC CNI: https://istio.io/latest/docs/ambient/install/platform-prerequisites/#amazon-elastic-kubernetes-service-eks
    meshModes: ["ambient", "sidecar"],
    hasBackupStore: true,
    pools: planPools,
    loads: (settings, { dnsZone }) => [
        ...loadBalancerLoads(settings.copies),
        ...recordLoads(settings, dnsZone),
        ...veleroLoads,
    ],
    check: checkAws,
    load: (section, settings): CloudPlatform => {
        const { loadAws }: typeof import("./platform") = require("./platform");
        return loadAws(section, settings);
    },
});
