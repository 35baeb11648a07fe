import { addresses } from "./addresses";

const operator = "https://raw.githubusercontent.com/cloudnative-pg/cloudnative-pg/v1.30.0/config/crd/bases";
const plugin = "https://raw.githubusercontent.com/cloudnative-pg/plugin-barman-cloud/v0.13.0/config/crd/bases";

/** All kinds of CloudNativePG, file by file as its maker keeps them: its operator watches each of them. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/config/crd/kustomization.yaml */
export const cloudNativePgAddresses = addresses(operator, [
    "postgresql.cnpg.io_backups",
    "postgresql.cnpg.io_clusterimagecatalogs",
    "postgresql.cnpg.io_clusters",
    "postgresql.cnpg.io_databaseroles",
    "postgresql.cnpg.io_databases",
    "postgresql.cnpg.io_failoverquorums",
    "postgresql.cnpg.io_imagecatalogs",
    "postgresql.cnpg.io_poolers",
    "postgresql.cnpg.io_publications",
    "postgresql.cnpg.io_scheduledbackups",
    "postgresql.cnpg.io_subscriptions",
]);

/** The one kind of its plugin for object stores. @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/config/crd/kustomization.yaml */
export const barmanCloudAddresses = addresses(plugin, ["barmancloud.cnpg.io_objectstores"]);
