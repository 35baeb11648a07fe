/** Does `work` for all of them, `atOnce` at a time; the results are in the order of `all`. */
export async function inTurns<T, R>(
    all: readonly T[],
    atOnce: number,
    work: (each: T) => Promise<R>,
): Promise<readonly R[]> {
    const results: R[] = [];
    const queue = [...all.entries()];
    const worker = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            results[next[0]] = await work(next[1]);
        }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return results;
}
