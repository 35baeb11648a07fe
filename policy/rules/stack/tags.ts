import { controls } from "../../controls";
import { Value } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import { type Kind, keyOf } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { ResourceRule, SettingSchema, Settings } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import taggable from "./taggable.json";

/** The tags that say what a resource is for and who answers for it (components/foundation/labels.ts); how each is written is NS-07's. */
const platformTags = ["cost-centre", "data-class", "environment", "owner", "part-of"] as const;

const required: SettingSchema = {
    type: "array",
    description: `Names of the tags; without it, ${platformTags.join(", ")}`,
    items: { type: "string", minLength: 1 },
};

const tags = {
    "cost-centre": "cc",
    "data-class": "internal",
    environment: "dev",
    owner: "team",
    "part-of": "tars",
} as const;
const { owner: _owner, ...fewer } = tags;
const bucket = (inputs: Readonly<Record<string, unknown>>) => cloudResource("aws:s3/bucket:Bucket", inputs);
const byProvider = (values: unknown) => ({
    type: "pulumi:providers:aws",
    name: "aws",
    inputs: { defaultTags: JSON.stringify({ tags: values }) },
});

export const tagged: ResourceRule = {
    id: "STK-02",
    title: "Whatever can bear tags says whose it is and what it is for",
    severity: "medium",
    // Not repaired: a rule that sees one resource cannot know who owns it, and a tag that is made up is worse than none.
    level: "mandatory",
    scope: "resource",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC2.1"], iso27001: ["5.9", "5.13"] }),
    why: "A resource that nobody owns is the one that stays after its stack, costs every month and is never patched.",
    fix: "give the tags of the platform's labels, cloudTags of the stack, to the resource or to its provider's defaultTags",
    link: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
    samples: {
        passing: [
            sampleOf(bucket({ tags })),
            sampleOf({ ...bucket({}), provider: byProvider(tags) }),
            sampleOf(cloudResource("azure-native:storage:StorageAccount", { tags: { ...tags, extra: "1" } })),
            sampleOf(cloudResource("aws:s3/bucketPolicy:BucketPolicy", {})),
            sampleOf(cloudResource("azure-native:network:Subnet", {})),
        ],
        failing: [
            { sample: sampleOf(bucket({})), problem: "lacks cost-centre, data-class, environment, owner, part-of" },
            { sample: sampleOf(bucket({ tags: fewer })), problem: "lacks owner" },
            { sample: sampleOf(bucket({ tags: { ...tags, owner: "" } })), problem: "lacks owner" },
            { sample: sampleOf({ ...bucket({ tags: {} }), provider: byProvider(fewer) }), problem: "lacks owner" },
            {
                sample: sampleOf(cloudResource("azure-native:storage:StorageAccount", { tags: fewer })),
                problem: "lacks owner",
            },
        ],
    },
    settings: { required },
    check: (subject, report, { settings }) => {
        if (!isTaggable(subject.kind)) return;
        const own = subject.object.get("tags");
        if (own.isSet && own.mapping() !== true) return;
        const missing = namesIn(settings).filter((name) => !isGiven(own, name) && !isGiven(defaultsOf(subject), name));
        if (missing.length > 0) report({ path: own.path, problem: `lacks ${missing.join(", ")}` });
    },
};

/** By provider and group, the kinds whose inputs take `tags` as a mapping of texts. Made from the SDKs: tests/policy/taggable.test.ts. */
const kinds: ReadonlySet<string> = new Set(
    Object.entries(taggable).flatMap(([provider, groups]) =>
        Object.entries(groups).flatMap(([group, names]) => names.map((name: string) => `${provider}:${group}/${name}`)),
    ),
);

/** Whether a resource of this kind can bear tags. */
export function isTaggable(kind: Kind): boolean {
    return kinds.has(keyOf(kind));
}

function namesIn(settings: Settings): readonly string[] {
    const stated = Value.unheard(settings).get("required");
    return stated.isSet ? stated.texts() : platformTags;
}

/** What the value is may be unknown yet. */
function isGiven(tags: Value, name: string): boolean {
    const value = tags.get(name);
    return value.isSet && value.quietly.text() !== "";
}

/** Tags that the provider puts on everything it makes; provider inputs are JSON text on the wire. */
function defaultsOf({ resource }: Subject): Value {
    return Value.unheard(resource.provider?.inputs).get("defaultTags").json().get("tags");
}
