import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { Issues } from "../../foundation/issues";
import type { Labels } from "../../foundation/labels";
import type { Settings } from "../../settings/schema";
import type { Example } from "../common/examples";
import { type EnvironmentRules, environmentRules } from "../common/rules";
import { ownerTags } from "../common/tags";
import { createBoundary } from "./boundary";
import { exampleAccount, examplesOf } from "./examples";
import { type KeptKind, keep } from "./protection";
import type { AwsSettings } from "./settings";
import { tagsOf } from "./tags";

export interface AwsAccountArgs {
    readonly section: AwsSettings;
    readonly settings: Settings;
}

/**
 * The account that the stack belongs to. The provider that makes everything in it exists only once AWS confirmed that whoever runs the
 * program belongs to the account too, so with somebody else's credentials nothing is registered.
 */
export class AwsAccount extends TarsComponent {
    readonly section: AwsSettings;
    readonly rules: EnvironmentRules;
    readonly provider: Provider;
    /** ARN of the policy that no role of pods goes beyond. */
    readonly workloadBoundary: pulumi.Output<string>;
    private readonly settings: Settings;

    constructor(name: string, { section, settings }: AwsAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "AwsAccount", name, opts);
        this.section = section;
        this.settings = settings;
        this.rules = rulesOf(section, settings);
        const { account, region } = section;
        const reader = new Provider(`${name}-caller`, { region }, { parent: this });
        const caller = getCallerIdentityOutput({}, { parent: this, provider: reader });
        const confirmed = caller.accountId.apply((found) =>
            confirmAccount(found, account, examplesOf(section, settings)),
        );
        this.provider = new Provider(name, { region, allowedAccountIds: [confirmed] }, { parent: this });
        const boundary = { section, tags: (physical: string) => this.tags(physical) };
        this.workloadBoundary = createBoundary(name, boundary, this.child(this));
        this.registerOutputs({});
    }

    /** Options of a resource below `parent`. */
    child(parent: pulumi.Resource): ChildOptions {
        return { parent, provider: this.provider };
    }

    /** Options of a resource that must not be lost by mistake. */
    kept(kind: KeptKind, parent: pulumi.Resource): ChildOptions {
        return { ...this.child(parent), ...keep(kind, this.rules) };
    }

    get isGuarded(): boolean {
        return this.rules.protection === "guarded";
    }

    tags(name: string): Labels {
        return tagsOf(name, this.settings.ownership);
    }

    /** Tags of what operators in the cluster make in the account for the stack. */
    get ownerTags(): Labels {
        return ownerTags(this.settings.ownership);
    }

    /** ARN of a role or policy of the stack. */
    identityArn(kind: "role" | "policy", name: string): string {
        return `arn:aws:iam::${this.section.account}:${kind}/${name}`;
    }

    /** ARN of something that AWS names by the account and the region. */
    arn(service: string, resource: string): string {
        return `arn:aws:${service}:${this.section.region}:${this.section.account}:${resource}`;
    }
}

function rulesOf({ protection }: AwsSettings, { environment }: Settings): EnvironmentRules {
    const rules: EnvironmentRules = environmentRules[environment];
    return { ...rules, protection: protection ?? rules.protection };
}

/**
 * The account.
 *
 * @throws pulumi.RunError when the caller belongs to another account, or the account is a real one and the stack still has values of the documentation
 */
export function confirmAccount(found: string, expected: string, examples: readonly Example[]): string {
    const issues = new Issues();
    if (found !== expected) {
        issues.add(
            "aws.account",
            `is ${expected}, but AWS says that the caller belongs to ${found}`,
            "log in to the stack's own account (AWS_PROFILE, aws sso login), or select the stack of this account",
        );
    }
    if (found !== exampleAccount) {
        for (const { key, value, fix } of examples) issues.add(key, `is still the example "${value}"`, fix);
    }
    issues.throwIfAny("the account that the credentials lead to");
    return found;
}
