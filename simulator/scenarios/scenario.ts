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
    /** Namespaces of the stack: what is in others is the user's own. */
    readonly namespaces: ReadonlySet<string>;
    readonly signal: AbortSignal;
    /** Says how far it is. */
    readonly tell: (detail: string) => void;
}

export interface ScenarioOutcome {
    /** Whether everything was as it should be. */
    readonly ok: boolean;
    /** Figures and names, for the report. */
    readonly measured: Readonly<Record<string, unknown>>;
}
