import { randomBytes } from "node:crypto";
import { sharedCluster } from "../support/cluster";
import { differences } from "./differences";
import { type Plugin, plugins } from "./plugins";
import { Scene } from "./scene";
import { removeTemporaryFolders } from "./temporary";

/** Keeps the namespaces of one run apart from those of the run before, which may still be going. */
const run = randomBytes(3).toString("hex");

/** Generous, because the whole suite shares two cores: cases assert what happens, never how fast. */
const patience = 280_000;

/** One behaviour with one expectation, which every plugin has to meet. */
export interface Case {
    readonly name: string;
    run(scene: Scene): Promise<void>;
}

/** Runs each case against each plugin, side by side in stacks and namespaces of their own. */
export function conformance(
    theme: string,
    cases: readonly Case[],
    choose: (host: string) => readonly Plugin[] = plugins,
): void {
    const cluster = sharedCluster();
    afterAll(removeTemporaryFolders);
    for (const plugin of choose(cluster.host)) {
        describe(`${theme}, ${plugin.name} plugin`, () => {
            cases.forEach((one, index) => {
                const namespace = `${theme}-${plugin.name}-${index}-${run}`;
                const scene = (): Scene => new Scene(namespace, plugin, cluster);
                test.concurrent(one.name, () => judge(one, plugin, scene()), patience);
            });
        });
    }
}

/** A difference must be listed, and a listed one must still be there. */
async function judge(one: Case, plugin: Plugin, scene: Scene): Promise<void> {
    const known = differences.find((difference) => difference.case === one.name && difference.plugin === plugin.name);
    const failure = await outcome(one, scene);
    if (known === undefined) {
        if (failure !== undefined) throw failure;
    } else if (failure === undefined) {
        throw new Error(
            `the ${plugin.name} plugin meets this expectation now: take it off the list of known differences`,
        );
    }
}

async function outcome(one: Case, scene: Scene): Promise<unknown> {
    try {
        await scene.addNamespace();
        await one.run(scene);
        return undefined;
    } catch (error) {
        return error ?? new Error("the case failed without saying why");
    } finally {
        await scene.close();
    }
}
