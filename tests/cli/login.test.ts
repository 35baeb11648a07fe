import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { login } from "../../simulator/clouds/login";
import { clusterFiles } from "../../simulator/session/clusterFiles";
import { statePaths } from "../../simulator/session/paths";
import { writePrivateFile } from "../../simulator/system/files";
import { projectRoot, scratchFolder } from "./support";

const scratch = scratchFolder();

const run = { TARS_SIMULATOR_TOKEN: "the run's token" };
const asks = (version: string) => ({ ...run, KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion: version }) });
const v1 = "client.authentication.k8s.io/v1";

test.each([
    ["aws", "eks get-token --cluster-name c --region eu-central-1 --role-arn arn:aws:iam::1:role/r --output json"],
    ["aws", "eks get-token --cluster-name=c"],
    ["aws", "--region eu-central-1 eks get-token --cluster-name c"],
    ["aws", "--output json --region=eu-central-1 eks --role-arn arn:aws:iam::1:role/r get-token --cluster-name c"],
    ["kubelogin", "get-token --login azurecli --server-id 6dae42f8-4368-4678-94ff-3960e28e3630 --tenant-id t"],
    ["kubelogin", "get-token -l workloadidentity --server-id s --client-id c -e AzurePublicCloud"],
])("%s %s gives the run's token in the version that is asked for", (program, line) => {
    for (const version of [v1, `${v1}beta1`]) {
        const { code, out = "" } = login(program, line.split(" "), asks(version));
        const credential = JSON.parse(out);
        expect(code).toBe(0);
        expect(credential).toMatchObject({
            kind: "ExecCredential",
            apiVersion: version,
            status: { token: run.TARS_SIMULATOR_TOKEN },
        });
        const left = Date.parse(credential.status.expirationTimestamp) - Date.now();
        expect(left).toBeGreaterThan(10 * 60_000);
        expect(left).toBeLessThan(15 * 60_000);
    }
});

test.each([
    ["aws", "s3 ls", 'it has no command "s3 ls"'],
    ["aws", "eks get-token more --cluster-name c", 'it has no command "eks get-token more"'],
    ["aws", "", "it has no command"],
    ["aws", "eks get-token", "--cluster-name is missing"],
    ["aws", "eks get-token --cluster-name", "--cluster-name needs a value"],
    ["aws", "eks get-token --cluster-name c --profile mine", "it has no option --profile"],
    ["aws", "--profile mine eks get-token --cluster-name c", "it has no option --profile"],
    ["aws", "--output text eks get-token --cluster-name c", "--output can only be json"],
    ["aws", "--region eks get-token --cluster-name c", 'it has no command "get-token"'],
    ["aws", "eks get-token --cluster-name c --output yaml", "--output can only be json"],
    ["kubelogin", "convert-kubeconfig", "it has no command"],
    ["kubelogin", "get-token --login azurecli", "--server-id is missing"],
])("%s %s is refused: %s", (program, line, says) => {
    const args = line === "" ? [] : line.split(" ");
    const { code, out, error } = login(program, args, run);
    expect({ code, out }).toEqual({ code: 1, out: undefined });
    expect(error).toContain(`this is the tars-platform simulator's ${program}: ${says}`);
});

test("without a run there is nobody to log in to", () => {
    expect(login("aws", ["eks", "get-token", "--cluster-name", "c"], {})).toMatchObject({
        code: 1,
        error: expect.stringContaining("TARS_SIMULATOR_TOKEN is not set"),
    });
});

test("a cluster that the run does not have is refused, and so is any while it has none", () => {
    const paths = statePaths("run", scratch.path);
    const env = { ...run, TARS_SIMULATOR_STATE: paths.directory };
    const ask = (name: string) => login("aws", ["eks", "get-token", "--cluster-name", name], env);
    expect(ask("tars")).toMatchObject({ code: 1, error: expect.stringContaining("the run has no cluster tars\n") });
    writePrivateFile(clusterFiles(paths).name, "tars");
    expect(ask("tars")).toMatchObject({ code: 0 });
    expect(ask("other")).toMatchObject({ code: 1, error: expect.stringContaining("no cluster other, only tars") });
});

test("a version without KUBERNETES_EXEC_INFO is what the clouds' programs give, and each tells its own", () => {
    const { out = "" } = login("aws", ["eks", "get-token", "--cluster-name", "c"], run);
    expect(JSON.parse(out).apiVersion).toBe(`${v1}beta1`);
    const main = path.join(projectRoot, "simulator", "clouds", "main.js");
    for (const program of ["aws", "kubelogin"]) {
        expect(execFileSync(process.execPath, [main, program, "--version"], { encoding: "utf8" })).toContain(
            "simulated",
        );
    }
});
