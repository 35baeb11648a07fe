import { confirmAccount } from "../../components/cloud/aws/account";
import { examplesOf } from "../../components/cloud/aws/examples";
import { awsSettings } from "../../components/cloud/aws/settings";
import { awsGraph } from "./awsGraph";
import { type Graph, readGraph } from "./graph";
import { parsed, settingsOf } from "./stack";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named, only } = awsGraph(graph));
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
        expect(confirmAccount("210987654321", "210987654321", [])).toBe("210987654321");
        expect(() => confirmAccount("123456789012", "210987654321", [])).toThrow(
            "aws.account: is 210987654321, but AWS says that the caller belongs to 123456789012",
        );
    });

    test("of anybody real is no place for values of the documentation", () => {
        const { settings } = parsed(settingsOf("staging"), "Pulumi.staging.yaml");
        const examples = examplesOf(awsSettings.parse(settingsOf("staging").aws), settings);
        expect(examples.map(({ key }) => key)).toEqual([
            "aws.apiAccess.allowedCidrs",
            "aws.dnsZone",
            "tarsRag.image.registry",
            "data.vectors.api.image.registry",
            "edge.host",
            "edge.apiHost",
            "edge.authentication.issuer",
            "edge.certificates.email",
            "supplyChain.signatures.issuer",
        ]);
        expect(confirmAccount("123456789012", "123456789012", examples)).toBe("123456789012");
        expect(() => confirmAccount("210987654321", "210987654321", examples)).toThrow(
            'aws.apiAccess.allowedCidrs: is still the example "203.0.113.0/24"',
        );
    });

    test("finds the owner's tags on everything that can carry some", () => {
        const without =
            /:(Route|RouteTableAssociation|RolePolicy|RolePolicyAttachment|Alias|LifecyclePolicy|Tag|Bucket[A-Z]\w+|EventTarget|LogSubscriptionFilter|QueuePolicy)$/;
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
            // What a key's policy says is about the key.
            name.endsWith("-key")
                ? []
                : Statement.flatMap((one: { Resource: string[]; Action: string[] }) =>
                      texts(one.Resource).includes("*") ? texts(one.Action) : [],
                  ),
        );
        const known =
            /^(ec2|autoscaling|eks|elasticloadbalancing|pricing):(Describe|Get)|^ecr:GetAuthorizationToken$|^autoscaling:(SetDesiredCapacity|TerminateInstanceInAutoScalingGroup)$|^iam:GetInstanceProfile$/;
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
            [["kms:Decrypt"], ["arn:aws:kms:eu-central-1:123456789012:key/*"]],
            [["ecr:GetAuthorizationToken"], ["*"]],
            [
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                ["arn:aws:ecr:eu-central-1:123456789012:repository/tars-production/tars-backend"],
            ],
        ]);
        expect(Statement[2].Condition).toEqual({
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/tars-production" },
        });
        expect(named("Alias", "keys-alias").inputs.name).toBe("alias/tars-production");
        expect(named("PodIdentityAssociation", "team-app-association").inputs).toMatchObject({
            namespace: "team-app",
            serviceAccount: "api-watcher",
            roleArn: "[arn of team-app-role]",
        });
    });

    test("are known before anything is made: no policy waits for the name of what it is about", () => {
        const documents = [
            ...of("RolePolicy"),
            ...of("Policy"),
            ...of("Key"),
            ...of("BucketPolicy"),
            ...of("QueuePolicy"),
        ];
        for (const { inputs } of documents) expect(inputs.policy).not.toMatch(/\[[a-zA-Z]+( of [^\]]*)?\]/);
        const arns = policies().flatMap(([, { Statement }]) =>
            Statement.flatMap((one: { Resource: string }) => texts(one.Resource)),
        );
        const named = arns.flatMap(
            (arn) =>
                /^arn:aws:(?:sqs|ecr|s3|iam|logs):.*?([^:]+?)(?::?[/:]?\*)?$/.exec(
                    arn.replace(/(-backups)\/[\w-]+\/\*$/, "$1"),
                )?.[1] ?? [],
        );
        const made = graph.all
            .flatMap(({ inputs }) => [inputs.name, inputs.bucket])
            .filter((name) => typeof name === "string");
        const ofAws = /^log-group|^role\/aws-service-role\//;
        for (const name of named.filter((one) => !ofAws.test(one))) {
            expect([...made, "secret"]).toContain(name.replace(/^(role|repository)\//, ""));
        }
    });

    test("of pods are one service account's of this cluster, and stay within a boundary", () => {
        for (const { name, inputs } of of("PodIdentityAssociation")) {
            const role = named("Role", name.replace(/-association$/, "-role"));
            const [statement] = JSON.parse(role.inputs.assumeRolePolicy).Statement;
            expect(statement.Condition.StringEquals).toEqual({
                "aws:RequestTag/eks-cluster-name": "tars-production",
                "aws:RequestTag/kubernetes-namespace": inputs.namespace,
                "aws:RequestTag/kubernetes-service-account": inputs.serviceAccount,
            });
            expect(role.inputs.permissionsBoundary).toBe("[arn of aws-workloads]");
        }
        const others = of("Role").filter(({ inputs }) => inputs.permissionsBoundary === undefined);
        for (const { inputs } of others) expect(inputs.assumeRolePolicy).not.toContain("pods.eks");
    });

    test("within the boundary hold all that roles of pods are given, and neither rights nor keys nor settings", () => {
        const { Statement } = JSON.parse(only("Policy").inputs.policy);
        const limits: RegExp[] = Statement.flatMap(({ Action }: { Action: string[] }) => Action).map(
            (action: string) => new RegExp(`^${action.replaceAll("*", ".*")}$`),
        );
        const bounded = new Set(of("Role").flatMap(({ inputs }) => (inputs.permissionsBoundary ? [inputs.name] : [])));
        const given = of("RolePolicy").filter(({ inputs }) => bounded.has(inputs.role));
        expect(given.length).toBeGreaterThan(3);
        for (const { inputs } of given) {
            for (const { Action } of JSON.parse(inputs.policy).Statement)
                for (const action of texts(Action))
                    expect([action, limits.some((limit) => limit.test(action))]).toEqual([action, true]);
        }
        for (const action of [
            "iam:CreateRole",
            "iam:PutRolePolicy",
            "kms:PutKeyPolicy",
            "kms:UpdateAlias",
            "s3:PutBucketPolicy",
            "sts:AssumeRole",
        ])
            expect(limits.some((limit) => limit.test(action))).toBe(false);
    });

    test("are taken through Pod Identity by volumes, addresses, autoscalers, load balancers and those that the stack file names, and by nobody else", () => {
        const accounts = of("PodIdentityAssociation").map(
            ({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}`,
        );
        expect(accounts.sort()).toEqual([
            "backup/velero",
            "clickhouse/clickhouse-backup",
            "clickhouse/clickhouse-drill",
            "cluster-autoscaler/cluster-autoscaler",
            "data-backups/chromadb-backup",
            "data-backups/chromadb-drill",
            "data-backups/postgres-drill",
            "elasticsearch/elasticsearch",
            "elasticsearch/elasticsearch-drill",
            "elasticsearch/elasticsearch-manifest",
            "external-secrets/external-secrets",
            "kube-system/aws-node",
            "kube-system/ebs-csi-controller-sa",
            "kube-system/karpenter",
            "load-balancers/aws-load-balancer-controller",
            "tars/postgres",
            "tars/postgres-manifest",
            "team-app/api-watcher",
            "vector-store/qdrant",
            "vector-store/vectors-backup",
            "vector-store/vectors-drill",
        ]);
    });
});
