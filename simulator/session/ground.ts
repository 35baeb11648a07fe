import type { Toolchain } from "../engine/toolchain";
import { Fault } from "../fault";
import { cloudCluster } from "../machines/clusters";
import { readIfThere, writePrivateFile } from "../system/files";
import { answeringCluster, type RunningCluster, startCluster } from "./cluster";
import { clusterFiles } from "./clusterFiles";
import type { StatePaths } from "./paths";

/** What a session's stack stands on, and what becomes of it when the session ends. */
export interface SessionGround {
    /** Whether it was there before the session. */
    readonly wasThere: boolean;
    /** The cluster, as it is now. @throws Fault when the stack has none */
    cluster(): Promise<RunningCluster>;
    /** Lets the cluster outlive the session. */
    keep(): void;
}

interface GroundOptions {
    readonly cloud: string;
    readonly paths: StatePaths;
    readonly toolchain: Toolchain;
    readonly token: string;
    readonly signal: AbortSignal;
    readonly progress: (detail: string) => void;
}

/** A stack on an existing cluster finds one here; that of a cloud makes its own, and finds it again when it made one before. */
export function prepareGround(options: GroundOptions): Promise<SessionGround> {
    return options.cloud === "existing" ? embeddedCluster(options) : cloudGround(options);
}

async function embeddedCluster({ paths, toolchain, signal, progress }: GroundOptions): Promise<SessionGround> {
    const cluster = await startCluster({
        host: toolchain.host,
        paths,
        signal,
        progress: (name, state) => progress(`${name} ${state}`),
    });
    return { wasThere: !cluster.begunHere, cluster: () => Promise.resolve(cluster), keep: () => cluster.keep() };
}

async function cloudGround(options: GroundOptions): Promise<SessionGround> {
    const { paths } = options;
    const files = clusterFiles(paths);
    const resumed = readIfThere(files.name) === undefined ? undefined : await resumeCluster(options);
    return {
        wasThere: resumed?.begunHere === false,
        cluster: async () => {
            const running = await answeringCluster(paths);
            if (running !== undefined) return running;
            throw new Fault(
                "the stack has no cluster in its simulated cloud",
                "let its program make one; npx tars status says what runs",
            );
        },
        keep: () => {
            resumed?.keep();
            if (readIfThere(files.name) !== undefined) writePrivateFile(files.kept, "");
        },
    };
}

/** The cluster that an earlier run made: the state knows its address and authority, so it comes back with them. */
function resumeCluster({ paths, toolchain, token, signal, progress }: GroundOptions): ReturnType<typeof startCluster> {
    return startCluster({
        host: toolchain.host,
        paths,
        spec: cloudCluster,
        login: { token },
        signal,
        progress: (name, state) => progress(`${name} ${state}`),
    });
}
