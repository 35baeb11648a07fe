import { veleroLoads } from "../../foundation/veleroSize";
import { defineCloud } from "../../settings/cloud";
import { recordLoads } from "../../settings/dnsChecks";
import type { CloudPlatform } from "../contract";
import { checkAzure } from "./check";
import { planPools } from "./plan";
import { azureSettings } from "./settings";

/** A cluster on AKS, with everything around it in one resource group of an Azure subscription. */
export const azure = defineCloud({
    section: "azure",
    schema: azureSettings,
    // Microsoft runs sidecars on Azure CNI with Cilium, and no ambient mode: https://learn.microsoft.com/azure/aks/istio-scale
    meshModes: ["sidecar"],
    hasBackupStore: true,
    managedKafka: "hubs",
    pools: planPools,
    loads: (settings, { dnsZone }) => [...recordLoads(settings, dnsZone), ...veleroLoads],
    check: checkAzure,
    load: (section, settings): CloudPlatform => {
        const { loadAzure }: typeof import("./platform") = require("./platform");
        return loadAzure(section, settings);
    },
});
