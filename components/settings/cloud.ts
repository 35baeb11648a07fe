import type { z } from "zod";
import type { Issues } from "../foundation/issues";
import type { ManagedKafkaForm } from "../foundation/kafkaNames";
import type { Load } from "../foundation/loads";
import type { MeshMode } from "../foundation/mesh";
import type { NodePoolPlan } from "../foundation/pools";
import type { Settings } from "./schema";

export type MeshModes = readonly [MeshMode, ...MeshMode[]];

/** What a cloud says of itself: everything that is particular to it, from the section of the stack file to the platform's ground. */
export interface CloudDefinition<Section, Ground> {
    /** Key of the cloud's own section in a stack file. */
    readonly section: string;
    readonly schema: z.ZodType<Section>;
    /** Modes of the mesh that its makers or the cloud's document for the cloud's network, the default first. */
    readonly meshModes: MeshModes;
    /** Whether it has a store for backups, outside of the cluster. */
    readonly hasBackupStore: boolean;
    /** What `data.kafka.kind: managed` is there. @default "managed" - brokers */
    readonly managedKafka?: ManagedKafkaForm;
    /** The pools of nodes that the section asks for. */
    readonly pools: (section: Section) => readonly NodePoolPlan[];
    /** Pods of the platform that only this cloud needs. @default none */
    readonly loads?: (settings: Settings, section: Section) => readonly Load[];
    /** Adds what cannot be true of the section beside the rest of the stack. */
    readonly check?: (section: Section, settings: Settings, issues: Issues) => void;
    /** Registers the cloud's resources. Loads the cloud's SDK, so that a stack never pays for another cloud's. */
    readonly load: (section: Section, settings: Settings) => Ground;
}

/** A cloud as the settings see it: they know that it has a section, and nothing of what is in it. */
export interface Cloud<Ground> {
    readonly section: string;
    readonly schema: z.ZodType;
    readonly meshModes: MeshModes;
    readonly hasBackupStore: boolean;
    readonly managedKafka: ManagedKafkaForm;
    /** @param section what the stack file says, as the schema left it */
    readonly read: (section: unknown) => CloudSection<Ground>;
}

/** One stack's section of its cloud. */
export interface CloudSection<Ground> {
    readonly pools: readonly NodePoolPlan[];
    readonly loads: (settings: Settings) => readonly Load[];
    readonly check: (settings: Settings, issues: Issues) => void;
    readonly load: (settings: Settings) => Ground;
}

export type Clouds<Ground> = Readonly<Record<string, Cloud<Ground>>>;

export function defineCloud<Section, Ground>(definition: CloudDefinition<Section, Ground>): Cloud<Ground> {
    const {
        section,
        schema,
        meshModes,
        hasBackupStore,
        managedKafka = "managed",
        pools,
        loads,
        check,
        load,
    } = definition;
    return {
        section,
        schema,
        meshModes,
        hasBackupStore,
        managedKafka,
        read: (found) => {
            const parsed = schema.parse(found);
            return {
                pools: pools(parsed),
                loads: (settings) => loads?.(settings, parsed) ?? [],
                check: (settings, issues) => check?.(parsed, settings, issues),
                load: (settings) => load(parsed, settings),
            };
        },
    };
}
