import { startSharedCluster } from "./cluster";

declare global {
    // the only way to hand something from jest's global set-up to its tear-down
    var stopSharedCluster: (() => Promise<void>) | undefined;
}

export default async function startCluster(): Promise<void> {
    globalThis.stopSharedCluster = await startSharedCluster();
}
