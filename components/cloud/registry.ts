import type { CloudKind, LoadCloud } from "./contract";

/** Every cloud, each loaded only when a stack uses it, so that a stack never pays for another cloud's SDK. */
export const clouds: Readonly<Record<CloudKind, LoadCloud>> = {
    existing: (settings) => {
        const { loadExisting }: typeof import("./existing") = require("./existing");
        return loadExisting(settings);
    },
};
