export interface StepReport {
    /** What is being done, e.g. `build pulumi`. */
    readonly step: string;
    readonly state: "running" | "done" | "failed";
    readonly elapsedMs: number;
    /** How long the whole step is expected to take, from what is left to do; absent when that cannot be known. */
    readonly expectedMs?: number;
    /** e.g. `package 120 of 1654` */
    readonly detail?: string;
}

export type Report = (step: StepReport) => void;

/** Longest silence while something runs, in milliseconds: people begin to wonder after about as long. */
const heartbeatMs = 10_000;

/** Tell `report` of one step from its start to its end, at every `update` that says something new and at least every 10 s. */
export class Progress {
    readonly #began = Date.now();
    readonly #heartbeat = setInterval(() => this.#send("running"), heartbeatMs).unref();
    #detail: string | undefined;
    #expectedMs: number | undefined;

    constructor(
        readonly step: string,
        private readonly report: Report,
    ) {}

    update(detail: string, expectedMs?: number): void {
        this.#detail = detail;
        this.#expectedMs = expectedMs ?? this.#expectedMs;
        this.#send("running");
    }

    end(state: "done" | "failed", detail?: string): void {
        clearInterval(this.#heartbeat);
        this.#detail = detail;
        this.#send(state);
    }

    #send(state: StepReport["state"]): void {
        const expected = this.#expectedMs === undefined || state !== "running" ? {} : { expectedMs: this.#expectedMs };
        const detail = this.#detail === undefined ? {} : { detail: this.#detail };
        this.report({ step: this.step, state, elapsedMs: Date.now() - this.#began, ...expected, ...detail });
    }
}
