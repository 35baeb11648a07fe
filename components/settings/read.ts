import * as pulumi from "@pulumi/pulumi";
import { Issues } from "../foundation/issues";
import type { Size, Sizes, StoredSize } from "../foundation/workloads";
import { checkArithmetic } from "./arithmetic";
import { addSchemaIssues } from "./problems";
import { type Settings, type SizeChanges, type StackSettings, stackSchema } from "./schema";
import { sizing } from "./sizing";

/** @throws pulumi.RunError naming every problem of the stack file at once, before any resource is registered. */
export function readSettings(): Settings {
    return parseSettings(
        rawSettings(pulumi.runtime.allConfig(), pulumi.getProject()),
        `Pulumi.${pulumi.getStack()}.yaml`,
    );
}

/**
 * @param raw what the stack file says under the project's name.
 * @param file its name, for the message.
 * @throws pulumi.RunError naming every problem at once.
 */
export function parseSettings(raw: unknown, file: string): Settings {
    const issues = new Issues();
    const parsed = stackSchema.safeParse(raw);
    if (!parsed.success) {
        addSchemaIssues(parsed.error.issues, raw, issues);
        throw issues.toError(file);
    }
    const settings = resolve(parsed.data);
    checkArithmetic(settings, issues);
    issues.throwIfAny(file);
    return settings;
}

/** The engine hands over one text a key: plain for a scalar, JSON for anything nested. */
export function rawSettings(config: Readonly<Record<string, string>>, project: string): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(own.map(([key, text]) => [key.slice(project.length + 1), decode(text)]));
}

/** A text that only looks like JSON stays a text: the schema then says what it should have been. */
function decode(text: string): unknown {
    if (!/^[[{]/.test(text)) return text;
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

function resolve({ ownership, sizes, ...rest }: StackSettings): Settings {
    return {
        ...rest,
        ownership: { ...ownership, environment: rest.environment },
        sizes: resolveSizes(sizing[rest.environment], sizes),
    };
}

function resolveSizes(rows: Sizes, changes: SizeChanges): Sizes {
    return {
        "tars-backend": changed(rows["tars-backend"], changes["tars-backend"]),
        postgres: changedStored(rows.postgres, changes.postgres),
        redis: changed(rows.redis, changes.redis),
        chromadb: changedStored(rows.chromadb, changes.chromadb),
        ollama: changedStored(rows.ollama, changes.ollama),
    };
}

type SizeChange = NonNullable<SizeChanges["tars-backend"]>;
type StoredSizeChange = NonNullable<SizeChanges["postgres"]>;

function changedStored(size: StoredSize, change: StoredSizeChange = {}): StoredSize {
    return { ...changed(size, change), storage: change.storage ?? size.storage };
}

function changed(size: Size, { replicas, requests, limits, scratch }: SizeChange = {}): Size {
    return {
        replicas: { min: replicas?.min ?? size.replicas.min, max: replicas?.max ?? size.replicas.max },
        surge: size.surge,
        requests: { cpu: requests?.cpu ?? size.requests.cpu, memory: requests?.memory ?? size.requests.memory },
        limits: { cpu: limits?.cpu ?? size.limits.cpu, memory: limits?.memory ?? size.limits.memory },
        scratch: scratch ?? size.scratch,
    };
}
