import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { challengeSize } from "../../foundation/certManagerSizes";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { containerResources } from "../../kubernetes/podParts";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { days, type IssuerChoice, longestCommonName, privateKey } from "./choice";
import { challengeAccount, type Proof, type ProofAtGateway } from "./proof";
import { planChallengeTraffic } from "./traffic";
import { release } from "./values";

export interface IssuersArgs {
    readonly place: SystemPlace;
    readonly operator: Operator;
    readonly choice: IssuerChoice;
    /** How names are proven; undefined where the issuer asks for no proof. */
    readonly proof: Proof | undefined;
    /** Names that an authority of the platform's own may vouch for, with all below them, and nobody else's. */
    readonly hosts: readonly string[];
    /** Organisation (O) of such an authority. */
    readonly organisation: string;
    /** Generation of such an authority: a new one has another key, and every certificate is asked for anew. */
    readonly generation: number;
}

/** A reference to who issues, as a Certificate has it. */
export interface IssuerReference {
    readonly group: "cert-manager.io";
    readonly kind: "ClusterIssuer";
    readonly name: string;
}

/** An object of cert-manager's: an issuer for the whole cluster, or the certificate of the platform's own authority. */
interface ObjectPlan {
    readonly kind: "ClusterIssuer" | "Certificate";
    readonly name: string;
    readonly spec: object;
}

/** Who issues certificates in this cluster: one authority, the one that the stack chose. */
export class Issuers extends TarsComponent {
    readonly reference: IssuerReference;

    constructor(name: string, args: IssuersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "Issuers", name, opts);
        const child = { parent: this, provider: args.place.cluster.provider };
        for (const plan of planIssuers(args)) createObject(`${name}-${plan.name}`, plan, args, child);
        if (args.proof?.kind === "http01") createChallengePlace(name, args.place, args.proof, child);
        this.reference = { group: "cert-manager.io", kind: "ClusterIssuer", name: issuerName(args) };
        this.registerOutputs({ issuer: this.reference.name });
    }
}

/** Names of Let's Encrypt's are those of requirements/001. That of the platform's own changes with it, by which certificates follow at once. */
export function issuerName({ choice, generation }: Pick<IssuersArgs, "choice" | "generation">): string {
    switch (choice.issuer) {
        case "selfSigned":
            return `tars-ca-${generation}`;
        case "letsencryptStaging":
            return "letsencrypt-staging";
        case "letsencryptProd":
            return "letsencrypt-prod";
        case "corporate":
            return "corporate-ca";
    }
}

/** The objects that make an issuer, in the order in which they come to be. */
export function planIssuers(args: Omit<IssuersArgs, "place" | "operator">): readonly ObjectPlan[] {
    const { choice, proof } = args;
    const name = issuerName(args);
    switch (choice.issuer) {
        case "selfSigned":
            return planOwnAuthority(args, choice);
        case "corporate":
            return [{ kind: "ClusterIssuer", name, spec: { ca: { secretName: choice.caSecret } } }];
        default:
            if (proof === undefined) throw new RangeError(`${choice.issuer} without a way to prove names`);
            return [{ kind: "ClusterIssuer", name, spec: { acme: planAcme(choice, proof, name) } }];
    }
}

type OwnAuthority = Extract<IssuerChoice, { readonly issuer: "selfSigned" }>;

/** A certificate that signs itself, and an issuer that signs others with its key. */
function planOwnAuthority(
    args: Pick<IssuersArgs, "choice" | "generation" | "hosts" | "organisation">,
    choice: OwnAuthority,
): readonly ObjectPlan[] {
    const { generation, hosts, organisation } = args;
    const root = {
        isCA: true,
        commonName: `Root ${generation} of ${organisation}`.slice(0, longestCommonName).trim(),
        subject: { organizations: [organisation] },
        secretName: `tars-root-ca-${generation}`,
        duration: days(choice.rootLifetimeDays),
        // What it signs must not outlive it.
        renewBefore: days(choice.lifetimeDays),
        privateKey,
        // Whoever steals the key of an authority that a few laptops trust can still not pass for anybody else.
        nameConstraints: { critical: true, permitted: { dnsDomains: hosts.map(domainOf) } },
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "selfsigned" },
    };
    return [
        { kind: "ClusterIssuer", name: "selfsigned", spec: { selfSigned: {} } },
        { kind: "Certificate", name: "tars-root-ca", spec: root },
        { kind: "ClusterIssuer", name: issuerName(args), spec: { ca: { secretName: root.secretName } } },
    ];
}

/** The domain that a wildcard is of. */
function domainOf(host: string): string {
    return host.replace(/^\*\./, "");
}

/** @see https://letsencrypt.org/docs/acme-protocol-updates/ and https://letsencrypt.org/docs/staging-environment/ */
const directories = {
    letsencryptStaging: "https://acme-staging-v02.api.letsencrypt.org/directory",
    letsencryptProd: "https://acme-v02.api.letsencrypt.org/directory",
} as const;

type Acme = Extract<IssuerChoice, { readonly email: string }>;

function planAcme({ issuer, email }: Acme, proof: Proof, name: string) {
    return {
        server: directories[issuer],
        email,
        privateKeySecretRef: { name: `${name}-account` },
        solvers: [planSolver(proof)],
    };
}

function planSolver(proof: Proof) {
    if (proof.kind === "dns01") {
        return { selector: { dnsZones: [proof.zone.name] }, dns01: { ...proof.zone.solver } };
    }
    const { name, namespace } = proof.gateway;
    const parent = { group: "gateway.networking.k8s.io", kind: "Gateway", name, namespace };
    return {
        http01: {
            gatewayHTTPRoute: {
                parentRefs: [parent],
                // Otherwise a port of every node.
                serviceType: "ClusterIP",
                podTemplate: {
                    // It serves a text that is no secret, for minutes, and must be reached before the mesh knows it.
                    metadata: { labels: { "istio.io/dataplane-mode": "none" } },
                    spec: { serviceAccountName: challengeAccount, resources: containerResources(challengeSize(1)) },
                },
            },
        },
    };
}

function createObject(name: string, plan: ObjectPlan, { place, operator }: IssuersArgs, child: ChildOptions): void {
    const labels = labelsOf({ name: plan.name, component: "certificates" }, place.ownership);
    const inNamespace = plan.kind === "Certificate" ? { namespace: release } : {};
    createCustomResource(name, { apiVersion: "cert-manager.io/v1", ...plan, ...inNamespace, labels }, operator, child);
}

/** What the pods that answer for names need where the gateway is: an account of their own, and the way from the gateway to them. */
function createChallengePlace(
    name: string,
    { ownership }: SystemPlace,
    proof: ProofAtGateway,
    child: ChildOptions,
): void {
    const labels = labelsOf({ name: challengeAccount, component: "certificates" }, ownership);
    const inside = { namespace: proof.gateway.namespace, labels };
    const account = { metadata: { name: challengeAccount, ...inside }, automountServiceAccountToken: false };
    new ServiceAccount(`${name}-${challengeAccount}`, account, child);
    createTraffic(name, planChallengeTraffic(proof), inside, child);
}
