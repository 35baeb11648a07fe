import type { CloudKind } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import { account, arn, regionOf } from "../account";
import { awsKind, documentOf } from "../kind";
import { checkDocument } from "./identity";
import { keyOf, types } from "./types";

const queue = awsKind(types.queue, {
    references: [keyOf("kmsMasterKeyId")],
    autoName: { property: "name", longest: 80 },
    defaults: {
        delaySeconds: 0,
        maxMessageSize: 262_144,
        messageRetentionSeconds: 345_600,
        receiveWaitTimeSeconds: 0,
        visibilityTimeoutSeconds: 30,
        fifoQueue: false,
    },
    changes: { sqsManagedSseEnabled: "update" },
    tagged: true,
    computed: ["url"],
    id: ({ inputs, config }) => queueUrl(regionOf(inputs, config), textAt(inputs, "name")),
    arn: ({ inputs, config }) => arn("sqs", regionOf(inputs, config), textAt(inputs, "name") ?? ""),
    outputs: (_, id) => ({ url: id }),
});

const queuePolicy = awsKind("aws:sqs/queuePolicy:QueuePolicy", {
    required: ["queueUrl", "policy"],
    references: [{ path: "queueUrl", to: [types.queue] }],
    // The policy is an attribute of the queue: another queue is another policy.
    changes: { queueUrl: "replace" },
    check: (inputs) => checkDocument(inputs, "policy", { principal: true }),
    id: ({ inputs }) => textAt(inputs, "queueUrl") ?? "",
});

const rule = awsKind(types.eventRule, {
    autoName: { property: "name", longest: 64 },
    defaults: { eventBusName: "default", state: "ENABLED", forceDestroy: false },
    changes: { eventBusName: "replace", forceDestroy: "update" },
    tagged: true,
    check: (inputs) => {
        const pattern = textAt(inputs, "eventPattern");
        return pattern !== undefined && documentOf(pattern) === undefined
            ? [{ property: "eventPattern", reason: "must be a JSON document" }]
            : [];
    },
    judge: ({ inputs }) =>
        inputs.eventPattern === undefined && inputs.scheduleExpression === undefined
            ? [{ property: "eventPattern", reason: "or scheduleExpression is required" }]
            : [],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs, config }, id) => arn("events", regionOf(inputs, config), `rule/${id}`),
});

const target = awsKind("aws:cloudwatch/eventTarget:EventTarget", {
    required: ["rule", "arn"],
    references: [
        { path: "rule", to: [types.eventRule] },
        // EventBridge does not know whether a target is there.
        { path: "arn", to: [types.queue], by: "arn", holds: false },
    ],
    autoName: { property: "targetId", longest: 64 },
    defaults: { eventBusName: "default" },
    changes: { rule: "replace", targetId: "replace", eventBusName: "replace", arn: "update" },
    id: ({ inputs }) => `${textAt(inputs, "rule")}-${textAt(inputs, "targetId")}`,
});

export const events: Readonly<Record<string, CloudKind>> = { ...queue, ...queuePolicy, ...rule, ...target };

function queueUrl(region: string, name: string | undefined): string {
    return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
