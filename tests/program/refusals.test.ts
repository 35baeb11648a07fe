import { confirmAccount } from "../../components/cloud/aws/account";
import { confirmCaller } from "../../components/cloud/azure/account";
import * as clouds from "../../components/cloud/registry";
import { parseStack } from "../../components/settings/read";
import { backupCopyOnAws } from "./refusals/awsBackupCopy";
import { placeOnAws } from "./refusals/awsPlace";
import { poolsOnAws } from "./refusals/awsPools";
import { onAzure } from "./refusals/azure";
import { backupsOnAws, backupsOnDev } from "./refusals/backups";
import type { Case, Changes } from "./refusals/case";
import { certificatesOnAws, certificatesOnAzure, certificatesOnDev } from "./refusals/certificates";
import { clickHouseOnAws, clickHouseOnDev } from "./refusals/clickhouse";
import { dataElsewhere, dataOnAws, dataOnAzure } from "./refusals/data";
import { namesOnAws, namesOnAzure, pairsElsewhere, pairsOnAws, pairsOnAzure } from "./refusals/dns";
import { elasticOnAws, elasticOnDev } from "./refusals/elastic";
import { firewallElsewhere, firewallOnAws, firewallOnAzure } from "./refusals/firewall";
import { kafkaHubsOnAzure, kafkaOnAws, kafkaOnDev, managedKafkaElsewhere, managedKafkaOnAws } from "./refusals/kafka";
import { loginOnAzure, loginOnDev } from "./refusals/login";
import { nginxOnDev } from "./refusals/nginx";
import { objectsOnAws, objectsOnDev } from "./refusals/objects";
import { onDev, onStaging } from "./refusals/others";
import { peopleOnAws, peopleOnAzure, peopleOnDev } from "./refusals/people";
import { vectorsElsewhere, vectorsOnAws } from "./refusals/vectors";
import { type Raw, settingsOf } from "./stack";

const cases: readonly (readonly [stack: string, cases: readonly Case[]])[] = [
    [
        "prod-aws",
        [
            ...placeOnAws,
            ...poolsOnAws,
            ...backupCopyOnAws,
            ...backupsOnAws,
            ...certificatesOnAws,
            ...namesOnAws,
            ...pairsOnAws,
            ...peopleOnAws,
            ...firewallOnAws,
            ...dataOnAws,
            ...vectorsOnAws,
            ...kafkaOnAws,
            ...managedKafkaOnAws,
            ...elasticOnAws,
            ...clickHouseOnAws,
            ...objectsOnAws,
        ],
    ],
    [
        "prod-azure",
        [
            ...onAzure,
            ...certificatesOnAzure,
            ...namesOnAzure,
            ...pairsOnAzure,
            ...peopleOnAzure,
            ...firewallOnAzure,
            ...loginOnAzure,
            ...dataOnAzure,
            ...kafkaHubsOnAzure,
        ],
    ],
    ["staging", onStaging],
    [
        "dev",
        [
            ...onDev,
            ...backupsOnDev,
            ...certificatesOnDev,
            ...pairsElsewhere,
            ...peopleOnDev,
            ...nginxOnDev,
            ...loginOnDev,
            ...firewallElsewhere("existing"),
            ...dataElsewhere("existing"),
            ...vectorsElsewhere,
            ...kafkaOnDev,
            ...managedKafkaElsewhere("which the platform does not do on cloud: existing"),
            ...elasticOnDev,
            ...clickHouseOnDev,
            ...objectsOnDev,
        ],
    ],
];

describe.each(cases)("%s with", (stack, ofStack) => {
    test.each(ofStack)("%s is refused", (_, changes, words) => {
        expect(refusal(stack, changes)).toContain(words);
    });

    test("nothing changed is accepted", () => {
        expect(() => parseStack(settingsOf(stack), clouds, "")).not.toThrow();
    });
});

test("there are more than thirty cases", () => {
    const all = cases.flatMap(([stack, ofStack]) => ofStack.map(([name]) => `${stack} with ${name}`));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(30);
});

test("everything that is wrong is told at once, each with what to do", () => {
    const message = refusal("prod-aws", {
        "aws.zones": ["eu-central-1a", "eu-central-1b", "eu-west-1c"],
        "aws.network.cidr": "10.20.0.0/16",
        "aws.network.joined": ["10.20.128.0/20"],
        "aws.apiAccess": { kind: "public", allowedCidrs: ["0.0.0.0/0"] },
        "aws.pools.gpu": { machine: "p5.4xlarge", nodes: { max: 5 }, sharing: { kind: "mig", profile: "1g.12gb" } },
        "aws.pools.compute.nodes": { min: 3, max: 2, initial: 3 },
        quota: { requests: { cpu: "1", memory: "96Gi" } },
    });
    expect(message).toMatch(/^Pulumi\.prod-aws\.yaml has 8 problems:/);
    expect(message.match(/\n {6}fix: ./g)).toHaveLength(8);
});

describe("a run by somebody else", () => {
    const [example, real] = ["123456789012", "210987654321"];
    const [nobody, somebody] = ["00000000-0000-0000-0000-000000000000", "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e"];

    test("is refused where the stack file still has the example account", () => {
        expect(() => confirmAccount(real, example, [])).toThrow(
            `aws.account: is ${example}, but AWS says that the caller`,
        );
        expect(confirmAccount(example, example, [])).toBe(example);
    });

    test("is refused where it still has the example subscription", () => {
        const stack = { subscription: nobody, tenant: nobody, examples: [] };
        const caller = { subscriptionId: somebody, tenantId: somebody };
        expect(() => confirmCaller(caller, stack)).toThrow(`azure.subscription: is ${nobody}, but Azure says`);
        expect(confirmCaller({ subscriptionId: nobody, tenantId: nobody }, stack)).toBe(nobody);
    });
});

function refusal(stack: string, changes: Changes): string {
    const settings = Object.entries(changes).reduce(changed, settingsOf(stack));
    try {
        parseStack(settings, clouds, `Pulumi.${stack}.yaml`);
    } catch (error) {
        if (error instanceof Error) return error.message;
    }
    throw new Error("the settings were accepted");
}

/** The settings with one value, by its path, set or, where it is undefined, left out. */
function changed(settings: Raw, [path, value]: readonly [path: string, value: unknown]): Raw {
    const [key = "", ...rest] = path.split(".");
    const { [key]: old, ...others } = settings;
    const inner: Raw = { ...Object(old) };
    const made = rest.length === 0 ? value : changed(inner, [rest.join("."), value]);
    return made === undefined ? others : { ...others, [key]: made };
}
