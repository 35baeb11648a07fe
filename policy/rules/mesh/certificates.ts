import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Context, Report, StackReport, StackRule } from "../../rule";
import type { Environment } from "../../terms/environment";
import { isListedObject, objectsSetting } from "../listedObjects";
import { checkSecretNames, secretKinds } from "./certificateSecrets";
import { failing, passing } from "./certificates.samples";
import { hoursOf } from "./duration";

const issuerKinds = ["cert-manager.io/Issuer", "cert-manager.io/ClusterIssuer"] as const;

/** What charts of the platform ask for, as far as no value of theirs changes it; a pack configuration that gives a list replaces them. */
const ownOfCharts = [
    {
        namespace: "load-balancers",
        name: "aws-load-balancer-root-cert",
        reason: "signs for one webhook, which the API server alone trusts it for; the chart chooses the key and when it is renewed",
    },
    {
        namespace: "load-balancers",
        name: "aws-load-balancer-serving-cert",
        reason: "is shown to the API server alone and renewed every 60 days; the chart chooses the key",
    },
] as const;

export const certificates: StackRule = {
    id: "NET-09",
    title: "Certificates are short-lived, strong, and renewed in time",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: ["cert-manager.io/Certificate", ...issuerKinds, ...secretKinds],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"] }),
    why: "A long-lived or weak key outlives its theft, and an expired certificate, or one that nobody issues, takes the service down.",
    fix: "set duration to at most 2160h (8760h in dev), renewBefore, an ECDSA key or RSA from 3072, rotationPolicy Always, and an issuer that clients trust",
    link: "https://cert-manager.io/docs/usage/certificate/",
    settings: {
        certificateAuthorities: objectsSetting({
            description: "Certificates of authorities, which may live longer; without it, those of the platform",
            reason: "Why it has to be so",
        }),
        ofCharts: objectsSetting({
            description:
                "Certificates that a chart asks for inside the cluster and leaves nobody a choice of; without it, those of the platform",
            reason: "Who trusts it, and what the chart leaves no choice of",
        }),
    },
    samples: { passing, failing },
    check: (stack, report, context) => {
        for (const certificate of stack.of("cert-manager.io/Certificate")) {
            if (!isListedObject(context.settings.ofCharts ?? ownOfCharts, certificate)) {
                checkCertificate(certificate, report, context);
            }
            if (context.environment === "production") checkIssuer(certificate, stack, report);
        }
        checkSecretNames(stack, report);
    },
};

/** Ninety days are cert-manager's default and what public authorities give; in dev a certificate that nobody outside trusts may live a year. */
const longestDays = { dev: 365, staging: 90, production: 90 } as const satisfies Readonly<Record<Environment, number>>;

/** The platform's own authorities; a pack configuration that gives a list replaces them. */
const own = [
    {
        namespace: "cert-manager",
        name: "tars-root-ca",
        reason: "clients are told by hand to trust it, and it may vouch for the platform's own hosts only",
    },
    {
        namespace: "vector-store",
        name: "qdrant-authority",
        reason: "callers of the store read it when they start, and it signs the store's certificate alone",
    },
    {
        namespace: "kafka",
        name: "schema-registry-authority",
        reason: "callers of the registry read it when they start, and it signs for the registry alone",
    },
    {
        namespace: "clickhouse",
        name: "clickhouse-authority",
        reason: "callers of ClickHouse read it when they start, and it signs for ClickHouse and Keeper alone",
    },
    {
        namespace: "object-store",
        name: "object-store-authority",
        reason: "SeaweedFS and its callers read it when they start, and it signs for SeaweedFS alone",
    },
    {
        namespace: "clickhouse",
        name: "keeper-tls",
        reason: "Keepers of ClickHouse 25.8 read by which they know each other when they start, and never again",
    },
] as const;

function checkCertificate(certificate: Subject, report: StackReport, { settings, environment }: Context): void {
    const { object } = certificate;
    const spec = object.get("spec");
    const mayLast = isListedObject(settings.certificateAuthorities ?? own, certificate);
    if (!mayLast) checkDuration(spec.get("duration"), longestDays[environment], (each) => report(certificate, each));
    const renewal = [spec.get("renewBefore").text(), spec.get("renewBeforePercentage").number()];
    if (renewal.every((each) => each === absent)) {
        report(certificate, { path: spec.get("renewBefore").path, problem: "is not set" });
    }
    checkKey(spec.get("privateKey"), certificate, report);
}

function checkDuration(duration: Value, longest: number, report: Report): void {
    const text = duration.text();
    if (typeof text !== "string") return;
    const hours = hoursOf(text);
    if (hours === undefined) report({ path: duration.path, problem: "is no duration such as 2160h" });
    else if (hours > 24 * longest) report({ path: duration.path, problem: `is longer than ${longest} days` });
}

/** Without more said the key is RSA of 2048 bits, or ECDSA of 256; cert-manager makes a new one each time since 1.18. */
function checkKey(key: Value, certificate: Subject, report: StackReport): void {
    const [algorithm, size] = [key.get("algorithm").text(), key.get("size").number()];
    const policy = key.get("rotationPolicy");
    const rotation = policy.text();
    if (rotation !== absent && rotation !== undecided && rotation !== "Always") {
        report(certificate, { path: policy.path, problem: "keeps the same key at every renewal" });
    }
    if (algorithm === undecided || size === undecided || algorithm === "Ed25519") return;
    const isElliptic = algorithm === "ECDSA";
    const bits = typeof size === "number" ? size : isElliptic ? 256 : 2048;
    if (bits >= (isElliptic ? 256 : 3072)) return;
    report(certificate, { path: key.get("size").path, problem: "is a key weaker than RSA 3072 or P-256" });
}

/** An authority's own certificate is signed by itself; what it issues is not. */
function checkIssuer(certificate: Subject, stack: Stack, report: StackReport): void {
    const spec = certificate.object.get("spec");
    const issuer = spec.get("issuerRef");
    const [name, kind] = [issuer.get("name").text(), issuer.get("kind").text()];
    const isAuthority = spec.get("isCA").boolean();
    if (isAuthority !== absent && isAuthority !== false) return;
    const found = stack
        .of(kind === "ClusterIssuer" ? issuerKinds[1] : issuerKinds[0])
        .filter(
            (each) =>
                nameOf(each) === name && (kind === "ClusterIssuer" || namespaceOf(each) === namespaceOf(certificate)),
        );
    if (name !== undecided && found.some(({ object }) => object.get("spec", "selfSigned").isSet)) {
        report(certificate, { path: issuer.path, problem: "is an issuer that lets the certificate sign itself" });
    }
}
