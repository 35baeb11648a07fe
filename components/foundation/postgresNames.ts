import type { Labels } from "./labels";

/** The database of the T.A.R.S. guide (`pg_dump -U tars_user tars_analytics`), and whose it is. */
export const database = { user: "tars_user", name: "tars_analytics" } as const;

/** The operator of PostgreSQL in the cluster, by its service account and the labels of its pods: those of its chart. */
export const postgresOperator = {
    namespace: "cnpg-system",
    serviceAccount: "cloudnative-pg",
    podLabels: { "app.kubernetes.io/name": "cloudnative-pg", "app.kubernetes.io/instance": "cloudnative-pg" },
} as const;

/** Name of the Cluster, and so of its service account and the beginning of all that is made for it. */
export const postgresCluster = "postgres";

/**
 * What instances, and the jobs that fill them, are told from others by: poolers bear the name of their Cluster too.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/utils/labels_annotations.go (ClusterLabelName)
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/specs/pods.go and jobs.go
 */
export const instanceLabels: Labels = {
    "cnpg.io/cluster": postgresCluster,
    "app.kubernetes.io/component": "database",
};

/** The Pooler, by its name, which its Service and its service account have too, and the label of its pods. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/specs/pgbouncer/deployments.go */
export const postgresPooler = {
    name: "postgres-pooler",
    podLabels: { "cnpg.io/poolerName": "postgres-pooler" },
} as const;

/** TCP ports of an instance: PostgreSQL, and who tells how it is. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/management/url/url.go (StatusPort) */
export const instancePorts = { postgres: 5432, status: 8000 } as const;

/** Service that leads to the instance that writes. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/service_management.md */
export const writingService = `${postgresCluster}-rw`;
