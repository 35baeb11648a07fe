import type { core } from "@pulumi/kubernetes/types/input";
import { bootstrapHost, kafkaAuthority, kafkaListeners } from "../../foundation/kafkaNames";
import { registryGroups, registryName, registryTopic, type SchemaRegistry } from "../../foundation/schemaRegistry";
import { podHost } from "../../kubernetes/certifiedNames";
import { restartingOnChange } from "../../kubernetes/freshFiles";
import { images } from "../../kubernetes/images";

/** Folders of what its pods read, each a Secret or one key of it. */
export const registryFolders = {
    certificate: "/run/secrets/certificate",
    kafkaAuthority: "/run/secrets/kafka-authority",
    kafkaLogin: "/run/secrets/kafka-login",
    logins: "/run/secrets/logins",
} as const;

/** Key of the Secret with who may call it. */
export const loginsKey = "logins.json";

/** Key of the Secret that Strimzi makes for a user with a password. */
export const kafkaPasswordKey = "password";

const { certificate, kafkaAuthority: authority, kafkaLogin, logins } = registryFolders;
const port = `${images.karapace.ports.https}`;

/**
 * Settings of Karapace, which it takes from the environment alone. The number of copies is what it would make the topic with, if that were not there.
 *
 * @see https://github.com/Aiven-Open/karapace/blob/6.2.0/src/karapace/core/config.py
 */
export function planEnvironment(
    { compatibility }: Pick<SchemaRegistry, "compatibility">,
    replication: number,
): core.v1.EnvVar[] {
    const settings = {
        HOST: "0.0.0.0",
        PORT: port,
        ADVERTISED_PROTOCOL: "https",
        // Without it the one that writes takes its own address for another's (get_master_info).
        ADVERTISED_PORT: port,
        SERVER_TLS_CERTFILE: `${certificate}/tls.crt`,
        SERVER_TLS_KEYFILE: `${certificate}/tls.key`,
        // By which a pod knows the one that it sends writes on to.
        SERVER_TLS_CAFILE: `${certificate}/ca.crt`,
        REGISTRY_AUTHFILE: `${logins}/${loginsKey}`,
        BOOTSTRAP_URI: `${bootstrapHost}:${kafkaListeners.scram.port}`,
        SECURITY_PROTOCOL: "SASL_SSL",
        SASL_MECHANISM: "SCRAM-SHA-512",
        SASL_PLAIN_USERNAME: registryName,
        SSL_CAFILE: `${authority}/${kafkaAuthority.key}`,
        TOPIC_NAME: registryTopic.name,
        GROUP_ID: registryGroups.election,
        REPLICATION_FACTOR: `${replication}`,
        COMPATIBILITY: compatibility,
        // Without it DEBUG, which writes each schema down.
        LOG_LEVEL: "INFO",
    };
    return Object.entries(settings).map(([name, value]) => ({ name: `KARAPACE_${name}`, value }));
}

/**
 * How a pod starts: by the name that the others call it by, which is in its certificate, and with a password out of a file. The program reads who may call it
 * anew by itself, and all other files once.
 *
 * @see https://github.com/Aiven-Open/karapace/blob/6.2.0/container/compose.yml (entrypoint)
 */
export const registryScript = `
export KARAPACE_ADVERTISED_HOSTNAME="${podHost(registryName, "$HOSTNAME")}"
export KARAPACE_CLIENT_ID="$HOSTNAME"
export KARAPACE_SASL_PLAIN_PASSWORD="$(cat ${kafkaLogin}/${kafkaPasswordKey})"
${restartingOnChange([`${certificate}/tls.crt`, `${authority}/${kafkaAuthority.key}`, `${kafkaLogin}/${kafkaPasswordKey}`])}
exec python3 -m karapace
`;
