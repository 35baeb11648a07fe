import { planCertificate } from "../../components/edge/certificates/edgeCertificate";
import { issuerName, planIssuers } from "../../components/edge/certificates/issuers";
import { type GatewayReference, type Proof, planProof } from "../../components/edge/certificates/proof";
import { planChallengeTraffic, planTraffic } from "../../components/edge/certificates/traffic";
import { certManagerLoads, certManagerSizes } from "../../components/foundation/certManagerSizes";
import { Issues } from "../../components/foundation/issues";
import { fromApiServer, toApiServer, toInternet } from "../../components/kubernetes/traffic";
import { checkCertificates } from "../../components/settings/certificateChecks";
import { certificates, ownAuthority } from "../../components/settings/certificates";
import { certifiedHosts } from "../../components/settings/hosts";
import { internetCallers, notTheInternet } from "../../policy/facts/networks";

const hosts = ["tars.example.com", "api.tars.example.com"] as const;
const gateway: GatewayReference = { name: "edge", namespace: "entrance" };
const atGateway: Proof = { kind: "http01", gateway };
const common = { hosts, organisation: "TARS", generation: 3 };
const letsEncrypt = certificates.parse({ issuer: "letsencryptProd", email: "platform@example.com" });
const corporate = certificates.parse({ issuer: "corporate", caSecret: "company" });
const issuer = { group: "cert-manager.io", kind: "ClusterIssuer", name: "some" } as const;

describe("an authority of the platform's own", () => {
    const [starter, root, signer, ...others] = planIssuers({ ...common, choice: ownAuthority, proof: undefined });

    test("is a certificate that signs itself, and an issuer that signs with its key", () => {
        expect(others).toEqual([]);
        expect(starter).toEqual({ kind: "ClusterIssuer", name: "selfsigned", spec: { selfSigned: {} } });
        expect(root).toMatchObject({ kind: "Certificate", spec: { isCA: true, issuerRef: { name: "selfsigned" } } });
        expect(signer).toMatchObject({ kind: "ClusterIssuer", spec: { ca: { secretName: "tars-root-ca-3" } } });
    });

    test("keeps its key in the Secret that the issuer reads", () => {
        expect(root).toHaveProperty("spec.secretName", "tars-root-ca-3");
    });

    test("of another generation has another issuer, so that certificates are asked for anew", () => {
        const names = [1, 2].map((generation) => issuerName({ choice: ownAuthority, generation }));
        expect(names).toEqual(["tars-ca-1", "tars-ca-2"]);
    });

    test("is renewed while what it signs has its whole lifetime before it", () => {
        expect(root).toMatchObject({ spec: { duration: "87600h", renewBefore: "8760h" } });
    });

    test("may vouch for the platform's hosts and nobody else's", () => {
        const plan = { ...common, hosts: ["tars.local", "*.apps.local"], choice: ownAuthority, proof: undefined };
        expect(planIssuers(plan)[1]).toHaveProperty("spec.nameConstraints", {
            critical: true,
            permitted: { dnsDomains: ["tars.local", "apps.local"] },
        });
    });
});

describe("an issuer", () => {
    test.each([
        [letsEncrypt, "letsencrypt-prod", "https://acme-v02.api.letsencrypt.org/directory"],
        [
            certificates.parse({ issuer: "letsencryptStaging", email: "platform@example.com" }),
            "letsencrypt-staging",
            "https://acme-staging-v02.api.letsencrypt.org/directory",
        ],
    ])("of Let's Encrypt, %j, is %s", (choice, name, server) => {
        const [made] = planIssuers({ ...common, choice, proof: atGateway });
        const acme = { server, email: "platform@example.com", privateKeySecretRef: { name: `${name}-account` } };
        expect(made).toMatchObject({ kind: "ClusterIssuer", name, spec: { acme } });
    });

    test("that has no way to prove names is a mistake of the program", () => {
        expect(() => planIssuers({ ...common, choice: letsEncrypt, proof: undefined })).toThrow(RangeError);
    });

    test("of the company signs with the key that somebody put into its Secret", () => {
        const made = planIssuers({ ...common, choice: corporate, proof: undefined });
        expect(made).toEqual([
            { kind: "ClusterIssuer", name: "corporate-ca", spec: { ca: { secretName: "company" } } },
        ]);
    });

    test("proves names through the gateway by pods of their own account and no port of a node", () => {
        const [made] = planIssuers({ ...common, choice: letsEncrypt, proof: atGateway });
        expect(made).toHaveProperty("spec.acme.solvers.0.http01.gatewayHTTPRoute", {
            parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge", namespace: "entrance" }],
            serviceType: "ClusterIP",
            podTemplate: {
                metadata: { labels: { "istio.io/dataplane-mode": "none" } },
                spec: {
                    serviceAccountName: "acme-challenge",
                    resources: {
                        requests: { cpu: "10m", memory: "64Mi", "ephemeral-storage": "16Mi" },
                        limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "16Mi" },
                    },
                },
            },
        });
    });
});

describe("the certificate", () => {
    test("of Let's Encrypt leaves lifetime and subject to it", () => {
        const spec = planCertificate({ choice: letsEncrypt, issuer, hosts, organisation: "TARS" });
        expect(spec).toEqual({
            dnsNames: hosts,
            usages: ["digital signature", "server auth"],
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
            issuerRef: issuer,
            renewBeforePercentage: 33,
        });
    });

    test.each([
        [ownAuthority, { duration: "8760h", renewBefore: "720h" }],
        [corporate, { duration: "2160h", renewBefore: "720h" }],
    ])("of %j names its owner and lives as long as is asked", (choice, lifetime) => {
        const spec = planCertificate({ choice, issuer, hosts, organisation: "TARS" });
        expect(spec).toMatchObject({ commonName: hosts[0], subject: { organizations: ["TARS"] }, ...lifetime });
    });

    test("has no common name where the host is too long for one", () => {
        const long = `${"a".repeat(53)}.example.com`;
        const named = (host: string) =>
            planCertificate({ choice: corporate, issuer, hosts: [host], organisation: "TARS" });
        expect(named(long.slice(1))).toHaveProperty("commonName", long.slice(1));
        expect(named(long)).not.toHaveProperty("commonName");
    });
});

describe("cert-manager", () => {
    const cluster = { apiRanges: ["10.0.0.0/16"], monitoringNamespace: "monitoring" };

    test("reaches nothing but the API server where nobody asks for proof", () => {
        const plans = Object.entries(planTraffic(cluster, undefined));
        const outward = plans.filter(([, { policyTypes }]) => JSON.stringify(policyTypes).includes("Egress"));
        expect(outward.map(([name]) => name)).toEqual(["api-server"]);
        expect(outward[0]?.[1]).toHaveProperty("egress.0.to", [{ ipBlock: { cidr: "10.0.0.0/16" } }]);
    });

    test("calls the Internet by the one policy that the pack lists", () => {
        expect(planTraffic(cluster, atGateway)).toHaveProperty("acme.egress.0", toInternet(80, 443));
        expect(internetCallers.map(({ namespace, name }) => `${namespace}/${name}`)).toContain("cert-manager/acme");
        expect(toInternet(443)).toHaveProperty("to.0.ipBlock.except", notTheInternet);
    });

    test("looks whether the gateway leads to its answer, and lets the gateway through to it", () => {
        const pods = { matchLabels: { "gateway.networking.k8s.io/gateway-name": "edge" } };
        const place = { matchLabels: { "kubernetes.io/metadata.name": "entrance" } };
        expect(planTraffic(cluster, atGateway)).toHaveProperty("acme.egress.1", {
            to: [{ namespaceSelector: place, podSelector: pods }],
            ports: [{ protocol: "TCP", port: 80 }],
        });
        const { "acme-challenge-in": within, "acme-challenge-out": out } = planChallengeTraffic({
            kind: "http01",
            gateway,
        });
        expect([within?.ingress, out?.podSelector]).toEqual([
            [{ from: [{ podSelector: pods }], ports: [{ protocol: "TCP", port: 8089 }] }],
            pods,
        ]);
    });

    test("takes room for its pods, and for one that answers for each host", () => {
        const copies = { controllers: 2, webhooks: 3 };
        expect(certManagerLoads(copies, 0).map(({ name }) => name)).toEqual([
            "cert-manager-controller",
            "cert-manager-cainjector",
            "cert-manager-webhook",
        ]);
        expect(certManagerLoads(copies, 2).at(-1)).toMatchObject({
            name: "acme-challenge",
            size: { replicas: { min: 0, max: 2 } },
        });
        expect(certManagerSizes(copies)).toMatchObject({
            controller: { replicas: { max: 2 } },
            webhook: { replicas: { max: 3 } },
        });
    });
});

test("records that prove names need a zone and somebody who may write it", () => {
    expect(() => planProof("dns01", gateway, undefined)).toThrow(RangeError);
    expect(planProof("http01", gateway, undefined)).toEqual(atGateway);
});

describe("hosts", () => {
    const wanted = { host: "tars.example.com", apiHost: "api.tars.example.com", otherHosts: ["*.tars.example.com"] };
    const secrets = { certificateGeneration: 1 };
    const found = (choice: typeof letsEncrypt) => {
        const issues = new Issues();
        checkCertificates({ environment: "production", edge: { ...wanted, certificates: choice }, secrets }, issues);
        return issues.all.map(({ key, problem }) => `${key}: ${problem}`);
    };

    test("are all in the certificate", () => {
        expect(certifiedHosts(wanted)).toEqual(["tars.example.com", "api.tars.example.com", "*.tars.example.com"]);
    });

    test("with a wildcard are proven by records only", () => {
        const solver = (kind: string) =>
            certificates.parse({ issuer: "letsencryptProd", email: "a@example.com", solver: kind });
        expect(found(solver("dns01"))).toEqual([]);
        expect(found(solver("http01"))).toEqual([
            "edge.otherHosts.0: is *.tars.example.com, which solver http01 cannot prove: no single host answers for it",
        ]);
    });
});

describe("the way to an API server that is public", () => {
    const cluster = { apiRanges: ["10.20.0.0/16", "0.0.0.0/0"] };

    test("leads out of the network to the web's port alone, and past every private block", () => {
        const [own, outside, ...more] = toApiServer(cluster);
        expect(more).toEqual([]);
        expect(own).toEqual({
            to: [{ ipBlock: { cidr: "10.20.0.0/16" } }],
            ports: [443, 6443].map((port) => ({ protocol: "TCP", port })),
        });
        expect(outside).toEqual(toInternet(443));
    });

    test("is that one alone where the network has none of it", () => {
        expect(toApiServer({ apiRanges: ["0.0.0.0/0"] })).toEqual([toInternet(443)]);
    });

    test("is none by which the Internet calls webhooks", () => {
        expect(JSON.stringify(fromApiServer(cluster, 9443))).not.toContain("0.0.0.0/0");
    });
});
