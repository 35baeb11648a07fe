import { childEnvironment, withoutForeign } from "../../simulator/session/environment";
import { statePaths } from "../../simulator/session/paths";

const foreign = {
    PULUMI_ACCESS_TOKEN: "canary",
    PULUMI_STACK: "prod",
    AWS_SECRET_ACCESS_KEY: "canary",
    ARM_CLIENT_SECRET: "canary",
    AZURE_CLIENT_SECRET: "canary",
    GOOGLE_APPLICATION_CREDENTIALS: "canary",
    KUBECONFIG: "canary",
    KUBERNETES_SERVICE_HOST: "canary",
    TARS_SIMULATOR_TOKEN: "canary",
};

test("nothing of the user's clouds, clusters and backends reaches a child; the rest does", () => {
    expect(withoutForeign({ ...foreign, HOME: "/home/me", HTTPS_PROXY: "http://proxy", EMPTY: undefined })).toEqual({
        HOME: "/home/me",
        HTTPS_PROXY: "http://proxy",
    });
});

test("a child gets the run's own home, backend, passphrase, cluster, stack and token", () => {
    const before = { ...process.env };
    Object.assign(process.env, foreign);
    try {
        const paths = statePaths("dev", "/state");
        const env = childEnvironment(paths, "dev", "token", {
            PATH: "/plugins",
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        });
        expect(Object.values(env)).not.toContain("canary");
        expect(env).toMatchObject({
            PULUMI_HOME: "/state/dev/pulumi-home",
            PULUMI_BACKEND_URL: "file:///state/dev/backend",
            PULUMI_CONFIG_PASSPHRASE_FILE: "/state/dev/passphrase",
            PULUMI_STACK: "dev",
            PULUMI_RUN_PROGRAM: "true",
            GOGC: "400",
            KUBECONFIG: "/state/dev/kubeconfig",
            TARS_SIMULATOR_TOKEN: "token",
            TARS_SIMULATOR_STATE: "/state/dev",
            TARS_SIMULATOR_CLOUD: "/state/dev/clouds",
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
            PATH: `/plugins:${process.env.PATH}`,
        });
        expect(process.env).toMatchObject(foreign);
    } finally {
        process.env = before;
    }
});
