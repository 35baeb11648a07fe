import type { CloudKind } from "../../cloud/kind";
import { numberAt } from "../../cloud/values";
import { armKind } from "../arm";
import { updates } from "../changes";
import { apiSources } from "../sources";
import { tokens } from "../tokens";
import { cluster } from "./cluster";
import { clusterPath, clusterVersion, pool } from "./pools";

/** @see https://learn.microsoft.com/azure/aks/planned-maintenance */
const maintenance = armKind({
    path: `${clusterPath}/maintenanceConfigurations/{configName}`,
    apiVersion: clusterVersion,
    name: {
        form: /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/,
        says: "default, aksManagedAutoUpgradeSchedule or aksManagedNodeOSUpgradeSchedule",
    },
    changes: [updates(apiSources.kubernetes, "maintenanceWindow", "timeInWeek", "notAllowedTime")],
    check: (inputs) => {
        const hours = numberAt(inputs, "maintenanceWindow.durationHours");
        const property = "maintenanceWindow.durationHours";
        return hours === undefined || (hours >= 4 && hours <= 24)
            ? []
            : [{ property, reason: `must be 4-24, got ${hours}` }];
    },
});

export const kubernetesKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.cluster]: cluster,
    [tokens.pool]: pool,
    [tokens.maintenance]: maintenance,
};
