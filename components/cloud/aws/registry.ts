import { LifecyclePolicy, Repository } from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { Registry as RegistryHandle } from "../contract";
import type { AwsAccount } from "./account";

export interface RegistryArgs {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
}

/** The stack's repositories: a tag never changes what it means, every push is scanned, and what nobody wants goes. */
export class Registry extends TarsComponent {
    readonly handle: RegistryHandle;

    constructor(name: string, { account, key }: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Registry", name, opts);
        const { account: id, region, name: stack, repositories } = account.section;
        for (const repository of repositories) this.createRepository(name, repository, account, key);
        this.handle = { host: pulumi.output(`${id}.dkr.ecr.${region}.amazonaws.com/${stack}`) };
        this.registerOutputs({ host: this.handle.host });
    }

    private createRepository(name: string, repository: string, account: AwsAccount, key: pulumi.Output<string>) {
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
        const policy = lifecycle(account.section.unusedImageDays);
        new LifecyclePolicy(`${name}-${repository}-lifecycle`, { repository: made.name, policy }, child);
    }
}

/** Names of the stack's repositories in the account. */
export function repositoryNames(account: AwsAccount): readonly string[] {
    return account.section.repositories.map((repository) => repositoryName(account, repository));
}

function repositoryName({ section }: AwsAccount, repository: string): string {
    return `${section.name}/${repository}`;
}

/**
 * Images without a tag go after 7 days (003). Those that nobody pulled for `unusedDays` are archived, also those that run on nodes which have
 * them: they cannot be pulled until somebody brings them back, and AWS lets no rule delete them before they were in the archive for 90 days.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html
 */
const lifecycle = (unusedDays: number) =>
    JSON.stringify({
        rules: [
            {
                rulePriority: 1,
                description: "without a tag",
                selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
                action: { type: "expire" },
            },
            {
                rulePriority: 2,
                description: "unused",
                selection: {
                    tagStatus: "any",
                    countType: "sinceImagePulled",
                    countUnit: "days",
                    countNumber: unusedDays,
                },
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
        ],
    });
