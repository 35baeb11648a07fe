/** Share of the brokers' volumes that topics may fill: what is being moved, and what Kafka keeps for itself, is in the rest. */
const fill = 0.8;

interface Volumes {
    readonly brokers: number;
    /** Brokers that each partition is on. */
    readonly copies: number;
    /** Of each broker's volume. */
    readonly bytes: number;
}

/** GiB that topics take at their largest, in all their copies, and what there is for them. */
export function copiesGi(mostGi: readonly number[], { brokers, copies, bytes }: Volumes) {
    const needed = mostGi.reduce((sum, most) => sum + most, 0) * copies;
    return { needed, room: Math.floor((brokers * bytes * fill) / 2 ** 30) };
}
