import type { CloudKind } from "../../cloud/kind";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import { names } from "../names";
import { pluginSources } from "../sources";
import { tokens } from "../tokens";

const group = armKind({
    path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    apiVersion: "2024-03-01",
    name: names.group,
    required: ["location"],
    changes: [
        replaces(pluginSources.table, "location"),
        // The API's PATCH of a group: https://learn.microsoft.com/rest/api/resources/resource-groups/update
        updates("https://learn.microsoft.com/rest/api/resources/resource-groups/update", "tags", "managedBy"),
    ],
    computed: ["properties"],
    outputs: () => ({ properties: { provisioningState: "Succeeded" } }),
});

export const groupKinds: Readonly<Record<string, CloudKind>> = { [tokens.group]: group };
