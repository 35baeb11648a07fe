import type { ApiClient } from "../session/kubernetes";
import type { StatePaths } from "../session/paths";

/** Something that happens to a stack that is up, and what must be true of it then. */
export interface Scenario {
    /** One line for people who choose. */
    readonly summary: string;
    run(place: ScenarioPlace): Promise<ScenarioOutcome>;
}

/** Where a scenario happens. */
export interface ScenarioPlace {
    readonly api: ApiClient;
    readonly paths: StatePaths;
    /** What a person ran. */
    readonly command: string;
    /** Namespaces of the stack: what is in others is the user's own. */
    readonly namespaces: ReadonlySet<string>;
    readonly signal: AbortSignal;
    /** How long things may take to be ready again, in milliseconds. @default 300 000 - what the system has to get ready */
    readonly withinMs?: number;
    /** Says how far it is. */
    readonly tell: (detail: string) => void;
}

export interface ScenarioOutcome {
    /** Whether everything was as it should be. */
    readonly ok: boolean;
    /** Figures and names, for the report. */
    readonly measured: Readonly<Record<string, unknown>>;
}
