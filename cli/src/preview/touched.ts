/** A stack that a pull request touches, and the label of the runner that reaches its cluster and its state. */
export interface PlannedPreview {
    readonly stack: string;
    readonly runner: string;
}

export interface PreviewPlan {
    readonly previews: readonly PlannedPreview[];
    /** Why a touched stack is not previewed. */
    readonly notes: readonly string[];
}

/** What every stack is made of: the program, its packages and how it is started, and the pack that judges it. */
const shared = [
    /^index\.ts$/,
    /^components\//,
    /^policy\//,
    /^runtime\//,
    /^package(-lock)?\.json$/,
    /^Pulumi\.yaml$/,
    /^tsconfig\.pulumi\.json$/,
    // How a preview is made: a change of it shows in its own pull request.
    /^\.ci\/preview$/,
];

/** Stacks that changed files can change, of those that there are. Documents change none. */
export function touchedStacks(files: readonly string[], stacks: readonly string[]): readonly string[] {
    const program = files.filter((file) => !file.endsWith(".md"));
    const all = program.some((file) => shared.some((pattern) => pattern.test(file)));
    return stacks.filter((stack) => all || own(stack).some((file) => program.includes(file))).sort();
}

/** Files that only one stack is made of. */
function own(stack: string): readonly string[] {
    return [`Pulumi.${stack}.yaml`, `images.${stack}.lock.json`];
}

/** Stacks by their files in the project's folder. */
export function stacksAmong(files: readonly string[]): readonly string[] {
    return files.flatMap((file) => /^Pulumi\.([\w.-]+)\.ya?ml$/.exec(file)?.[1] ?? []).sort();
}

/**
 * @param runners JSON, stack to runner label: the repository variable TARS_PREVIEW_RUNNERS
 * @throws Error when it is something else: a preview that nobody misses is worse than a red job
 */
export function planPreviews(touched: readonly string[], runners: string): PreviewPlan {
    const labels = readRunners(runners);
    const rows = touched.map((stack) => ({ stack, runner: labels.get(stack) }));
    return {
        previews: rows.flatMap(({ stack, runner }) => (runner === undefined ? [] : [{ stack, runner }])),
        notes: rows.flatMap(({ stack, runner }) =>
            runner === undefined
                ? [`${stack}: no preview, the repository variable TARS_PREVIEW_RUNNERS names no runner for it`]
                : [],
        ),
    };
}

function readRunners(text: string): ReadonlyMap<string, string> {
    if (text.trim() === "") return new Map();
    const problem = `TARS_PREVIEW_RUNNERS must be JSON, stack to runner label, such as {"dev":"tars-dev"}`;
    const entries = Object.entries(Object(parsed(text, problem)));
    return new Map(
        entries.map(([stack, label]) => {
            if (typeof label !== "string" || label === "") throw new Error(`${problem}: ${stack} has no label`);
            return [stack, label];
        }),
    );
}

function parsed(text: string, problem: string): unknown {
    try {
        const value: unknown = JSON.parse(text);
        if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    } catch (error) {
        throw new Error(`${problem}: ${error instanceof Error ? error.message : String(error)}`);
    }
    throw new Error(problem);
}
