import { captureGraph } from "../../cli/src/graph";
import { imagesOf } from "../../cli/src/images/lock";

const digest = `sha256:${"5".repeat(64)}`;

/** A lock that has every image; without one, the golden graph says that nothing changes. */
jest.mock("../../components/settings/imageLock", () => ({
    ...jest.requireActual("../../components/settings/imageLock"),
    readImageDigests: () => ({ get: () => digest }),
}));

test.each(["dev", "prod-aws", "prod-azure"])(
    "with a lock, every pod of %s bears the digest of its image beside its tag",
    async (stack) => {
        const graph = await captureGraph(stack);
        const charts = graph.filter(({ type }) => type.startsWith("kubernetes:helm.sh/"));
        const objects = graph.filter((each) => each.type.startsWith("kubernetes:") && !charts.includes(each));
        const text = JSON.stringify([...objects, ...charts]);
        // Of a chart's `imageName` the tag is beside it.
        const whole = [...JSON.stringify(objects).matchAll(/"image(?:Name)?":"([^"]+)"/g)];
        const named = [...whole, ...JSON.stringify(charts).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image);
        const ofCharts = imagesOf(charts);
        expect(named.length + ofCharts.length).toBeGreaterThanOrEqual(imagesOf(graph).length);
        expect(named.filter((image) => !image?.match(/^[^@]+:[^:@/]+@sha256:5{64}$/))).toEqual([]);
        const tags = [...text.matchAll(/"repository":"[^"]+","tag":"([^"]+)"/g)].map(([, tag]) => tag);
        expect(tags.filter((tag) => !tag?.endsWith(`@${digest}`))).toEqual([]);
    },
);
