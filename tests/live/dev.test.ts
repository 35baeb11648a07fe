import { type LiveSetup, liveSetup } from "./prerequisites";
import { type LiveStack, liveStack } from "./stack";

// Images of several gigabytes are pulled on the first update.
jest.setTimeout(45 * 60_000);

interface Pod {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** One story on one stack, in this order, with the official CLI and plugins and real containers. */
describe("the dev stack on a real cluster", () => {
    let setup: LiveSetup;
    let stack: LiveStack;
    let destroyed = false;

    beforeAll(async () => {
        setup = await liveSetup(process.env);
        stack = await liveStack(setup);
    });
    afterAll(async () => {
        if (stack === undefined) return;
        // A test that failed half way leaves objects in a cluster that is somebody's: take them away in any case.
        if (!destroyed) await stack.pulumi("destroy", "--yes", "--skip-preview");
        await stack.remove();
    });

    const backendUid = (): string => stack.kubectl("get", "deployment", "tars-backend", "-n", "tars", "-o", uidPath);
    const uidPath = "jsonpath={.metadata.uid}";

    it("comes up with the policy pack on", async () => {
        const up = await stack.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policy");
        expect(`${up.stdout}\n${up.stderr}`).toContain("tars-backend");
        expect(up.code).toBe(0);
    });

    it("has every pod ready", () => {
        const pods: readonly Pod[] = JSON.parse(stack.kubectl("get", "pods", "-n", "tars", "-o", "json")).items;
        expect(pods.filter(({ metadata }) => metadata.name.startsWith("tars-backend-"))).toHaveLength(3);
        expect(pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    });

    it("previews no changes the second time", async () => {
        const preview = await stack.pulumi("preview", "--expect-no-changes", "--policy-pack", "policy");
        expect(preview).toMatchObject({ code: 0 });
    });

    it("finds no drift", async () => {
        const refresh = await stack.pulumi("refresh", "--preview-only", "--expect-no-changes");
        expect(refresh).toMatchObject({ code: 0 });
    });

    it("changes one value in place", async () => {
        const before = backendUid();
        stack.change({ tarsRag: { rateLimitPerMinute: 60 } });
        expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
        expect(backendUid()).toBe(before);
        expect(stack.kubectl("get", "configmaps", "-n", "tars", "-o", "json")).toContain(
            '"RATE_LIMIT_PER_MINUTE": "60"',
        );
    });

    it("destroys to nothing", async () => {
        expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
        destroyed = true;
        expect(stack.kubectl("get", "namespaces", "-o", "name").split("\n")).not.toContain("namespace/tars");
        expect(stack.kubectl("get", "persistentvolumes", "-o", "json")).not.toContain('"namespace": "tars"');
    });
});

function isReady({ status }: Pod): boolean {
    return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
