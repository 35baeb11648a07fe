import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf } from "../account";
import { awsKind } from "../kind";
import { checkInstance } from "./databaseChecks";
import { judgeCallers, placesOf, subnetsOf } from "./subnetGroups";
import { keyOf, securityGroups, types } from "./types";

const rds = ({ inputs, config }: Subject, resource: string) => arn("rds", regionOf(inputs, config), resource);

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html */
const subnetGroup = awsKind(types.databaseSubnets, {
    required: ["subnetIds"],
    references: [{ path: "subnetIds", to: [types.subnet] }],
    autoName: { property: "name", longest: 255 },
    defaults: { description: "Managed by Pulumi" },
    rules: {
        name: { form: /^(?!default$)[a-z0-9 ._-]{1,255}$/, says: "up to 255 lower-case letters, digits and marks" },
    },
    tagged: true,
    computed: ["vpcId"],
    judge: ({ inputs, cloud }) => {
        const { zones, networks } = placesOf(subnetsOf(inputs, cloud));
        return [
            ...(zones.size > 1 ? [] : [{ property: "subnetIds", reason: "must be of at least two zones" }]),
            ...(networks.size > 1 ? [{ property: "subnetIds", reason: "are of different VPCs" }] : []),
        ];
    },
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: (subject, id) => rds(subject, `subgrp:${id}`),
    outputs: ({ inputs, cloud }) => ({ vpcId: textAt(subnetsOf(inputs, cloud)[0], "vpcId") ?? "" }),
});

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html */
const parameterGroup = awsKind(types.databaseParameters, {
    required: ["family"],
    autoName: { property: "name", longest: 255 },
    defaults: { description: "Managed by Pulumi" },
    changes: { parameters: "update" },
    tagged: true,
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: (subject, id) => rds(subject, `pg:${id}`),
});

/**
 * Of RDS' engines PostgreSQL alone. What CloudFormation replaces in some cases only, Pulumi's provider modifies, but for the engine.
 *
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/rds/instance/
 */
const instance = awsKind(types.database, {
    required: ["instanceClass"],
    references: [
        { path: "dbSubnetGroupName", to: [types.databaseSubnets] },
        { path: "parameterGroupName", to: [types.databaseParameters], given: /^default\./ },
        securityGroups("vpcSecurityGroupIds"),
        keyOf("kmsKeyId"),
    ],
    autoName: { property: "identifier", longest: 63 },
    defaults: {
        autoMinorVersionUpgrade: true,
        backupRetentionPeriod: 0,
        copyTagsToSnapshot: false,
        deleteAutomatedBackups: true,
        deletionProtection: false,
        iamDatabaseAuthenticationEnabled: false,
        multiAz: false,
        publiclyAccessible: false,
        skipFinalSnapshot: false,
        storageEncrypted: false,
    },
    changes: {
        autoMinorVersionUpgrade: "update",
        availabilityZone: "replace",
        backupRetentionPeriod: "update",
        engine: "replace",
        maintenanceWindow: "update",
        multiAz: "update",
        parameterGroupName: "update",
    },
    tagged: true,
    secrets: ["password"],
    computed: ["address", "endpoint", "engineVersionActual", "hostedZoneId", "resourceId", "status"],
    check: checkInstance,
    judge: judgeInstance,
    keep: ({ inputs }) => (isTrue(inputs, "deletionProtection") ? "its deletion protection is on" : undefined),
    id: ({ unique }) => `db-${unique.slice(0, 26).toUpperCase()}`,
    arn: (subject) => rds(subject, `db:${textAt(subject.inputs, "identifier")}`),
    outputs: (subject, id) => {
        const { inputs, config, unique } = subject;
        const host = `${textAt(inputs, "identifier")}.c${unique.slice(0, 11)}.${regionOf(inputs, config)}.rds.amazonaws.com`;
        return {
            address: host,
            endpoint: `${host}:${numberAt(inputs, "port") ?? 5432}`,
            // The engine's versions beyond the major one are AWS's to choose.
            engineVersionActual: textAt(inputs, "engineVersion") ?? "",
            hostedZoneId: `Z${unique.slice(0, 13).toUpperCase()}`,
            resourceId: id,
            status: "available",
        };
    },
});

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html (AllocatedStorage, EngineVersion, DBParameterGroupName) */
function judgeInstance({ inputs, before, cloud }: Subject): InputIssue[] {
    const group = textAt(inputs, "parameterGroupName");
    const family = textAt(cloud.get(types.databaseParameters, group ?? "")?.outputs, "family");
    const [version, old] = [inputs, before].map((of) => majorOf(of));
    const [size, oldSize] = [inputs, before].map((of) => numberAt(of, "allocatedStorage") ?? 0);
    return [
        ...judgePlace(inputs, cloud),
        ...(family === undefined || version === undefined || family === `postgres${version}`
            ? []
            : [{ property: "parameterGroupName", reason: `${group} is of ${family}, not of postgres${version}` }]),
        ...((size ?? 0) < (oldSize ?? 0)
            ? [{ property: "allocatedStorage", reason: `cannot become smaller than ${oldSize}, got ${size}` }]
            : []),
        ...((version ?? 0) < (old ?? 0)
            ? [{ property: "engineVersion", reason: `cannot go back from ${old} to ${version}` }]
            : []),
        ...judgeName(inputs, before, cloud),
    ];
}

function majorOf(of: Properties | undefined): number | undefined {
    const version = textAt(of, "engineVersion");
    return version === undefined ? undefined : Number.parseInt(version, 10);
}

function judgePlace(inputs: Properties, cloud: CloudView): InputIssue[] {
    const subnets = cloud.get(types.databaseSubnets, textAt(inputs, "dbSubnetGroupName") ?? "");
    const network = textAt(subnets?.outputs, "vpcId");
    return judgeCallers(inputs, { network, property: "vpcSecurityGroupIds" }, cloud);
}

function judgeName(inputs: Properties, before: Properties | undefined, cloud: CloudView): InputIssue[] {
    const identifier = textAt(inputs, "identifier");
    const taken = cloud.all(types.database).some((other) => textAt(other.inputs, "identifier") === identifier);
    return taken && before === undefined ? [{ property: "identifier", reason: `${identifier} is taken` }] : [];
}

export const databases: Readonly<Record<string, CloudKind>> = { ...subnetGroup, ...parameterGroup, ...instance };
