/**
 * Amounts of cpu, memory and storage as Kubernetes writes them, with exact arithmetic.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ for the grammar
 */

/** Processor time in cores: `500m` is half a core, `2` is two cores. */
export type Cpu = `${number}` | `${number}m`;

/** Bytes with a binary suffix, the form that this project writes: `512Mi`, `4Gi`. */
export type Bytes = `${number}${"Ki" | "Mi" | "Gi" | "Ti"}`;

/** What a pod asks for or may use at most. */
export interface Amounts {
    readonly cpu: string;
    readonly memory: string;
}

/** What pods can have of a node. */
export interface NodeAmounts extends Amounts {
    /** Disk for scratch files, logs and images (`ephemeral-storage`). */
    readonly storage: string;
}

const nano = 1_000_000_000n;

/** Factor of each suffix in billionths, the finest step that the grammar can express. */
const factors: Readonly<Record<string, bigint>> = {
    n: 1n,
    u: 1_000n,
    m: 1_000_000n,
    "": nano,
    k: nano * 10n ** 3n,
    M: nano * 10n ** 6n,
    G: nano * 10n ** 9n,
    T: nano * 10n ** 12n,
    P: nano * 10n ** 15n,
    E: nano * 10n ** 18n,
    Ki: nano * 2n ** 10n,
    Mi: nano * 2n ** 20n,
    Gi: nano * 2n ** 30n,
    Ti: nano * 2n ** 40n,
    Pi: nano * 2n ** 50n,
    Ei: nano * 2n ** 60n,
};

const grammar =
    /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d{1,2})|(?<suffix>[numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * Billionths of one unit (core or byte), rounded away from zero as Kubernetes rounds; undefined when `text` is no quantity.
 */
export function nanosOf(text: string): bigint | undefined {
    const { sign, whole = "", fraction = "", exponent, suffix = "" } = grammar.exec(text)?.groups ?? {};
    const factor = exponent === undefined ? factors[suffix] : nano;
    if (whole + fraction === "" || factor === undefined) return undefined;
    const power = Number(exponent ?? 0) - fraction.length;
    const digits = BigInt(whole + fraction) * factor;
    const nanos = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
    return sign === "-" ? -nanos : nanos;
}

/** Thousandths of a core. @throws RangeError when `text` is no quantity. */
export function millicores(text: string): number {
    return Number(divideUp(required(text), nano / 1_000n));
}

/** Whole bytes. @throws RangeError when `text` is no quantity. */
export function bytes(text: string): number {
    return Number(divideUp(required(text), nano));
}

/** `1500` becomes `1500m`, `2000` becomes `2`. */
export function formatMillicores(millis: number): Cpu {
    return millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`;
}

/** The largest binary suffix that leaves a whole number: `2147483648` becomes `2Gi`. Rounds up to a whole `Ki`. */
export function formatBytes(count: number): Bytes {
    const kibi = Math.ceil(count / 1024);
    if (kibi === 0 || kibi % 1024 !== 0) return `${kibi}Ki`;
    const mebi = kibi / 1024;
    if (mebi % 1024 !== 0) return `${mebi}Mi`;
    const gibi = mebi / 1024;
    return gibi % 1024 === 0 ? `${gibi / 1024}Ti` : `${gibi}Gi`;
}

function required(text: string): bigint {
    const nanos = nanosOf(text);
    if (nanos === undefined) throw new RangeError(`"${text}" is not a Kubernetes quantity such as 500m, 2 or 4Gi`);
    return nanos;
}

function divideUp(value: bigint, by: bigint): bigint {
    return (value + by - 1n) / by;
}
