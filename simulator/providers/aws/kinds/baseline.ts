import type { CloudKind } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import { account, arn, regionOf } from "../account";
import { awsKind } from "../kind";
import { checkTrust } from "./identity";
import { keyOf, roleArn, types } from "./types";

const hub = "aws:securityhub/account:Account";
const detector = "aws:guardduty/detector:Detector";
const recorder = "aws:cfg/recorder:Recorder";
const channel = "aws:cfg/deliveryChannel:DeliveryChannel";

const securityHub = awsKind(hub, {
    defaults: { autoEnableControls: true, enableDefaultStandards: true },
    // Which standards come with the hub is asked only when it is switched on.
    changes: { enableDefaultStandards: "replace" },
    id: () => account,
    arn: ({ inputs, config }) => arn("securityhub", regionOf(inputs, config), "hub/default"),
});

const standard = awsKind("aws:securityhub/standardsSubscription:StandardsSubscription", {
    required: ["standardsArn"],
    judge: ({ cloud }) =>
        cloud.all(hub).length > 0 ? [] : [{ property: "standardsArn", reason: "needs Security Hub to be switched on" }],
    // https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StandardsSubscription.html
    id: ({ inputs, config }) => {
        const path = /(?:standards|ruleset)\/(.+)$/.exec(textAt(inputs, "standardsArn") ?? "")?.[1] ?? "";
        return arn("securityhub", regionOf(inputs, config), `subscription/${path}`);
    },
});

const guardDuty = awsKind(detector, {
    defaults: { enable: true, findingPublishingFrequency: "SIX_HOURS" },
    tagged: true,
    computed: ["accountId"],
    judge: ({ cloud }) =>
        cloud.all(detector).length === 0 ? [] : [{ property: "enable", reason: "the account has a detector already" }],
    id: ({ unique }) => unique.slice(0, 32),
    arn: ({ inputs, config }, id) => arn("guardduty", regionOf(inputs, config), `detector/${id}`),
    outputs: () => ({ accountId: account }),
});

const feature = awsKind("aws:guardduty/detectorFeature:DetectorFeature", {
    required: ["detectorId", "name", "status"],
    references: [{ path: "detectorId", to: [detector], holds: false }],
    changes: { detectorId: "replace", name: "replace", status: "update", additionalConfigurations: "update" },
    id: ({ inputs }) => `${textAt(inputs, "detectorId")}/${textAt(inputs, "name")}`,
});

const configRecorder = awsKind(recorder, {
    required: ["roleArn"],
    references: [roleArn("roleArn")],
    defaults: { name: "default" },
    judge: (subject) => checkTrust(subject, "roleArn", "config.amazonaws.com"),
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
});

const deliveryChannel = awsKind(channel, {
    required: ["s3BucketName"],
    references: [{ path: "s3BucketName", to: [types.bucket], holds: false }, keyOf("s3KmsKeyArn")],
    defaults: { name: "default" },
    judge: ({ cloud }) =>
        cloud.all(recorder).length > 0 ? [] : [{ property: "name", reason: "needs a recorder to deliver from" }],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
});

const recorderStatus = awsKind("aws:cfg/recorderStatus:RecorderStatus", {
    required: ["name", "isEnabled"],
    references: [{ path: "name", to: [recorder] }],
    changes: { name: "replace", isEnabled: "update" },
    judge: ({ cloud }) =>
        cloud.all(channel).length > 0 ? [] : [{ property: "isEnabled", reason: "needs a delivery channel first" }],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
});

/** A key that another account has: of that account, its buckets included, nothing is known here. */
const foreignKey = new RegExp(`^arn:aws:kms:[^:]+:(?!${account}:)\\d{12}:key/`);

const trail = awsKind("aws:cloudtrail/trail:Trail", {
    required: ["s3BucketName"],
    references: [
        { ...keyOf("kmsKeyId"), given: new RegExp(`alias/aws/|${foreignKey.source}`) },
        roleArn("cloudWatchLogsRoleArn"),
    ],
    judge: ({ inputs, cloud }) => {
        const bucket = textAt(inputs, "s3BucketName") ?? "";
        const away = foreignKey.test(textAt(inputs, "kmsKeyId") ?? "");
        if (away || cloud.find([types.bucket], "bucket", bucket)) return [];
        return [{ property: "s3BucketName", reason: `"${bucket}" does not exist` }];
    },
    autoName: { property: "name", longest: 128 },
    defaults: {
        enableLogging: true,
        enableLogFileValidation: false,
        includeGlobalServiceEvents: true,
        isMultiRegionTrail: false,
        isOrganizationTrail: false,
    },
    tagged: true,
    computed: ["homeRegion"],
    id: ({ inputs, config }) => arn("cloudtrail", regionOf(inputs, config), `trail/${textAt(inputs, "name")}`),
    arn: (_, id) => id,
    outputs: ({ inputs, config }) => ({ homeRegion: regionOf(inputs, config) }),
});

export const baseline: Readonly<Record<string, CloudKind>> = {
    ...securityHub,
    ...standard,
    ...guardDuty,
    ...feature,
    ...configRecorder,
    ...deliveryChannel,
    ...recorderStatus,
    ...trail,
};
