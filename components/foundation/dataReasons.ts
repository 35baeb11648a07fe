/**
 * Annotations by which a service that keeps data says why nobody practises its restore, and why nobody backs it up. The policy pack asks each for a drill and a
 * backup, or for these (REL-10); the second it takes nowhere in production.
 */
const undrilled = "tars-platform/undrilled-because";
const notBackedUp = "tars-platform/not-backed-up-because";

interface Kept {
    /** Where the cluster is backed up to; undefined where there is no place for that. */
    readonly backupStore: object | undefined;
}

/** @param because why no drill restores it; undefined where one does */
export function dataReasons({ backupStore }: Kept, because: string | undefined): Readonly<Record<string, string>> {
    return {
        ...(because === undefined ? {} : { [undrilled]: because }),
        ...(backupStore === undefined
            ? { [notBackedUp]: "the cluster is given, and the platform knows of no store outside of it" }
            : {}),
    };
}
