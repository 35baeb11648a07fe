import { confirmAccount } from "../../components/cloud/aws/account";
import { awsGraph, key } from "./awsGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named } = awsGraph(graph));
});

describe("the account", () => {
    test("must be the caller's: the provider of everything takes its account from what AWS says of the caller", () => {
        const provider = graph.all.find(({ type, name }) => type === "pulumi:providers:aws" && name === "aws");
        expect(provider?.inputs).toMatchObject({ region: "eu-central-1", allowedAccountIds: '["123456789012"]' });
        const others = graph.all.filter(({ type }) => type.startsWith("aws:"));
        expect(others.length).toBeGreaterThan(140);
        expect(others.filter(({ provider: used }) => used !== provider?.urn)).toEqual([]);
    });

    test("of somebody else is refused, with both named", () => {
        expect(confirmAccount("123456789012", "123456789012")).toBe("123456789012");
        expect(() => confirmAccount("210987654321", "123456789012")).toThrow(
            "aws.account: is 123456789012, but AWS says that the caller belongs to 210987654321",
        );
    });

    test("finds the owner's tags on everything that can carry some", () => {
        const without =
            /:(Route|RouteTableAssociation|RolePolicy|RolePolicyAttachment|Alias|LifecyclePolicy|Tag|Bucket[A-Z]\w+|EventTarget|QueuePolicy)$/;
        const taggable = graph.all.filter(({ type }) => /^(aws|eks):/.test(type) && !without.test(type));
        const owned = {
            owner: "platform-team",
            environment: "production",
            "data-class": "confidential",
            "cost-centre": "cc-1001",
        };
        for (const { inputs } of taggable) expect(inputs.tags).toMatchObject(owned);
    });
});

describe("rights", () => {
    const policies = () =>
        [...of("RolePolicy"), ...of("Key")].map(({ name, inputs }) => [name, JSON.parse(inputs.policy)] as const);
    const texts = (value: string | readonly string[]) => [value].flat();

    test("are single actions, never all of a service's", () => {
        expect(policies().length).toBeGreaterThan(5);
        for (const [, { Statement }] of policies()) {
            for (const { Action } of Statement)
                for (const action of texts(Action)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
        }
    });

    test("name what they are about, unless no such call knows a resource", () => {
        const wide = policies().flatMap(([name, { Statement }]) =>
            name === "keys-key"
                ? []
                : Statement.flatMap((one: { Resource: string[]; Action: string[] }) =>
                      texts(one.Resource).includes("*") ? texts(one.Action) : [],
                  ),
        );
        const known =
            /^(ec2|autoscaling|eks|pricing):(Describe|Get)|^ecr:GetAuthorizationToken$|^autoscaling:(SetDesiredCapacity|TerminateInstanceInAutoScalingGroup)$|^iam:GetInstanceProfile$/;
        expect(wide.filter((action) => !known.test(action))).toEqual([]);
    });

    test("of the team's pods are what the stack file says: to read the data bucket, and to pull images", () => {
        const { Statement } = JSON.parse(named("RolePolicy", "team-app-policy").inputs.policy);
        const bucket = "arn:aws:s3:::tars-production-123456789012-eu-central-1-data";
        expect(
            Statement.map(({ Action, Resource }: { Action: string[]; Resource: string[] }) => [Action, Resource]),
        ).toEqual([
            [["s3:GetBucketLocation", "s3:ListBucket"], [bucket]],
            [["s3:GetObject"], [`${bucket}/*`]],
            [["kms:Decrypt"], [key]],
            [["ecr:GetAuthorizationToken"], ["*"]],
            [
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                ["[arn of registry-tars-backend]"],
            ],
        ]);
        expect(named("PodIdentityAssociation", "team-app-association").inputs).toMatchObject({
            namespace: "team-app",
            serviceAccount: "api-watcher",
            roleArn: "[arn of team-app-role]",
        });
    });

    test("are taken through Pod Identity by volumes, addresses, autoscalers and those that the stack file names, and by nobody else", () => {
        const accounts = of("PodIdentityAssociation").map(
            ({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}`,
        );
        expect(accounts.sort()).toEqual([
            "backup/velero",
            "cluster-autoscaler/cluster-autoscaler",
            "external-secrets/external-secrets",
            "kube-system/aws-node",
            "kube-system/ebs-csi-controller-sa",
            "kube-system/karpenter",
            "team-app/api-watcher",
        ]);
    });
});
