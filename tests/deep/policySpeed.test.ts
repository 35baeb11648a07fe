/** @jest-environment ./tests/conformance/environment.ts */
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { compliantDeployment } from "../../policy/samples";
import { plugins } from "../conformance/plugins";
import { Scene } from "../conformance/scene";
import { removeTemporaryFolders } from "../conformance/temporary";
import { sharedCluster } from "../support/cluster";

jest.setTimeout(20 * 60_000);

const pack = path.resolve(__dirname, "..", "..", "policy");
const count = 1000;
afterAll(removeTemporaryFolders);

/** What a preview may take longer with the pack than without, as the issue of the pack has it. */
const mostShare = 0.15;

test(`the pack adds less than ${100 * mostShare} % to the preview of ${count} resources`, async () => {
    const cluster = sharedCluster();
    const [own] = plugins(cluster.host);
    if (!own) throw new Error("the simulator has no kubernetes plugin");
    const scene = new Scene(`policy-speed-${process.pid}`, own, cluster);
    try {
        await scene.addNamespace();
        scene.write((provider) => {
            for (let index = 0; index < count; index++) workload(`app-${index}`, provider);
        });
        const spent = { without: empty(), with: empty() };
        await scene.preview([pack]); // compiles and caches what the first run of all does
        for (let round = 0; round < 3; round++) {
            spent.without.push(await seconds(() => scene.preview()));
            spent.with.push(await seconds(() => scene.preview([pack])));
        }
        const share = Math.min(...spent.with) / Math.min(...spent.without) - 1;
        process.stderr.write(
            `preview of ${count} resources: ${JSON.stringify(spent)} s, ${(100 * share).toFixed(1)} % more\n`,
        );
        expect(share).toBeLessThan(mostShare);
    } finally {
        await scene.close();
    }
});

async function seconds(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return Math.round(performance.now() - start) / 1000;
}

/** A Deployment as the platform writes them, of 2 kB. */
function workload(name: string, provider: k8s.Provider): void {
    const { inputs } = compliantDeployment("sample");
    const { spec }: { spec: k8s.types.input.apps.v1.DeploymentSpec } = JSON.parse(JSON.stringify(inputs));
    const labels = { app: name };
    const template = { ...spec.template, metadata: { labels } };
    new k8s.apps.v1.Deployment(
        name,
        { metadata: { name, labels }, spec: { ...spec, selector: { matchLabels: labels }, template } },
        { provider },
    );
}

function empty(): number[] {
    return [];
}
