import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Labels } from "../../foundation/labels";
import { createCustomResource, type Operator, whenReady } from "../../kubernetes/customResource";
import { controllerNamespace, release } from "./names";

/** Secrets by which the control plane and the agents in NGINX's pods know each other; the control plane copies the agents' to each gateway. */
export const agentSecrets = { server: "server-tls", agent: "agent-tls" } as const;

export interface AgentCertificatesPlan {
    readonly namespace: pulumi.Input<string>;
    readonly labels: Labels;
    readonly certManager: Operator;
}

const [selfSigned, authority] = ["self-signed", "agent-authority"] as const;

/** A quarter of a year, renewed a month before its end, as all certificates inside of the platform. */
const lifetime = {
    duration: "2160h0m0s",
    renewBefore: "720h0m0s",
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
} as const;

/**
 * An authority of the control plane's namespace alone and the two certificates that it signs, in place of those that the chart's Job makes for three years.
 * Names: cmd/gateway/certs.go of nginx/nginx-gateway-fabric at v2.6.7.
 *
 * @see https://docs.nginx.com/nginx-gateway-fabric/install/secure-certificates/
 */
export function createAgentCertificates(
    name: string,
    { certManager, ...place }: AgentCertificatesPlan,
    child: ChildOptions,
): pulumi.Resource[] {
    const kinds = { apiVersion: "cert-manager.io/v1", ...place };
    const issue = (role: string, spec: object) =>
        createCustomResource(`${name}-${role}`, { ...kinds, kind: "Issuer", name: role, spec }, certManager, child);
    const certify = (role: string, spec: object, after: pulumi.Resource[]) => {
        const plan = {
            ...kinds,
            kind: "Certificate",
            name: role,
            annotations: whenReady,
            spec: { ...lifetime, ...spec },
        };
        return createCustomResource(`${name}-${role}`, plan, certManager, { ...child, dependsOn: after });
    };
    const root = issue(selfSigned, { selfSigned: {} });
    const ca = certify(authority, planAuthority(), [root]);
    const issuer = issue("agents", { ca: { secretName: authority } });
    const [server, agent] = [
        planLeaf(agentSecrets.server, `${release}.${controllerNamespace}.svc`, "server auth"),
        planLeaf(agentSecrets.agent, "*.cluster.local", "client auth"),
    ];
    return [certify(agentSecrets.server, server, [ca, issuer]), certify(agentSecrets.agent, agent, [ca, issuer])];
}

function planAuthority() {
    const issuerRef = { group: "cert-manager.io", kind: "Issuer", name: selfSigned };
    return { isCA: true, commonName: authority, secretName: authority, issuerRef };
}

function planLeaf(secretName: string, dnsName: string, usage: "server auth" | "client auth") {
    const issuerRef = { group: "cert-manager.io", kind: "Issuer", name: "agents" };
    return { secretName, dnsNames: [dnsName], usages: ["digital signature", "key encipherment", usage], issuerRef };
}
