import type { core } from "@pulumi/kubernetes/types/input";
import { bootstrapHost, kafkaAuthority, kafkaListeners } from "../../foundation/kafkaNames";
import { images } from "../../kubernetes/images";
import { loginKeys } from "../schemaRegistry/logins";
import { registryUrl } from "../schemaRegistry/schemaRegistry";

/** Folders of what its pods read, each a Secret or one key of it. */
export const uiFolders = {
    kafkaAuthority: "/run/secrets/kafka-authority",
    kafkaLogin: "/run/secrets/kafka-login",
    registryAuthority: "/run/secrets/registry-authority",
    registryLogin: "/run/secrets/registry-login",
} as const;

/** Key of the Secret that Strimzi makes for a user with a password: a line for Java's clients. */
export const kafkaLoginKey = "sasl.jaas.config";

export interface UiPlan {
    readonly writes: boolean;
    readonly hasRegistry: boolean;
}

const cluster = "KAFKA_CLUSTERS_0";

/**
 * Settings of Kafka UI: of the one Kafka that it shows, and of itself. Nobody logs in here, because whoever comes has logged in at the gateway, the only one
 * that the network and the mesh let in.
 *
 * @see https://github.com/kafbat/kafka-ui/blob/v1.5.0/api/src/main/java/io/kafbat/ui/config/ClustersProperties.java
 */
export function planEnvironment({ writes, hasRegistry }: UiPlan): core.v1.EnvVar[] {
    const settings = {
        SERVER_PORT: `${images.kafkaUi.ports.http}`,
        AUTH_TYPE: "DISABLED",
        // What it shows is said here, and nobody adds to it by a form.
        DYNAMIC_CONFIG_ENABLED: "false",
        // It would ask GitHub each hour.
        GITHUB_RELEASE_INFO_ENABLED: "false",
        [`${cluster}_NAME`]: "kafka",
        [`${cluster}_READONLY`]: `${!writes}`,
        [`${cluster}_BOOTSTRAPSERVERS`]: `${bootstrapHost}:${kafkaListeners.scram.port}`,
        [`${cluster}_PROPERTIES_SECURITY_PROTOCOL`]: "SASL_SSL",
        [`${cluster}_PROPERTIES_SASL_MECHANISM`]: "SCRAM-SHA-512",
        [`${cluster}_PROPERTIES_SSL_TRUSTSTORE_TYPE`]: "PEM",
        [`${cluster}_PROPERTIES_SSL_TRUSTSTORE_LOCATION`]: `${uiFolders.kafkaAuthority}/${kafkaAuthority.key}`,
        ...(hasRegistry && { [`${cluster}_SCHEMAREGISTRY`]: registryUrl }),
    };
    return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

/** Java reads no PEM for whom it trusts by itself, as it calls the registry; the word for the file is nobody's secret, as what is in it is public. */
const trustFile = "/tmp/registry.p12";
const trustWord = "registry";

const registryLines = `
word=${trustWord}
# The folder outlives a container, and what is in the file is not written over.
rm -f ${trustFile}
keytool -importcert -noprompt -alias registry -file ${uiFolders.registryAuthority}/ca.crt \\
    -keystore ${trustFile} -storetype PKCS12 -storepass "$word"
trusting="-Djavax.net.ssl.trustStore=${trustFile} -Djavax.net.ssl.trustStorePassword=\${word}"
export ${cluster}_SCHEMAREGISTRYAUTH_USERNAME="$(cat ${uiFolders.registryLogin}/${loginKeys.username})"
export ${cluster}_SCHEMAREGISTRYAUTH_PASSWORD="$(cat ${uiFolders.registryLogin}/${loginKeys.password})"
`;

/**
 * How a pod starts: with its logins out of files, and with as much of its memory as heap as leaves room for Java itself.
 *
 * @see https://github.com/kafbat/kafka-ui/blob/v1.5.0/api/Dockerfile
 */
export function planScript({ hasRegistry }: Pick<UiPlan, "hasRegistry">): string {
    return `
set -eu
trusting=""
export ${cluster}_PROPERTIES_SASL_JAAS_CONFIG="$(cat ${uiFolders.kafkaLogin}/${kafkaLoginKey})"
${hasRegistry ? registryLines.trim() : ""}
exec java --add-opens java.rmi/javax.rmi.ssl=ALL-UNNAMED -XX:MaxRAMPercentage=60 -XX:MaxDirectMemorySize=96m $trusting -jar /api.jar
`;
}
