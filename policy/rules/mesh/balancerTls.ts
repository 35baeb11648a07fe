import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";

/**
 * Policies of AWS that offer TLS 1.3 and nothing below 1.2. Those with `Ext` bring back ciphers without forward secrecy.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const goodPolicy = /^ELBSecurityPolicy-TLS13-1-[23]-(?!.*Ext)/;

/** Without a policy AWS takes ELBSecurityPolicy-2016-08, which knows no TLS 1.3. */
export function checkListener({ object }: Subject, report: Report): void {
    const protocol = object.get("protocol").text();
    if (protocol === "HTTPS" || protocol === "TLS") checkPolicy(object.get("sslPolicy"), report);
}

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ */
export function checkService({ object }: Subject, report: Report): void {
    const annotations = object.get("metadata", "annotations");
    const prefix = "service.beta.kubernetes.io/aws-load-balancer";
    if (!annotations.get(`${prefix}-ssl-cert`).isSet) return;
    checkPolicy(annotations.get(`${prefix}-ssl-negotiation-policy`), report);
}

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
export function checkIngress({ object }: Subject, report: Report): void {
    const annotations = object.get("metadata", "annotations");
    if (!annotations.get("alb.ingress.kubernetes.io/certificate-arn").isSet) return;
    checkPolicy(annotations.get("alb.ingress.kubernetes.io/ssl-policy"), report);
}

function checkPolicy(policy: Value, report: Report): void {
    const name = policy.text();
    if (name === undecided || (name !== absent && goodPolicy.test(name))) return;
    report({ path: policy.path, problem: "is no policy that offers TLS 1.3 and nothing weak" });
}

const goodPredefined: ReadonlySet<unknown> = new Set(["AppGwSslPolicy20220101", "AppGwSslPolicy20220101S"]);

/**
 * Of the predefined policies only those of 2022 have TLS 1.3, and of one's own only CustomV2.
 *
 * @see https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
 */
export function checkApplicationGateway({ object }: Subject, report: Report): void {
    const policy = object.get("sslPolicy");
    const [type, name, minimum] = ["policyType", "policyName", "minProtocolVersion"].map((key) =>
        policy.get(key).text(),
    );
    if ([type, name, minimum].includes(undecided)) return;
    const isOwn = type === "CustomV2" && (minimum === "TLSv1_2" || minimum === "TLSv1_3");
    const isPredefined = type !== "Custom" && type !== "CustomV2" && goodPredefined.has(name);
    if (isOwn || isPredefined) return;
    report({ path: policy.path, problem: "is no policy that offers TLS 1.3 and nothing weak" });
}
