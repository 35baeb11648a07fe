import { addresses } from "./addresses";

const definitions =
    "https://raw.githubusercontent.com/Altinity/clickhouse-operator/release-0.25.6/deploy/helm/clickhouse-operator/crds";

/** All kinds of Altinity's operator, file by file as its maker keeps them: it watches each of them. @see https://github.com/Altinity/clickhouse-operator/tree/release-0.25.6/deploy/helm/clickhouse-operator/crds */
export const altinityAddresses = addresses(definitions, [
    "CustomResourceDefinition-clickhouseinstallations.clickhouse.altinity.com",
    "CustomResourceDefinition-clickhouseinstallationtemplates.clickhouse.altinity.com",
    "CustomResourceDefinition-clickhousekeeperinstallations.clickhouse-keeper.altinity.com",
    "CustomResourceDefinition-clickhouseoperatorconfigurations.clickhouse.altinity.com",
]);
