import type { FailingSample, Resource, Sample, StackToCompare } from "../../rule";
import { cloudResource, kubernetesResource } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const stack = (given: Partial<StackToCompare>): Sample => ({
    kind: "stacks",
    stacks: [{ name: "prod", environment: "production", resources: [], ...given }],
});
const holding = (...resources: readonly Resource[]): Sample => stack({ resources });
const file = (content: Mapping): Sample => stack({ file: content });

const secret = (inputs: Mapping): Resource => kubernetesResource("core/v1", "Secret", inputs);
const parameter = (type: string): Resource => cloudResource("aws:ssm/parameter:Parameter", { type, value: "hunter2" });

export const passing: readonly Sample[] = [
    holding(secret({ stringData: "[secret]" }), secret({ stringData: { PASSWORD: "[secret]" } }), parameter("String")),
    stack({ outputs: { url: "https://tars.example", password: "[secret]" } }),
    file({
        config: { "tars:password": { secure: "v1:abc" }, "tars:region": "eu" },
        secretsprovider: "awskms://alias/tars",
    }),
    {
        kind: "stacks",
        stacks: [{ name: "dev", environment: "dev", resources: [], file: { encryptionsalt: "v1:abc" } }],
    },
];

const unmarked = "is not marked as secret";

export const failing: readonly FailingSample[] = [
    { sample: holding(secret({ stringData: { PASSWORD: "hunter2" } })), problem: unmarked },
    { sample: holding(secret({ data: { PASSWORD: "aHVudGVyMg==" } })), problem: unmarked },
    { sample: holding(parameter("SecureString")), problem: unmarked },
    { sample: holding(cloudResource("aws:rds/instance:Instance", { password: "hunter2" })), problem: unmarked },
    {
        sample: holding(cloudResource("azure-native:keyvault:Secret", { properties: { value: "x" } })),
        problem: unmarked,
    },
    {
        sample: stack({ outputs: { databasePassword: "hunter2" } }),
        problem: "is an output that is not marked as secret",
    },
    { sample: file({ config: { "tars:apiToken": "hunter2" } }), problem: "is a credential in the clear" },
    { sample: file({ config: { "tars:db": { password: ["hunter2"] } } }), problem: "is a credential in the clear" },
    { sample: file({ encryptionsalt: "v1:abc" }), problem: "is a passphrase" },
    { sample: file({ secretsprovider: "passphrase" }), problem: "is a passphrase" },
];
