import { z } from "zod";
import type { Copies } from "../foundation/copies";
import type { ServiceBackups } from "../foundation/dataBackups";
import type { EdgeSizes } from "../foundation/edge";
import { holders } from "../foundation/holdings";
import { dataClasses, type Ownership } from "../foundation/labels";
import { type MeshMode, meshModes } from "../foundation/mesh";
import { type Fault, httpServices } from "../foundation/serviceLimits";
import type { SupplyChain } from "../foundation/supplyChain";
import { type Sizes, type WorkloadName, workloadNames } from "../foundation/workloads";
import type { CertificateSettings } from "./certificates";
import { type Data, data } from "./data";
import { edge } from "./edge";
import { bytes, count, cpu, distinct, dnsLabel, labelValue } from "./fields";
import { ownImage, registry } from "./ownImage";
import { serviceBackups } from "./serviceBackups";
import { replicas, sizeChange, storage } from "./sizeChanges";
import { environments } from "./sizing";
import { supplyChainSchema } from "./supplyChain";

const ownership = z
    .strictObject({
        owner: labelValue().meta({ description: "team that answers for the stack", examples: ["platform-team"] }),
        costCentre: labelValue().meta({ description: "who pays for the stack", examples: ["cc-1001"] }),
        dataClass: z
            .enum(dataClasses)
            .default("internal")
            .meta({ description: "how the stack's data is treated", examples: ["internal"] }),
    })
    .meta({ description: "labels that say whose the stack is" });

/** Only tars-backend shares its work among pods; every other workload is one pod. */
const sizes = z
    .strictObject({
        "tars-backend": z.strictObject({ replicas, ...sizeChange }).optional(),
        postgres: z.strictObject({ ...sizeChange, storage }).optional(),
        redis: z.strictObject(sizeChange).optional(),
        chromadb: z.strictObject({ ...sizeChange, storage }).optional(),
        ollama: z.strictObject({ ...sizeChange, storage }).optional(),
    } satisfies Record<WorkloadName, z.ZodType>)
    .default({})
    .meta({ description: "changes to the environment's sizes, by workload" });

const quota = z
    .strictObject({
        requests: z.strictObject({
            cpu: cpu().meta({ description: "cores that all pods may request", examples: ["20"] }),
            memory: bytes().meta({ description: "memory that all pods may request", examples: ["64Gi"] }),
        }),
    })
    .optional()
    .meta({ description: "quota of the namespace; without it exactly what every workload at its maximum needs" });

const generation = (of: string) =>
    count(1, 1_000_000)
        .default(1)
        .meta({ description: `generation of ${of}; raise it to make a new one`, examples: [2] });

const secrets = z
    .strictObject({
        jwtGeneration: generation("the key that signs tokens"),
        databaseGeneration: generation("the database password"),
        cacheGeneration: generation("the cache password"),
        certificateGeneration: generation("the platform's own certificate authority"),
        countersGeneration: generation("the password of the edge's counters"),
        sessionGeneration: generation("the key of people's sessions at dashboards"),
        vectorsGeneration: generation("the keys of the vector store"),
        registryGeneration: generation("the passwords of the schema registry"),
        kafkaGeneration: generation("the passwords of users of a Kafka that the cloud runs"),
        elasticsearchGeneration: generation("the passwords of Elasticsearch's users"),
        kibanaGeneration: generation("the keys of Kibana's sessions and of what it keeps encrypted"),
        clickhouseGeneration: generation("the passwords of ClickHouse"),
        objectsGeneration: generation("the keys of the object store's users"),
    })
    .prefault({})
    .meta({ description: "generated secrets" });

const admission = z
    .strictObject({
        enforcement: z
            .enum(["audit", "deny"])
            .default("audit")
            .meta({
                description: "audit to be warned of objects that break a rule, deny to have the API server refuse them",
                examples: ["deny"],
            }),
        registries: distinct(registry())
            .min(1)
            .optional()
            .meta({
                description: "registries that the stack's own images may come from; without it whichever it names",
                examples: [["registry.example.com/tars"]],
            }),
    })
    .prefault({})
    .meta({ description: "the policies by which the API server judges what comes into the platform's namespaces" });

const callers = z
    .array(
        z.strictObject({
            namespace: dnsLabel().meta({ description: "namespace of the calling pods", examples: ["team-app"] }),
            serviceAccount: dnsLabel().meta({ description: "service account that they run under", examples: ["api"] }),
            calls: distinct(z.enum(workloadNames))
                .min(1)
                .meta({ description: "services that they may call", examples: [["ollama"]] }),
        }),
    )
    .default([])
    .meta({ description: "pods of other teams that may call services of the platform from within the cluster" });

const folder = z
    .string()
    .regex(/^(\.{0,2}\/)?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/, { error: "must be the path of a folder" });

const charts = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: z.literal("upstream").meta({ description: "from their makers", examples: ["upstream"] }),
        }),
        z.strictObject({
            kind: z.literal("directory").meta({ description: "from a folder", examples: ["directory"] }),
            path: folder.meta({
                description:
                    "folder with <name>-<version>.tgz for each chart and <name>-<version>.yaml for definitions",
                examples: ["./mirror"],
            }),
        }),
        z.strictObject({
            kind: z.literal("oci").meta({ description: "charts from a registry", examples: ["oci"] }),
            prefix: z
                .templateLiteral(["oci://", z.string().regex(/^[a-z0-9.:-]+(\/[a-z0-9._-]+)*$/)], {
                    error: "must be oci://, a registry and a path without a slash at its end",
                })
                .meta({
                    description: "what the charts' names are put behind",
                    examples: ["oci://registry.example.com/charts"],
                }),
            definitions: folder.meta({
                description: "folder with <name>-<version>.yaml for the definitions, which no registry of charts holds",
                examples: ["./mirror"],
            }),
        }),
    ])
    .prefault({ kind: "upstream" })
    .meta({ description: "where charts and definitions come from" });

const faultyCalls = {
    service: z.enum(httpServices).meta({ description: "service that is called", examples: ["ollama"] }),
    percent: count(1, 100).meta({ description: "share of the calls", examples: [10] }),
};

const fault = z.discriminatedUnion("kind", [
    z.strictObject({
        kind: z.literal("delay").meta({ description: "calls that wait before they go out", examples: ["delay"] }),
        ...faultyCalls,
        seconds: count(1, 600).meta({ description: "how long a call waits", examples: [5] }),
    }),
    z.strictObject({
        kind: z.literal("abort").meta({ description: "calls that fail without going out", examples: ["abort"] }),
        ...faultyCalls,
        status: count(400, 599).meta({ description: "HTTP status that the caller gets", examples: [503] }),
    }),
]);

const mesh = z
    .strictObject({
        mode: z
            .enum(meshModes)
            .optional()
            .meta({
                description:
                    "ambient for a proxy on each node, sidecar for one in each pod; without it what is documented for the cloud's network",
                examples: ["ambient"],
            }),
        faults: z
            .array(fault)
            .refine((list) => new Set(list.map(({ service }) => service)).size === list.length, {
                error: "must not name a service twice",
            })
            .default([])
            .meta({
                description: "faults that are put into calls on purpose, to see what callers make of them",
                examples: [[{ kind: "delay", service: "ollama", percent: 10, seconds: 5 }]],
            }),
    })
    .prefault({})
    .meta({ description: "the service mesh" });

const clusterBackup = z
    .strictObject({
        everyHours: z
            .literal([1, 2, 3, 4, 6, 8, 12, 24], { error: "must be a part of a day: 1, 2, 3, 4, 6, 8, 12 or 24" })
            .default(6)
            .meta({ description: "hours between two backups, and so the most that is lost (RPO)", examples: [12] }),
        keepDays: count(1, 3650)
            .default(35)
            .meta({ description: "days that a backup is kept", examples: [35] }),
    })
    .prefault({})
    .meta({ description: "backups of the cluster's objects and volumes, where the cloud has a store for them" });

const clientId = z.string().regex(/^[A-Za-z0-9_.-]+$/, { error: "must be a client id without spaces or commas" });

const tarsRag = z
    .strictObject({
        image: ownImage({ repository: "tars-backend", tag: "0.3.0-alpha", example: "0.4.0" }),
        targetCpuPercent: count(1, 100)
            .default(70)
            .meta({ description: "share of the requested cpu at which another pod is added", examples: [70] }),
        redisEnabled: z.boolean().default(true).meta({ description: "true to cache answers in Redis" }),
        redisCacheTtlSeconds: count(1, 31_536_000)
            .default(3600)
            .meta({ description: "seconds that an answer stays cached", examples: [3600] }),
        rateLimitPerMinute: count(1, 1_000_000)
            .default(30)
            .meta({ description: "requests that one client may make in a minute", examples: [60] }),
        enableHttps: z.boolean().default(true).meta({ description: "true to refuse plain HTTP" }),
        useAdvancedReranking: z.boolean().default(true).meta({ description: "true to rerank with a cross-encoder" }),
        prometheusEnabled: z.boolean().default(true).meta({ description: "true to serve metrics" }),
        baseUrl: z
            .url({ protocol: /^https?$/ })
            .optional()
            .meta({
                description: "URL that clients use; without it https:// and the edge's host",
                examples: ["https://tars.local"],
            }),
        adminClientIds: distinct(clientId)
            .min(1)
            .default(["admin_001", "admin_002", "admin_003"])
            .meta({ description: "clients that may call admin routes; kept in a Secret", examples: [["admin_001"]] }),
    })
    .prefault({})
    .meta({ description: "the T.A.R.S. question-answering backend" });

const migrate = distinct(z.enum(holders))
    .default([])
    .meta({
        description:
            "services whose data was brought to safety, and which this update may therefore change so that it loses them (docs/data.md)",
        examples: [["chromadb"]],
    });

/** What every stack file says under the project's name, beside its cloud and that cloud's section. */
export const commonSchema = z.object({
    environment: z.enum(environments).meta({ description: "the row of the sizing table", examples: ["dev"] }),
    ownership,
    edge,
    secrets,
    tarsRag,
    admission,
    callers,
    charts,
    mesh,
    data,
    supplyChain: supplyChainSchema,
    clusterBackup,
    serviceBackups,
    sizes,
    quota,
    migrate,
});

/** Stack settings as they are written, defaults filled in. */
export type StackSettings = z.output<typeof commonSchema>;
export type SizeChanges = z.output<typeof sizes>;

/** Everything that a stack decides, checked as a whole: the only thing the program knows about its stack. */
export interface Settings
    extends Omit<StackSettings, "ownership" | "edge" | "sizes" | "mesh" | "data" | "supplyChain" | "serviceBackups"> {
    readonly ownership: Ownership;
    readonly mesh: { readonly mode: MeshMode; readonly faults: readonly Fault[] };
    /** With who issues the certificate, whether the file says it or not. */
    readonly edge: Omit<StackSettings["edge"], "certificates"> & { readonly certificates: CertificateSettings };
    /** With the environment's word where the stack has none. */
    readonly data: Data;
    /** With ours where the stack has none. */
    readonly serviceBackups: ServiceBackups;
    /** The environment's sizes with the stack's changes applied. */
    readonly sizes: Sizes;
    readonly copies: Copies;
    readonly edgeSizes: EdgeSizes;
    /** With the environment's word where the stack has none. */
    readonly supplyChain: SupplyChain;
}
