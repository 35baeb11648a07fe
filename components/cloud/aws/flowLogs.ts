import { FlowLog, type Vpc } from "@pulumi/aws/ec2";
import { createRole } from "./identities";
import { type Logs, networkLogs } from "./logs";
import type { Site } from "./site";

/** A record of who talked to whom, and who was not let through. */
export function createFlowLog({ name, account, parent }: Site, vpc: Vpc, logs: Logs): void {
    const plan = {
        description: "Writes who talked to whom in the network",
        service: "vpc-flow-logs.amazonaws.com",
        managed: [],
        statements: [
            // It asks for all groups at once. https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
            { actions: ["logs:DescribeLogGroups"], resources: [account.arn("logs", "log-group:*")] },
            {
                actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources: [account.arn("logs", `log-group:${networkLogs(account)}:*`)],
            },
        ],
    };
    const { role, policies } = createRole("flow-log", plan, account, parent);
    const args = {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logs.network.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: account.tags(account.section.name),
    };
    new FlowLog(`${name}-flow-log`, args, { ...account.child(parent), dependsOn: policies });
}
