import { readConfiguration } from "../../policy/configuration";
import type { Resource } from "../../policy/rule";
import { cloudResource, kubernetesResource } from "../../policy/samples";
import { asItStands, type Mapping, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("STK-01");
const bucket = cloudResource("aws:s3/bucket:Bucket", {});
const accounts = ["123456789012", "subscription"];
const bounds = readConfiguration({ [rule.id]: { enforcementLevel: "mandatory", accounts, regions: ["eu-central-1"] } });

const provider = (kind: string, inputs: Mapping, name = kind): Resource =>
    cloudResource(`pulumi:providers:${kind}`, inputs, name);
/** A provider with a resource that goes through it. */
const used = (own: Resource): readonly Resource[] => [own, { ...bucket, provider: own }];
const aws = (inputs: Mapping) =>
    provider("aws", { allowedAccountIds: '["123456789012"]', region: "eu-central-1", ...inputs });
const azure = (inputs: Mapping) =>
    provider("azure-native", { subscriptionId: "subscription", tenantId: "tenant", ...inputs });

test.each([
    ["account", aws({ allowedAccountIds: '["123456789012", "999999999999"]' }), "allowedAccountIds"],
    ["region", aws({ region: "us-east-1" }), "region"],
    ["subscription", azure({ subscriptionId: "other" }), "subscriptionId"],
])("a provider is bound to a listed %s, where there is a list", (_, own, path) => {
    expect(saidOf(rule, used(own), bounds)).toEqual([`${path} is outside the allowed ones`]);
    expect(saidOf(rule, used(own), asItStands)).toEqual([]);
});

test.each([
    ["AWS", aws({})],
    ["Azure, of any tenant", azure({})],
])("a provider of %s that keeps to the lists passes", (_, own) => {
    expect(saidOf(rule, used(own), bounds)).toEqual([]);
});

test("what is not known yet is not decided", () => {
    const undecided = ["not decided: region is not known before the update"];
    expect(saidOf(rule, used(aws({ region: unknownText })), bounds)).toEqual(undecided);
});

test.each([
    ["no account", aws({ allowedAccountIds: undefined }), "allowedAccountIds is not set, so that any account would do"],
    ["no region", aws({ region: undefined }), "region is not set, so that the shell decides"],
    ["an empty region", aws({ region: "" }), "region is not set, so that the shell decides"],
    [
        "no cluster",
        provider("kubernetes", { context: "prod" }),
        "clusterIdentifier is not set, nor a kubeconfig, so that any cluster would do",
    ],
])("a provider with %s is bound to nothing", (_, own, problem) => {
    expect(saidOf(rule, used(own), bounds)).toEqual([problem]);
});

test("a provider that nothing goes through, or that reaches nothing, needs no bounds", () => {
    expect(saidOf(rule, [...used(aws({})), provider("aws", {}, "reader")])).toEqual([]);
    expect(saidOf(rule, used(provider("random", {})))).toEqual([]);
});

test("a resource names its provider, but an object of a file has none", () => {
    const settings = kubernetesResource("core/v1", "ConfigMap", {});
    const isDefault = "provider is the default provider, which goes wherever the shell points";
    expect(saidOf(rule, [settings])).toEqual([isDefault]);
    expect(saidOf(rule, [{ ...settings, origin: "manifest" }])).toEqual([]);
});
