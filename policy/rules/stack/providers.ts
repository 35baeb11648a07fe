import { controls } from "../../controls";
import { absent, type Read, undecided, Value } from "../../reading/value";
import { everyResource } from "../../resources/dispatch";
import type { Stack } from "../../resources/stack";
import { kindOf, type Subject } from "../../resources/subject";
import type { Resource, SettingSchema, StackReport, StackRule } from "../../rule";
import { failing, passing } from "./providers.samples";

const names = (description: string): SettingSchema => ({
    type: "array",
    description,
    items: { type: "string", minLength: 1 },
});

export const providers: StackRule = {
    id: "STK-01",
    title: "Every resource goes through a provider that is bound to one account or cluster",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [everyResource],
    controls: controls({ soc2: ["CC6.1", "CC8.1"], iso27001: ["8.31", "8.9"] }),
    why: "A default provider goes wherever the shell of the day points, so that one forgotten option lands production's resource in somebody's own account.",
    fix: "pass a provider with allowedAccountIds and region (AWS), subscriptionId and tenantId (Azure), clusterIdentifier or kubeconfig (Kubernetes)",
    link: "https://www.pulumi.com/docs/iac/concepts/resources/providers/",
    samples: { passing, failing },
    settings: {
        accounts: names("Accounts and subscriptions that providers may be bound to; without it, any one"),
        regions: names("Regions that providers may be bound to; without it, any one"),
    },
    check: (stack, report, { settings }) => {
        for (const subject of stack.all) checkResource(subject.resource, report);
        const allowed = { accounts: listOf(settings.accounts), regions: listOf(settings.regions) };
        // A provider that nothing goes through only reads, such as the one that asks who the caller is.
        for (const provider of providersOf(stack))
            if (isUsed(stack, provider)) checkProvider(provider, allowed, report);
    },
};

interface Allowed {
    /** Undefined where any one will do. */
    readonly accounts: readonly string[] | undefined;
    readonly regions: readonly string[] | undefined;
}

function listOf(setting: unknown): readonly string[] | undefined {
    const list = Value.unheard({ setting }).get("setting");
    return list.isSet ? list.texts() : undefined;
}

/** Packages whose resources the engine gives a provider: where none is named, the default one. */
const packages: ReadonlySet<string> = new Set([
    "aws",
    "azure-native",
    "azuread",
    "command",
    "kubernetes",
    "random",
    "tls",
]);

/** Components of the Kubernetes package; each child has its own provider. */
const components = /^kubernetes:(helm\.sh\/v[34]:Chart|yaml(\/v2)?:|kustomize(\/v2)?:)/;

/** The engine names its own providers `default`, with the package's version (sdk/go/common/resource/urn in pulumi/pulumi). */
const defaultName = /^default(_|$)/;

function checkResource(resource: Resource, report: StackReport): void {
    const { provider, type } = resource;
    const kind = kindOf(resource);
    const hasNone = provider === undefined && packages.has(kind.provider) && !components.test(type);
    // The engine's own resources, such as a Stash, reach nothing outside the state.
    if (kind.provider === "pulumi") return;
    if (resource.origin === "manifest" || !(hasNone || defaultName.test(provider?.name ?? ""))) return;
    report(
        { kind, resource, object: Value.unheard({}) },
        { path: "provider", problem: "is the default provider, which goes wherever the shell points" },
    );
}

function providersOf(stack: Stack): readonly Subject[] {
    return stack.all.filter(({ resource }) => resource.type.startsWith("pulumi:providers:"));
}

function isUsed(stack: Stack, { resource: { type, name } }: Subject): boolean {
    return stack.all.some(({ resource: { provider } }) => provider?.type === type && provider.name === name);
}

function checkProvider(provider: Subject, allowed: Allowed, report: StackReport): void {
    const { kind, object } = provider;
    const say = (path: string, problem: string) => report(provider, { path, problem });
    if (kind.kind === "aws") {
        checkAccounts(object.get("allowedAccountIds"), allowed.accounts, say);
        checkOne(object.get("region"), allowed.regions, say);
    } else if (kind.kind === "azure-native") {
        checkOne(object.get("subscriptionId"), allowed.accounts, say);
        checkOne(object.get("tenantId"), undefined, say);
    } else if (
        kind.kind === "kubernetes" &&
        !["clusterIdentifier", "kubeconfig"].some((key) => isGiven(object.get(key)))
    ) {
        // A context is a name on somebody's machine (docs/adr/0006-cluster-identity-guard.md).
        say("clusterIdentifier", "is not set, nor a kubeconfig, so that any cluster would do");
    }
}

type Say = (path: string, problem: string) => void;

function checkAccounts(value: Value, allowed: readonly string[] | undefined, say: Say): void {
    // Provider inputs are JSON text on the wire, whatever their type.
    const accounts = value.json();
    if (!value.isSet || (accounts.isList && accounts.items().length === 0))
        say(value.path, "is not set, so that any account would do");
    for (const each of accounts.isSet ? accounts.items() : [])
        if (isForeign(each.text(), allowed)) say(value.path, "is outside the allowed ones");
}

function checkOne(value: Value, allowed: readonly string[] | undefined, say: Say): void {
    const read = value.text();
    if (read === absent || read === "") say(value.path, "is not set, so that the shell decides");
    else if (isForeign(read, allowed)) say(value.path, "is outside the allowed ones");
}

function isForeign(read: Read<string>, allowed: readonly string[] | undefined): boolean {
    return read !== undecided && read !== absent && allowed !== undefined && !allowed.includes(read);
}

/** Which cluster it is need not be known: what counts is that the provider says so. */
function isGiven(value: Value): boolean {
    return value.isSet && value.quietly.text() !== "";
}
