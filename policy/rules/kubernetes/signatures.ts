import { all } from "../../reading/answers";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { type LabelOf, labelsAt, selects } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import { parseImage } from "./imageReference";
import { has, isEmpty, isLike, isOn, isOneOf, not, some } from "./signatureReads";

/** Kinds that can say: no pod without signed images. */
export const signaturePolicies = [
    "policies.kyverno.io/ImageValidatingPolicy",
    "policies.kyverno.io/NamespacedImageValidatingPolicy",
    "kyverno.io/ClusterPolicy",
    "kyverno.io/Policy",
] as const;

/** One check of signatures, as it stands in a policy. */
interface SignatureCheck {
    /** Whether it refuses what is not signed, also while nobody can be asked, and makes no exception but by namespace and image. */
    readonly enforces: Read<boolean>;
    /** Whether it replaces tags by the digests that it has checked. */
    readonly pins: Read<boolean>;
    readonly covers: (namespace: string, labelOf: LabelOf) => Read<boolean>;
    readonly verifies: (repository: string) => Read<boolean>;
}

/** Whether a policy of the stack requires signatures of images in a namespace. */
export class Signatures {
    private readonly checks: readonly SignatureCheck[];
    private readonly labels: ReadonlyMap<unknown, LabelOf>;

    constructor(stack: Stack) {
        const quiet = (subject: Subject): Subject => ({ ...subject, object: subject.object.quietly });
        this.checks = stack.of(...signaturePolicies).flatMap((subject) => checksOf(quiet(subject)));
        this.labels = new Map(
            stack
                .of("core/Namespace")
                .map(quiet)
                .map((subject) => [nameOf(subject), labelsAt(subject.object.get("metadata", "labels"))]),
        );
    }

    /** Whether pods of the namespace start only with this image signed. */
    require(image: string, namespace: string): Read<boolean> {
        return some(this.checks.map((check) => this.applies(check, image, namespace)));
    }

    /** The same, and the pods then have the digest that was checked. */
    pin(image: string, namespace: string): Read<boolean> {
        return some(this.checks.map((check) => all([check.pins, this.applies(check, image, namespace)])));
    }

    private applies(check: SignatureCheck, image: string, namespace: string): Read<boolean> {
        const stated = this.labels.get(namespace);
        // The API server gives every namespace this label.
        const labelOf: LabelOf = (key) =>
            key === "kubernetes.io/metadata.name" ? namespace : (stated?.(key) ?? absent);
        const { repository } = parseImage(image);
        return all([check.enforces, check.covers(namespace, labelOf), check.verifies(repository)]);
    }
}

function checksOf(subject: Subject): readonly SignatureCheck[] {
    const spec = subject.object.get("spec");
    const isNamespaced = ["NamespacedImageValidatingPolicy", "Policy"].includes(subject.kind.kind);
    const own = isNamespaced ? namespaceOf(subject) : absent;
    const isHome = (namespace: string) => (own === undecided ? undecided : own === absent || own === namespace);
    const checks = groupAndKind(subject.kind).startsWith("kyverno.io/") ? rulesOf(spec) : [imageCheck(spec)];
    return checks.map((check) => ({
        ...check,
        covers: (namespace, labelOf) => all([isHome(namespace), check.covers(namespace, labelOf)]),
    }));
}

/**
 * Kyverno's ImageValidatingPolicy. Its definition states no default for the action and the failure policy, so that both must be said; what it
 * decides by an expression is not counted, because only the API server can evaluate it.
 *
 * @see https://kyverno.io/docs/policy-types/image-validating-policy/
 */
function imageCheck(spec: Value): SignatureCheck {
    const [constraints, settings] = [spec.get("matchConstraints"), spec.get("validationConfigurations")];
    const expressions = spec.get("validations").items();
    const checksSignatures = (text: string) => /\bverify(?:Image|Attestation)Signatures\(/.test(text);
    return {
        enforces: all([
            has(spec.get("validationActions"), (action) => action === "Deny"),
            isOneOf(spec.get("failurePolicy"), ["Fail"]),
            isOn(spec.get("evaluation", "admission", "enabled")),
            isOn(settings.get("required")),
            not(isEmpty(spec.get("attestors"))),
            some(expressions.map((each) => matchesText(each.get("expression"), checksSignatures))),
            isEmpty(spec.get("matchConditions")),
            isEmpty(constraints.get("objectSelector")),
            isEmpty(constraints.get("excludeResourceRules")),
            some(constraints.get("resourceRules").items().map(meetsPods)),
        ]),
        pins: isOn(settings.get("mutateDigest")),
        covers: (_, labelOf) => selectsNamespace(constraints.get("namespaceSelector"), labelOf),
        verifies: (repository) =>
            some(
                spec
                    .get("matchImageReferences")
                    .items()
                    .map((each) => matchesText(each.get("glob"), (glob) => isLike(withoutTag(glob), repository))),
            ),
    };
}

/** New pods, of every name. */
function meetsPods(rule: Value): Read<boolean> {
    return all([
        has(rule.get("apiGroups"), (group) => group === "" || group === "*"),
        has(rule.get("resources"), (resource) => resource === "pods" || resource === "*" || resource === "*/*"),
        has(rule.get("operations"), (operation) => operation === "CREATE" || operation === "*"),
        isEmpty(rule.get("resourceNames")),
        isOneOf(rule.get("scope"), ["Namespaced", "*"], true),
    ]);
}

/** Rules `verifyImages` of Kyverno's older policies. @see https://kyverno.io/docs/policy-types/cluster-policy/verify-images/ */
function rulesOf(spec: Value): readonly SignatureCheck[] {
    const hook = spec.get("webhookConfiguration");
    // Where both stand, Kyverno takes the hook's (`Spec.GetFailurePolicy`).
    const failure = hook.get("failurePolicy").isSet ? hook.get("failurePolicy") : spec.get("failurePolicy");
    const always: readonly Read<boolean>[] = [
        isOneOf(failure, ["Fail"], true),
        isOn(spec.get("admission")),
        isEmpty(hook.get("matchConditions")),
        isEmpty(spec.get("validationFailureActionOverrides")),
    ];
    return spec
        .get("rules")
        .items()
        .flatMap((rule) => {
            const conditions: readonly Read<boolean>[] = ["exclude", "preconditions", "celPreconditions"].map((key) =>
                isEmpty(rule.get(key)),
            );
            return rule
                .get("verifyImages")
                .items()
                .map((verify) => ({
                    enforces: all([...always, ...conditions, ...demands(verify, spec)]),
                    pins: isOn(verify.get("mutateDigest")),
                    covers: (namespace: string, labelOf: LabelOf) => matches(rule.get("match"), namespace, labelOf),
                    verifies: (repository: string) =>
                        has(verify.get("imageReferences"), (pattern) => isLike(withoutTag(pattern), repository)),
                }));
        });
}

function demands(verify: Value, spec: Value): readonly Read<boolean>[] {
    const action = verify.get("failureAction");
    const enforced = isOneOf(action.isSet ? action : spec.get("validationFailureAction"), ["Enforce", "enforce"]);
    return [
        enforced,
        isOn(verify.get("required")),
        not(isEmpty(verify.get("attestors"))),
        isEmpty(verify.get("skipImageReferences")),
    ];
}

function matches(match: Value, namespace: string, labelOf: LabelOf): Read<boolean> {
    const block = (each: Value) => matchesBlock(each, namespace, labelOf);
    if (match.get("any").isSet) return some(match.get("any").items().map(block));
    if (match.get("all").isSet) return all(match.get("all").items().map(block));
    return match.isSet ? block(match) : false;
}

/** What else a block may ask (names, labels, users) makes it meet some pods only. */
function matchesBlock(block: Value, namespace: string, labelOf: LabelOf): Read<boolean> {
    const wanted = block.get("resources");
    const known = ["kinds", "namespaces", "namespaceSelector", "operations"];
    const [names, operations] = [wanted.get("namespaces"), wanted.get("operations")];
    const isHere: Read<boolean> = names.isSet ? has(names, (pattern) => isLike(pattern, namespace)) : true;
    const isNew: Read<boolean> = operations.isSet ? has(operations, (operation) => operation === "CREATE") : true;
    const isBare =
        block.keys().every((key) => key === "resources") && wanted.keys().every((key) => known.includes(key));
    return all([
        isBare,
        has(wanted.get("kinds"), (kind) => /^(?:Pod|v1\/Pod|\*\/Pod|\*)$/.test(kind)),
        isHere,
        isNew,
        selectsNamespace(wanted.get("namespaceSelector"), labelOf),
    ]);
}

function selectsNamespace(selector: Value, labelOf: LabelOf): Read<boolean> {
    return selector.isSet ? selects(selector, labelOf) : true;
}

function matchesText(value: Value, is: (text: string) => boolean): Read<boolean> {
    const text = value.text();
    return text === undecided ? undecided : text !== absent && is(text);
}

/** A pattern may end in a tag, which pins nothing: what counts is whose image it is. `*:*` and `app:*` are `*` and `app`. */
function withoutTag(pattern: string): string {
    return pattern.replace(/:\*$/, "");
}
