import { controls } from "../../controls";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { containersOf, everyPodTemplate, podTemplatesOf } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { Settings, StackReport, StackRule } from "../../rule";
import { entriesOf, listSetting, someText } from "../listSetting";
import { parseImage } from "./imageReference";
import { Signatures, signaturePolicies } from "./signatures";
import { byDigest, byTag, underClusterPolicy, underImagePolicy } from "./signatures.samples";

const kinds = [everyPodTemplate, "core/Namespace", ...signaturePolicies] as const;
const link = "https://kyverno.io/docs/policy-types/image-validating-policy/";

export const pinnedImages: StackRule = {
    id: "IMG-01",
    title: "Images are pinned by digest",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...kinds],
    controls: controls({ soc2: ["CC8.1", "CC6.8"], iso27001: ["5.21", "8.19"], cisKubernetes: ["5.5.1"] }),
    why: "A tag can be moved after the review to another program; a digest is the program.",
    fix: "name the digest, or let a policy of the namespace that requires signatures replace tags by the digests it has checked",
    link,
    samples: {
        passing: [underImagePolicy(), byDigest, underClusterPolicy()],
        failing: [
            { sample: byTag, problem: "has a tag that nothing turns into a digest" },
            {
                sample: underImagePolicy({ validationConfigurations: { mutateDigest: false } }),
                problem: "has a tag that nothing turns into a digest",
            },
            {
                sample: underClusterPolicy({ verify: { mutateDigest: false } }),
                problem: "has a tag that nothing turns into a digest",
            },
            {
                sample: underImagePolicy({ validationActions: ["Audit"] }),
                problem: "has a tag that nothing turns into a digest",
            },
        ],
    },
    check: (stack, report) => {
        const signatures = new Signatures(stack);
        for (const image of imagesOf(stack)) {
            const { tag, digest } = parseImage(image.reference);
            // No tag, or one that says nothing, is IMG-02's business.
            if (digest !== undefined || tag === undefined || tag === "latest") continue;
            const pinned = signatures.pin(image.reference, image.namespace);
            reportUnless(pinned, image, "has a tag that nothing turns into a digest", report);
        }
    },
};

/** What cannot wait for the admission of its own pods. */
const own = [
    {
        namespace: "kyverno",
        reason: "the pods that check signatures cannot wait for themselves; their images are pinned by digest",
    },
    {
        namespace: "kube-system",
        reason: "the cloud's own pods must start while the cluster has no admission controller yet",
    },
] as const;

export const signedImages: StackRule = {
    id: "IMG-04",
    title: "No namespace takes images that are not signed",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [...kinds],
    controls: controls({ soc2: ["CC6.8", "CC8.1"], iso27001: ["5.21", "8.25"], cisKubernetes: ["5.5.1"] }),
    why: "Whoever can push to a registry, or stands before it, otherwise decides what the cluster runs.",
    fix: "cover the namespace and the image by a Kyverno policy that verifies signatures, with Deny (Enforce), failurePolicy Fail and no way around it",
    link,
    settings: {
        unsigned: listSetting({
            description: "Namespaces whose pods start without a check of signatures; without it, those of the platform",
            entry: { namespace: someText },
            reason: "Why they cannot be checked",
        }),
    },
    samples: {
        passing: [
            underImagePolicy(),
            underClusterPolicy(),
            underImagePolicy({ validationConfigurations: { mutateDigest: false } }),
        ],
        failing: [
            byTag,
            byDigest,
            underImagePolicy({ validationActions: ["Warn", "Audit"] }),
            underImagePolicy({ failurePolicy: "Ignore" }),
            underImagePolicy({ evaluation: { admission: { enabled: false } } }),
            underImagePolicy({ validationConfigurations: { required: false } }),
            underImagePolicy({ attestors: [] }),
            underImagePolicy({ validations: [{ expression: "true" }] }),
            underImagePolicy({ matchConditions: [{ name: "some", expression: "true" }] }),
            underImagePolicy({ matchConstraints: { namespaceSelector: { matchLabels: { signed: "no" } } } }),
            underImagePolicy({ matchConstraints: { objectSelector: { matchLabels: { signed: "yes" } } } }),
            underImagePolicy({ matchConstraints: { excludeResourceRules: [{ resources: ["pods"] }] } }),
            underImagePolicy({
                matchConstraints: { resourceRules: [{ apiGroups: ["apps"], resources: ["deployments"] }] },
            }),
            underImagePolicy({ matchImageReferences: [{ glob: "ghcr.io/*" }] }),
            underClusterPolicy({ policy: { webhookConfiguration: { failurePolicy: "Ignore" } } }),
            // Kyverno takes the hook's word over the policy's.
            underClusterPolicy({
                policy: { failurePolicy: "Fail", webhookConfiguration: { failurePolicy: "Ignore" } },
            }),
            underClusterPolicy({ policy: { admission: false } }),
            underClusterPolicy({ rule: { exclude: { any: [{ resources: { kinds: ["Pod"] } }] } } }),
            underClusterPolicy({
                rule: { match: { any: [{ resources: { kinds: ["Pod"], namespaces: ["other"] } }] } },
            }),
            underClusterPolicy({ verify: { failureAction: "Audit" } }),
            underClusterPolicy({ verify: { required: false } }),
            underClusterPolicy({ verify: { skipImageReferences: ["registry.k8s.io/app*"] } }),
            underClusterPolicy({ verify: { imageReferences: ["ghcr.io/*"] } }),
        ].map((sample) => ({ sample, problem: "is verified by no signature policy that enforces" })),
    },
    check: (stack, report, { settings }) => {
        const signatures = new Signatures(stack);
        for (const image of imagesOf(stack)) {
            if (isUnsigned(image.namespace, settings)) continue;
            const required = signatures.require(image.reference, image.namespace);
            reportUnless(required, image, "is verified by no signature policy that enforces", report);
        }
    },
};

interface Image {
    readonly subject: Subject;
    readonly at: Value;
    readonly reference: string;
    readonly namespace: string;
}

/** Every image that pods of the stack run; one that is not known, or whose namespace is not, is noted. */
function imagesOf(stack: Stack): readonly Image[] {
    return stack.workloads.flatMap((subject) => {
        const namespace = namespaceOf(subject);
        // A file without a namespace goes wherever somebody applies it.
        const place = namespace === absent ? "" : namespace;
        return podTemplatesOf(subject)
            .flatMap((template) => containersOf(template))
            .flatMap(({ value }) => {
                const at = value.get("image");
                const reference = at.text();
                if (typeof place !== "string" || typeof reference !== "string" || reference.trim() === "") return [];
                return [{ subject, at, reference, namespace: place }];
            });
    });
}

function reportUnless(answer: Read<boolean>, { subject, at }: Image, problem: string, report: StackReport): void {
    if (answer === true) return;
    // A file is a part of something larger: the policy of its namespace may be kept elsewhere.
    const isFile = subject.resource.origin === "manifest";
    if (!isFile && answer !== undecided) report(subject, { path: at.path, problem });
    else {
        const reason = isFile ? "the policy may be kept elsewhere" : "a signature policy is not fully known";
        report(subject, { path: at.path, problem: `${problem}, unless ${reason}`, undecided: true });
    }
}

function isUnsigned(namespace: string, { unsigned = own }: Settings): boolean {
    return entriesOf(unsigned).some((each) => each.get("namespace").text() === namespace);
}
