import * as pulumi from "@pulumi/pulumi";
import { elasticAuthority, elasticUrl } from "../../foundation/elasticNames";
import { kibanaLogins } from "../../foundation/kibana";
import type { KibanaKeys } from "../../foundation/kibanaKeys";
import type { Passwords } from "../../foundation/passwords";
import { images } from "../../kubernetes/images";

/** Folders of what its pods read: each a ConfigMap, a Secret, or one key of one. */
export const kibanaFolders = {
    settings: "/run/config/kibana",
    secrets: "/run/secrets/kibana",
    authority: "/run/secrets/elasticsearch-authority",
} as const;

/** Names of the files in the first two. What is in both is one configuration to it. */
export const kibanaFiles = { settings: "kibana.yml", secrets: "secrets.yml" } as const;

/** How a pod starts. Files that are named take the place of the one that the image has. @see https://github.com/elastic/kibana/blob/0890010acaea4310b8e0545bb14a427305e23a35/src/cli/serve/compile_config_stack.js */
export const kibanaCommand = [
    "/usr/local/bin/kibana-docker",
    ...(["settings", "secrets"] as const).flatMap((each) => [
        "--config",
        `${kibanaFolders[each]}/${kibanaFiles[each]}`,
    ]),
] as const;

/**
 * What nobody has to hide. It calls Elasticsearch and nobody else: what would fetch something from the Internet, or send something there, is off.
 *
 * @param host at which people reach it
 * @see https://www.elastic.co/docs/reference/kibana/configuration-reference
 */
export function planKibanaSettings(host: string) {
    return {
        "server.host": "0.0.0.0",
        "server.port": images.kibana.ports.http,
        "server.publicBaseUrl": `https://${host}`,
        // Less than its pod has to finish in.
        "server.shutdownTimeout": "20s",
        "server.securityResponseHeaders.disableEmbedding": true,
        "elasticsearch.hosts": [elasticUrl],
        "elasticsearch.ssl.certificateAuthorities": [`${kibanaFolders.authority}/${elasticAuthority.key}`],
        "elasticsearch.ssl.verificationMode": "full",
        // Browsers come by TLS, which ends at the gateway.
        "xpack.security.secureCookies": true,
        // Nobody is somebody else here by a key or a token.
        "xpack.security.authc.http.enabled": false,
        // Files would be made by a browser of its own in the pod, and be everybody's.
        "xpack.reporting.enabled": false,
        "xpack.actions.allowedHosts": [],
        "xpack.fleet.agents.enabled": false,
        "xpack.fleet.isAirGapped": true,
        "telemetry.optIn": false,
        "telemetry.allowChangingOptInStatus": false,
        "newsfeed.enabled": false,
        "map.includeElasticMapsService": false,
    };
}

/**
 * Its logins and keys. Nobody logs in here, because whoever comes has logged in at the gateway, the only one that the network and the mesh let in: the one
 * way in is without a name, as a user who may what the stack lets people do.
 *
 * @see https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/kibana-authentication#anonymous-authentication
 */
export function planKibanaSecrets(passwords: Passwords, keys: KibanaKeys): pulumi.Output<string> {
    const { server, people } = kibanaLogins;
    const words = [server, people].map((user) => {
        const password = passwords.of[user];
        if (password === undefined) throw new RangeError(`${user} has no password`);
        return password;
    });
    const text = pulumi.all([...words, keys.sessions, keys.objects]).apply(([own, theirs, sessions, objects]) =>
        JSON.stringify({
            "elasticsearch.username": server,
            "elasticsearch.password": own,
            "xpack.security.encryptionKey": sessions,
            "xpack.encryptedSavedObjects.encryptionKey": objects,
            "xpack.security.authc.providers": {
                anonymous: { gateway: { order: 0, credentials: { username: people, password: theirs } } },
            },
        }),
    );
    return pulumi.secret(text);
}
