import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { databaseSecret } from "../cloud/contract";
import type { ChildOptions } from "../foundation/component";
import { postgresOperator } from "../foundation/postgresNames";
import { createClusterRights, createRights, subjectOf } from "../kubernetes/rights";
import type { Inside } from "../kubernetes/trafficPolicies";
import { releases } from "./postgresOperatorValues";

const reading = ["get", "list", "watch"];

/**
 * What the plugin does, read from its program: it watches stores and backups, says how stores are, and gives instances a Role. Its chart would let it read,
 * make and delete every Secret of the cluster beside that, which no code of it does.
 *
 * @see https://github.com/cloudnative-pg/plugin-barman-cloud/tree/v0.13.0/internal/cnpgi/operator
 * @see https://github.com/cloudnative-pg/charts/blob/plugin-barman-cloud-v0.7.0/charts/plugin-barman-cloud/templates/rbac.yaml
 */
const wideRules = [
    { apiGroups: ["barmancloud.cnpg.io"], resources: ["objectstores"], verbs: reading },
    { apiGroups: ["postgresql.cnpg.io"], resources: ["backups"], verbs: reading },
    { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: reading },
];

/** Where the database is. What it gives to instances it must have itself: the one Secret that their store names. */
const ownRules = [
    { apiGroups: ["barmancloud.cnpg.io"], resources: ["objectstores"], verbs: ["update", "patch"] },
    { apiGroups: ["barmancloud.cnpg.io"], resources: ["objectstores/finalizers"], verbs: ["update"] },
    { apiGroups: ["barmancloud.cnpg.io"], resources: ["objectstores/status"], verbs: ["get", "update", "patch"] },
    { apiGroups: ["postgresql.cnpg.io"], resources: ["clusters/finalizers"], verbs: ["update"] },
    {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["roles", "rolebindings"],
        verbs: ["create", "update", "patch"],
    },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [databaseSecret.name], verbs: reading },
];

const subjects = [subjectOf({ namespace: postgresOperator.namespace, serviceAccount: releases.plugin })];

/** Its service account, to which it has rights in the whole cluster: its program looks at everything of its kinds. The chart gives its pods no other way to a token. */
export function createPluginRights(name: string, inside: Inside, child: ChildOptions): pulumi.Resource {
    const metadata = { ...inside, name: releases.plugin };
    const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: true }, child);
    const plan = { name: releases.plugin, labels: inside.labels, rules: wideRules, subjects, accounts: [account] };
    return createClusterRights(`${name}-rights`, plan, child).binding;
}

/** In the namespace of the database. */
export function createPluginSecretRights(name: string, inside: Inside, child: ChildOptions): pulumi.Resource {
    const plan = { ...inside, name: releases.plugin, rules: ownRules, subjects };
    return createRights(`${name}-plugin-rights`, plan, child).binding;
}
