import { z } from "zod";
import { publishers } from "../foundation/imageSources";
import type { SupplyChain } from "../foundation/supplyChain";
import { distinct, ipRange } from "./fields";

const shared = {
    repository: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9][a-z0-9._-]*)+$/, {
            error: "must be a registry and a path, without a tag",
        })
        .optional()
        .meta({
            description: "repository that holds the signatures of all images; without it each stands beside its image",
            examples: ["registry.example.com/signatures"],
        }),
    enforcement: z
        .enum(["audit", "deny"])
        .optional()
        .meta({
            description: "deny to refuse pods whose images are not signed; without it deny in production, else audit",
            examples: ["audit"],
        }),
};

/** A PEM text has its base64 in lines of any length. */
const pem = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=]+\r?\n)+-----END PUBLIC KEY-----\r?\n?$/;

const signatures = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: z.literal("key").meta({ description: "signed with a key of one's own", examples: ["key"] }),
            publicKey: z
                .string()
                .regex(pem, { error: "must be the PEM text of a public key (cosign.pub), from BEGIN to END" })
                .meta({
                    description: "public half of the key",
                    examples: ["-----BEGIN PUBLIC KEY-----\nMFkw...\n-----END PUBLIC KEY-----\n"],
                }),
            transparencyLog: z
                .boolean()
                .default(true)
                .meta({ description: "true where every signature also stands in Sigstore's public log" }),
            ...shared,
        }),
        z.strictObject({
            kind: z.literal("keyless").meta({ description: "signed by somebody who logged in", examples: ["keyless"] }),
            issuer: z.url({ protocol: /^https$/ }).meta({
                description: "issuer of the token that the signer logged in with",
                examples: ["https://token.actions.githubusercontent.com"],
            }),
            subject: z
                .string()
                .min(3)
                .regex(/^[^*\s]+$/, { error: "must be one signer, exactly" })
                .meta({ description: "the signer as that issuer names it", examples: ["release@example.com"] }),
            ...shared,
        }),
    ])
    .optional()
    .meta({ description: "whose signature every image of the platform must have; without it none is asked for" });

const sandbox = z
    .strictObject({
        handler: z
            .string()
            .regex(/^(runsc|kata(-[a-z0-9]+)*)$/, {
                error: "must be runsc (gVisor), kata or one of Kata's own such as kata-qemu",
            })
            .meta({ description: "name of the runtime in the containerd of those nodes", examples: ["runsc"] }),
        nodes: z
            .record(z.string(), z.string())
            .refine((labels) => Object.keys(labels).length > 0, { error: "must name at least one label" })
            .meta({ description: "labels of the nodes that have it", examples: [{ sandbox: "gvisor" }] }),
    })
    .optional()
    .meta({ description: "nodes on which agents get a kernel of their own; without it the cluster has none" });

const mirrors = z
    .record(
        z.string(),
        z.string().regex(/^([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:[0-9]+)?(\/[a-z0-9][a-z0-9._-]*)*$/, {
            error: "must be a registry, with a path where there is one, and no slash at its end",
        }),
    )
    .superRefine((given, context) => {
        for (const registry of Object.keys(given).filter((each) => !publishers.some((known) => known === each))) {
            const message = `is no registry that the platform has images from, which are: ${publishers.join(", ")}`;
            context.addIssue({ code: "custom", path: [registry], message, input: registry });
        }
    })
    .default({})
    .meta({
        description:
            "registries that stand for those of the platform's images, path included; what is not listed comes from its publisher",
        examples: [{ "docker.io": "registry.example.com/docker-hub", "quay.io": "registry.example.com/quay" }],
    });

/** What a stack says of what it lets run, and of how it watches it. */
export const supplyChainSchema = z
    .strictObject({
        signatures,
        mirrors,
        registries: distinct(ipRange())
            .default([])
            .meta({
                description:
                    "ranges in which registries and databases of vulnerabilities answer, beside the network's own",
                examples: [["203.0.113.0/24"]],
            }),
        scanning: z.boolean().optional().meta({
            description: "true to look for vulnerabilities in what runs; without it in production and staging",
        }),
        runtimeDetection: z.boolean().optional().meta({
            description: "true to watch what containers do on their nodes; without it in production",
        }),
        prePull: z.boolean().default(false).meta({
            description: "true to have nodes of inference fetch its large image before a pod needs it",
        }),
        sandbox,
    })
    .prefault({})
    .meta({ description: "what may run, and who watches it" });

/** What an environment does where its stacks say nothing. */
export interface Guards extends Pick<SupplyChain, "scanning" | "runtimeDetection"> {
    readonly enforcement: NonNullable<SupplyChain["signatures"]>["enforcement"];
}

export function resolveSupplyChain(given: z.output<typeof supplyChainSchema>, guards: Guards): SupplyChain {
    const { signatures: trust, registries, sandbox: runtime } = given;
    return {
        signatures: trust && { ...trust, enforcement: trust.enforcement ?? guards.enforcement },
        mirrors: given.mirrors,
        registries,
        scanning: given.scanning ?? guards.scanning,
        runtimeDetection: given.runtimeDetection ?? guards.runtimeDetection,
        prePull: given.prePull,
        sandbox: runtime,
    };
}
