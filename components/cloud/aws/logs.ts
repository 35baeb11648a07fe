import { LogGroup, LogSubscriptionFilter } from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { AwsAccount } from "./account";

export interface LogsArgs {
    readonly account: AwsAccount;
    /** Name of the cluster, which decides the name of its log group. */
    readonly cluster: string;
    readonly key: pulumi.Output<string>;
}

/** Where logs go that AWS writes: made beforehand, because a group that a service makes by itself keeps everything for ever, under AWS's key. */
export class Logs extends TarsComponent {
    /** The control plane's. @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html (name of the group) */
    readonly cluster: LogGroup;
    readonly network: LogGroup;
    /** For whatever else the platform sends. */
    readonly platform: LogGroup;

    constructor(name: string, { account, cluster, key }: LogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Logs", name, opts);
        const group = (purpose: string, physical: string) =>
            new LogGroup(
                `${name}-${purpose}`,
                {
                    name: physical,
                    retentionInDays: account.section.logRetentionDays,
                    kmsKeyId: key,
                    tags: account.tags(physical),
                },
                account.kept("logGroup", this),
            );
        this.cluster = group("cluster", `/aws/eks/${cluster}/cluster`);
        this.network = group("network", networkLogs(account));
        this.platform = group("platform", `/${account.section.name}/platform`);
        sendToArchive(`${name}-audit`, this.cluster, account, this);
        this.registerOutputs({});
    }
}

/** Name of the group that says who talked to whom in the network. */
export function networkLogs({ section }: AwsAccount): string {
    return `/${section.name}/network`;
}

/** Copies everything that the control plane tells, audit records among it, to where nobody of this account can change it. */
function sendToArchive(name: string, { name: logGroup }: LogGroup, account: AwsAccount, parent: pulumi.Resource): void {
    const { auditArchive: destinationArn, name: physical } = account.section;
    if (destinationArn === undefined) return;
    const args = { name: `${physical}-audit`, logGroup, destinationArn, filterPattern: "" };
    new LogSubscriptionFilter(name, args, account.child(parent));
}
