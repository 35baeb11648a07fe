import { ancestorsUpTo, isAlive } from "../../simulator/system/processes";

/** The reason with which an interrupted command's work is cancelled. */
export class Interrupted extends Error {
    /** True once this process was told to end. */
    static happened = false;

    constructor(why: string) {
        super(why);
        this.name = "Interrupted";
    }
}

/** How often a process looks whether the one that started it is still there, in milliseconds. */
const watchMs = 500;

/**
 * Fires on the first SIGINT, SIGTERM or SIGHUP, or when what started this process is gone (npm, or the first of two Nodes). Further signals change nothing: what
 * was begun is being stopped, which is bounded in time.
 */
export function interruptSignal(): AbortSignal {
    const controller = new AbortController();
    const interrupt = (why: string): void => {
        if (controller.signal.aborted) return;
        Interrupted.happened = true;
        process.stderr.write(`${why}: stopping what was begun ...\n`);
        controller.abort(new Interrupted(why));
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupt(signal));
    watchStarters(interrupt);
    return controller.signal;
}

/** Who is killed tells nobody: npm, its shell and a first Node are watched, for what they started would run on with nobody to see or stop it. */
function watchStarters(interrupt: (why: string) => void): void {
    const starters = process.env.npm_execpath
        ? ancestorsUpTo((command) => /\b(npm|npx|pnpm|yarn)\b/.test(command))
        : [];
    const parent = process.ppid;
    if (starters.length === 0 && !process.env.TARS_WATCH_PARENT) return;
    const gone = (): boolean => process.ppid !== parent || starters.some((pid) => !isAlive({ pid, began: "" }));
    setInterval(() => {
        if (gone()) interrupt("the process that started this one is gone");
    }, watchMs).unref();
}
