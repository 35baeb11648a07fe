import { readGraph } from "./graph";

/** What people have set for their own clusters and engines; the SDK would fill a provider's arguments from it. */
const user = {
    KUBECONFIG: "/home/me/.kube/config",
    PULUMI_K8S_DELETE_UNREACHABLE: "true",
    PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
};

test("a graph holds nothing of the environment of whoever captures it, and leaves that as it was", async () => {
    const before = { ...process.env };
    Object.assign(process.env, user);
    try {
        const { all } = await readGraph("dev");
        const arguments_ = all.filter(({ type }) => type === "pulumi:providers:kubernetes").map(({ inputs }) => inputs);
        expect(arguments_).toHaveLength(2);
        for (const inputs of arguments_) {
            expect(inputs).toHaveProperty("kubeconfig", "");
            expect(inputs).not.toHaveProperty("deleteUnreachable");
            expect(inputs).not.toHaveProperty("upsertExistingObjects");
        }
        expect(JSON.stringify(all)).not.toContain(user.KUBECONFIG);
        expect(process.env).toMatchObject(user);
    } finally {
        process.env = before;
    }
});
