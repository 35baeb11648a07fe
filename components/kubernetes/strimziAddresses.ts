import { addresses } from "./addresses";

const definitions =
    "https://raw.githubusercontent.com/strimzi/strimzi-kafka-operator/1.2.0/packaging/install/cluster-operator";

/** All kinds of Strimzi, file by file as its maker keeps them: its operator watches each of them. @see https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/packaging/install/cluster-operator */
export const strimziAddresses = addresses(definitions, [
    "040-Crd-kafka",
    "041-Crd-kafkaconnect",
    "042-Crd-strimzipodset",
    "043-Crd-kafkatopic",
    "044-Crd-kafkauser",
    "045-Crd-kafkanodepool",
    "046-Crd-kafkabridge",
    "047-Crd-kafkaconnector",
    "048-Crd-kafkamirrormaker2",
    "049-Crd-kafkarebalance",
]);
