import { LifecyclePolicy, Repository } from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { Registry as RegistryHandle } from "../contract";
import type { AwsAccount } from "./account";
import { registryHost } from "./names";

export interface RegistryArgs {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
}

/** A repository, and how long it keeps what is in it. */
interface RepositoryPlan {
    /** Below the stack's name. */
    readonly repository: string;
    readonly lifecycle: readonly LifecycleRule[];
}

/** The stack's repositories: a tag never changes what it means, every push is scanned, and what nobody wants goes. */
export class Registry extends TarsComponent {
    readonly handle: RegistryHandle;

    constructor(name: string, { account, key }: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Registry", name, opts);
        for (const plan of planRepositories(account)) this.createRepository(name, plan, account, key);
        this.handle = { host: pulumi.output(registryHost(account.section)) };
        this.registerOutputs({ host: this.handle.host });
    }

    private createRepository(
        name: string,
        { repository, lifecycle }: RepositoryPlan,
        account: AwsAccount,
        key: pulumi.Output<string>,
    ) {
        const physical = repositoryName(account, repository);
        const child = account.kept("registry", this);
        const made = new Repository(
            `${name}-${repository}`,
            {
                name: physical,
                imageTagMutability: "IMMUTABLE",
                imageScanningConfiguration: { scanOnPush: true },
                encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
                // Elsewhere a repository with images in it would hold up the end of its stack.
                forceDelete: !account.rules.keepsData,
                tags: account.tags(physical),
            },
            child,
        );
        const policy = JSON.stringify({ rules: lifecycle });
        new LifecyclePolicy(`${name}-${repository}-lifecycle`, { repository: made.name, policy }, child);
    }
}

/** A chart is pulled at an update and never by a node, and what a stack still names must not be archived: only what lost its tag goes. */
function planRepositories({ section }: AwsAccount): readonly RepositoryPlan[] {
    const { repositories, chartRepositories, unusedImageDays } = section;
    return [
        ...repositories.map((repository) => ({ repository, lifecycle: [untagged, ...unused(unusedImageDays)] })),
        ...chartRepositories.map((chart) => ({ repository: `charts/${chart}`, lifecycle: [untagged] })),
    ];
}

/** Names of the stack's image repositories in the account. */
export function repositoryNames(account: AwsAccount): readonly string[] {
    return account.section.repositories.map((repository) => repositoryName(account, repository));
}

function repositoryName({ section }: AwsAccount, repository: string): string {
    return `${section.name}/${repository}`;
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
interface LifecycleRule {
    readonly rulePriority: number;
    readonly description: string;
    readonly selection: Readonly<Record<string, string | number>>;
    readonly action: Readonly<Record<string, string>>;
}

/** What has no tag goes after 7 days (003). */
const untagged: LifecycleRule = {
    rulePriority: 1,
    description: "without a tag",
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
    action: { type: "expire" },
};

/**
 * Images that nobody pulled for so many days are archived, also those that run on nodes which have them: they cannot be pulled until somebody
 * brings them back, and AWS lets no rule delete them before they were in the archive for 90 days.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
 */
const unused = (days: number): readonly LifecycleRule[] => [
    {
        rulePriority: 2,
        description: "unused",
        selection: { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: days },
        action: { type: "transition", targetStorageClass: "archive" },
    },
    {
        rulePriority: 3,
        description: "unused and archived",
        selection: {
            tagStatus: "any",
            storageClass: "archive",
            countType: "sinceImageTransitioned",
            countUnit: "days",
            countNumber: 90,
        },
        action: { type: "expire" },
    },
];
