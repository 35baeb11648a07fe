import type { ChildOptions } from "../foundation/component";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import type { Inside } from "../kubernetes/trafficPolicies";
import { createWebhookAuthority, webhookIssuer } from "../kubernetes/webhookAuthority";

/** Name of the plugin's Service, which its makers' chart fixes: the operator expects a certificate of it. */
const service = "barman-cloud";

const sides = {
    server: { commonName: service, dnsNames: [service], usages: ["server auth"] },
    client: { commonName: `${service}-client`, dnsNames: [`${service}-client`], usages: ["client auth"] },
} as const;

/**
 * What the operator and the plugin know each other by. Each takes the other's certificate from the Secret that is named here, and none besides it, whoever
 * signed it: Secrets and names are those of the chart, an authority of the namespace and the kind of key are the platform's.
 *
 * @see https://github.com/cloudnative-pg/charts/blob/plugin-barman-cloud-v0.7.0/charts/plugin-barman-cloud/templates/server-certificate.yaml
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/internal/controller/plugin_controller.go (RootCAs)
 */
export function createPluginCertificates(name: string, certManager: Operator, inside: Inside, child: ChildOptions) {
    const authority = createWebhookAuthority(name, { ...inside, certManager }, child);
    const after = { ...child, dependsOn: [...(child.dependsOn ?? []), ...authority] };
    const certificates = Object.entries(sides).map(([side, { usages, dnsNames, commonName }]) => {
        const spec = {
            commonName,
            dnsNames: [...dnsNames],
            usages: [...usages],
            isCA: false,
            secretName: `${service}-${side}-tls`,
            issuerRef: webhookIssuer,
            duration: "2160h0m0s",
            renewBefore: "720h0m0s",
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        };
        const plan = {
            apiVersion: "cert-manager.io/v1",
            kind: "Certificate",
            name: `${service}-${side}`,
            ...inside,
            spec,
        };
        return createCustomResource(`${name}-${side}`, plan, certManager, after);
    });
    return [...authority, ...certificates];
}
