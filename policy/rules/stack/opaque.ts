import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import { keyOf } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { ResourceRule, SettingSchema, Settings } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { entriesOf } from "../listSetting";

/** Kinds whose doing no policy can see, each with what it is. */
const opaqueKinds: Readonly<Record<string, string>> = {
    "helm.sh/Release": "is a Helm release, one resource to every policy",
};

const allowed: SettingSchema = {
    type: "array",
    description: "Resources that may be opaque, or bring a local file; without it, none",
    items: {
        type: "object",
        properties: {
            resource: {
                type: "string",
                pattern: "^[^:]+:[^:]*:[^:]+::.+$",
                description: "<type>::<name> of one resource",
            },
            reason: { type: "string", minLength: 10 },
        },
        required: ["resource", "reason"],
    },
};

/** Marks of an asset in the engine (`asset.FileAsset` and `asset.FileArchive` of the SDK), and on the wire (sdk/nodejs/runtime/rpc.ts). */
const assetMarks = ["__pulumiAsset", "__pulumiArchive"] as const;
const wireMark = "4dabf18193072939515e22adb298388d";
const wireAssets: ReadonlySet<unknown> = new Set([
    "c44067f5952c0a294b673a41bacd8c17",
    "0def7320c3a5731c473e5ecbe6d01bc7",
]);

const local = "is a file of whoever runs the update";
const code = { __pulumiAsset: true, path: "./handler.js" } as const;

export const opaque: ResourceRule = {
    id: "STK-05",
    title: "Everything that a stack makes can be seen by the policies",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC8.1"], iso27001: ["8.19"] }),
    why: "A release, a command or code of the program makes what no rule has judged, and a local file is another one on every machine.",
    fix: "use a Chart, whose objects are judged one by one, or list the resource under allowed in the pack configuration",
    link: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/choosing-the-right-helm-resource-for-your-use-case/",
    samples: {
        passing: [
            sampleOf(kubernetesResource("helm.sh/v4", "Chart", { chart: "cert-manager" })),
            sampleOf(
                cloudResource("aws:s3/bucketObject:BucketObject", { source: { __pulumiAsset: true, text: "inline" } }),
            ),
            sampleOf(cloudResource("aws:s3/bucketObject:BucketObject", { path: "folder/file" })),
        ],
        failing: [
            {
                sample: sampleOf(kubernetesResource("helm.sh/v3", "Release", { chart: "cert-manager" })),
                problem: "is a Helm release, one resource to every policy",
            },
            { sample: sampleOf(cloudResource("command:local:Command", { create: "true" })), problem: "runs a command" },
            { sample: sampleOf(cloudResource("command:remote:CopyToRemote", {})), problem: "runs a command" },
            {
                sample: sampleOf(cloudResource("pulumi-nodejs:dynamic:Resource", {})),
                problem: "is made by code of the program",
            },
            {
                sample: sampleOf(cloudResource("pulumi-nodejs:dynamic/app:Thing", {})),
                problem: "is made by code of the program",
            },
            { sample: sampleOf(cloudResource("aws:lambda/function:Function", { code })), problem: local },
            {
                sample: sampleOf(
                    cloudResource("aws:lambda/function:Function", {
                        layers: [{ [wireMark]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "./layer" }],
                    }),
                ),
                problem: local,
            },
        ],
    },
    settings: { allowed },
    check: (subject, report, { settings }) => {
        if (isAllowed(subject, settings)) return;
        const problem = whyOpaque(subject);
        if (problem !== undefined) report({ path: "", problem });
        for (const path of localFiles(subject.object.quietly, deepest))
            report({ path, problem: local, fix: "give its text, or an address of the artifact store" });
    },
};

function whyOpaque({ kind }: Subject): string | undefined {
    if (kind.provider === "command") return "runs a command";
    if (/^pulumi-(nodejs|python)$/.test(kind.provider)) return "is made by code of the program";
    return opaqueKinds[keyOf(kind)];
}

function isAllowed({ resource }: Subject, settings: Settings): boolean {
    const own = `${resource.type}::${resource.name}`;
    return entriesOf(settings.allowed).some((each) => each.get("resource").text() === own);
}

/** Assets stand near the top of what takes them; the bound only stops inputs made to exhaust the stack. */
const deepest = 20;

/** Where inputs hold an asset or archive with a path. */
function localFiles(value: Value, depth: number): readonly string[] {
    if (depth === 0) return [];
    if (value.isList) return value.items().flatMap((item) => localFiles(item, depth - 1));
    const keys = value.keys();
    const isAsset = assetMarks.some((mark) => keys.includes(mark)) || wireAssets.has(value.get(wireMark).text());
    if (isAsset)
        return keys.includes("path")
            ? [value.path]
            : keys.includes("assets")
              ? localFiles(value.get("assets"), depth - 1)
              : [];
    return keys.flatMap((key) => localFiles(value.get(key), depth - 1));
}
