import type { Report } from "../engine/report";
import { Progress } from "../engine/report";

/** Times the steps of a run and reports each while it lasts. */
export class Stopwatch {
    readonly #durations: Record<string, number> = {};

    constructor(private readonly report: Report) {}

    /** Milliseconds a step took, by its name, in the order they were done. */
    get durations(): Readonly<Record<string, number>> {
        return this.#durations;
    }

    /**
     * Runs one step; `update` says how far it is.
     *
     * @param options.quiet the step reports for itself
     */
    async time<T>(
        step: string,
        work: (update: (detail: string) => void) => Promise<T>,
        options: { readonly quiet?: boolean; readonly done?: (result: T) => string } = {},
    ): Promise<T> {
        const began = Date.now();
        const progress = new Progress(step, options.quiet === true ? () => undefined : this.report);
        try {
            const result = await work((detail) => progress.update(detail));
            progress.end("done", options.done?.(result));
            return result;
        } catch (error) {
            progress.end("failed");
            throw error;
        } finally {
            this.#durations[step] = Date.now() - began;
        }
    }
}
