import { CloudScene } from "./cloudScene";
import { eksProgram } from "./eksProgram";

/** Through the real engine: a cluster and its nodes in the simulated AWS account; what they ask of the simulator is written down. */

let scene: CloudScene;

jest.setTimeout(300_000);
beforeAll(async () => {
    scene = await CloudScene.open("aws");
    scene.program(eksProgram);
}, 1_200_000);
afterAll(() => scene.close());
const clusters = () => JSON.parse(scene.read("cloud/clusters.json"));
const set = (key: string, value: string) => scene.pulumi("config", "set", key, value);

test("the cluster is started, its nodes have the machine's shape, the second preview is empty, and all is gone after", async () => {
    await scene.pulumi("preview");
    await scene.up();
    const made = await scene.outputs();
    expect(made).toMatchObject({ endpoint: "https://127.0.0.1:1", vpc: expect.stringMatching(/^vpc-0/) });
    expect(made.issuer).toMatch(/^https:\/\/oidc\.eks\.eu-north-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
    expect(JSON.parse(String(made.kubeconfig)).users[0].user.exec).toMatchObject({ command: "aws" });
    expect(clusters()).toEqual({
        tars: {
            access: true,
            pools: {
                gpu: {
                    name: "gpu",
                    machineType: "p5.48xlarge",
                    region: "eu-north-1",
                    zones: ["eu-north-1a", "eu-north-1b", "eu-north-1c"],
                    capacity: { cpu: "192", memory: "1939865Mi", storage: "100Gi", pods: 250 },
                    allocatable: { cpu: "191450m", memory: "1938410Mi", storage: expect.stringMatching(/^89Gi$/) },
                    devices: { "nvidia.com/gpu": 16 },
                    nodes: { min: 0, max: 2, desired: 1 },
                    labels: {
                        "node-type": "gpu",
                        "eks.amazonaws.com/nodegroup": "gpu",
                        "eks.amazonaws.com/capacityType": "SPOT",
                    },
                    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
                },
            },
        },
    });
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test("more nodes and a larger disk are changes in place; another machine is another group", async () => {
    await set("most", "5");
    await set("disk", "200");
    const changed = await scene.up();
    expect(changed).toMatch(/NodeGroup +gpu updated/);
    expect(clusters().tars.pools.gpu).toMatchObject({ nodes: { max: 5 }, capacity: { storage: "200Gi" } });
    await set("machine", "g5.2xlarge");
    expect(await scene.pulumi("preview", "--diff")).toMatch(/aws:eks\/nodeGroup:NodeGroup: \(replace\)/);
    await set("machine", "g5.9000xlarge");
    expect(await scene.refused(scene.pulumi("preview"))).toContain('"g5.9000xlarge" is no machine');
    await set("machine", "p5.48xlarge");
});

test("what somebody needs, and what is protected, is not deleted", async () => {
    await set("protected", "true");
    await scene.up();
    expect(await scene.refused(scene.destroy())).toContain("protected against deletion");
    await set("protected", "false");
    await scene.up();
    await scene.destroy();
    expect(clusters()).toEqual({});
    expect(JSON.parse(scene.read("cloud/aws.json")).resources).toEqual([]);
});

test("nodes without their rights, and a call that a test lets fail, end the run; the next one goes on from there", async () => {
    await set("hasty", "true");
    scene.write(
        "cloud/faults.json",
        JSON.stringify([
            {
                type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                name: "nodes-AmazonEKSWorkerNodePolicy",
                operation: "create",
                delayMs: 10_000,
            },
        ]),
    );
    expect(await scene.refused(scene.up())).toMatch(/has no policy .* yet/);
    await set("hasty", "false");
    scene.write(
        "cloud/faults.json",
        JSON.stringify([
            { type: "aws:ec2/subnet:Subnet", call: 2, message: "out of subnets" },
            { type: "aws:eks/nodeGroup:NodeGroup", operation: "create", call: 1, message: "no capacity" },
        ]),
    );
    expect(await scene.refused(scene.up())).toContain("no capacity");
    scene.write("cloud/faults.json", "[]");
    await scene.up();
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.destroy();
});

test("options of the component that it does not know are refused, all at once", async () => {
    await scene.pulumi("config", "set", "--path", "options.fargate", "true");
    await scene.pulumi("config", "set", "--path", "options.createOidcProvider", "true");
    const said = await scene.refused(scene.pulumi("preview"));
    expect(said).toContain("fargate is not simulated; createOidcProvider must be false");
    await scene.pulumi("config", "rm", "options");
});
