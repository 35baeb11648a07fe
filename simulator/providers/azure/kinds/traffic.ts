import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { mapAt, numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { idAt, isWithin } from "../ids";
import { names } from "../names";
import { apiSources, pages, pluginSources, profileRotation } from "../sources";
import { tokens } from "../tokens";
import { networkPath } from "./network";

/** Profiles of Traffic Manager, which lead callers to one of several places. */

const profiles = `${networkPath}/trafficmanagerprofiles/{profileName}`;
const trafficVersion = "2022-04-01";

const profile = armKind({
    path: profiles,
    apiVersion: trafficVersion,
    name: names.trafficProfile,
    required: ["location", "dnsConfig", "monitorConfig", "trafficRoutingMethod"],
    changes: [
        replaces(pluginSources.mutability, "location"),
        refuses(profileRotation, "dnsConfig.relativeName"),
        updates(
            apiSources.trafficManager,
            ...["allowedEndpointRecordTypes", "dnsConfig", "maxReturn", "monitorConfig", "profileStatus"],
            ...["tags", "trafficRoutingMethod", "trafficViewEnrollmentStatus"],
        ),
    ],
    computed: ["profileStatus", "dnsConfig"],
    outputs: ({ inputs }) => ({
        profileStatus: inputs.profileStatus ?? "Enabled",
        dnsConfig: {
            ...mapAt(inputs, "dnsConfig"),
            fqdn: `${textAt(inputs, "dnsConfig.relativeName")}.trafficmanager.net`,
        },
    }),
    check: (inputs) => [
        ...(inputs.location === "global" ? [] : [{ property: "location", reason: "must be global" }]),
        ...monitorIssues(inputs),
        ...ttlIssues(inputs),
    ],
    judge: ({ id, inputs, cloud }) =>
        cloud
            .all(tokens.trafficProfile)
            .filter((other) => other.id !== id)
            .filter(({ outputs }) => relativeName(outputs) === relativeName(inputs))
            .map((other) => ({
                property: "dnsConfig",
                reason: `has the relative name ${relativeName(inputs)}, which ${other.id} has`,
            })),
});

const relativeName = (properties: Properties) => textAt(properties, "dnsConfig.relativeName")?.toLowerCase();

/** Timeouts by the interval, both in seconds (`pages.probes`). */
const timeouts: Readonly<Record<number, { readonly least: number; readonly most: number }>> = {
    30: { least: 5, most: 10 },
    10: { least: 5, most: 9 },
};
const mostRanges = 8;
const mostFailures = 9;

function monitorIssues(inputs: Properties): InputIssue[] {
    const property = "monitorConfig";
    const said = (reason: string) => ({ property, reason: `${reason} (${pages.probes})` });
    const protocol = textAt(inputs, "monitorConfig.protocol");
    const path = textAt(inputs, "monitorConfig.path");
    const interval = numberAt(inputs, "monitorConfig.intervalInSeconds") ?? 30;
    const timeout = numberAt(inputs, "monitorConfig.timeoutInSeconds");
    const failures = numberAt(inputs, "monitorConfig.toleratedNumberOfFailures") ?? 0;
    const ranges = mapAt(inputs, "monitorConfig").expectedStatusCodeRanges;
    const limits = timeouts[interval];
    return [
        ...(protocol !== "TCP" && path === undefined ? [said("must have a path")] : []),
        ...(protocol === "TCP" && path !== undefined ? [said("must have no path for TCP")] : []),
        ...(limits === undefined ? [said(`must ask every 10 or 30 seconds, got ${interval}`)] : []),
        ...(limits !== undefined && timeout !== undefined && (timeout < limits.least || timeout > limits.most)
            ? [said(`must wait ${limits.least} to ${limits.most} seconds, got ${timeout}`)]
            : []),
        ...(failures > mostFailures ? [said(`must tolerate at most ${mostFailures} failures, got ${failures}`)] : []),
        ...(Array.isArray(ranges) && ranges.length > mostRanges
            ? [said(`must have at most ${mostRanges} ranges of codes, got ${ranges.length}`)]
            : []),
    ];
}

function ttlIssues(inputs: Properties): InputIssue[] {
    const ttl = numberAt(inputs, "dnsConfig.ttl") ?? 0;
    if (ttl >= 0 && ttl <= 2_147_483_647) return [];
    return [
        { property: "dnsConfig", reason: `must have a ttl of 0 to 2147483647, got ${ttl} (${pages.trafficManager})` },
    ];
}

const endpoint = armKind({
    path: `${profiles}/{endpointType}/{endpointName}`,
    apiVersion: trafficVersion,
    rules: {
        endpointType: {
            form: /^(AzureEndpoints|ExternalEndpoints|NestedEndpoints)$/,
            says: "AzureEndpoints, ExternalEndpoints or NestedEndpoints",
        },
    },
    changes: [
        updates(
            apiSources.trafficManager,
            ...["alwaysServe", "customHeaders", "endpointLocation", "endpointStatus", "geoMapping"],
            ...["minChildEndpoints", "priority", "subnets", "target", "targetResourceId", "weight"],
        ),
    ],
    computed: ["endpointStatus", "endpointMonitorStatus"],
    outputs: ({ inputs }) => ({
        type: `Microsoft.Network/trafficManagerProfiles/${String(inputs.endpointType)}`,
        endpointStatus: inputs.endpointStatus ?? "Enabled",
        endpointMonitorStatus: "CheckingEndpoint",
    }),
    check: ({ endpointType, target }) =>
        endpointType === "ExternalEndpoints" && target === undefined
            ? [{ property: "target", reason: "is required of an external endpoint" }]
            : [],
    judge: siblingIssues,
});

/** Priorities are said of every endpoint of a profile or of none, each once; names and addresses do not mix. */
function siblingIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const home = idAt(profiles, inputs);
    const others = endpointsOf(home, cloud).filter((other) => other.id !== id);
    const { priority } = inputs;
    const mixed = others.find(({ outputs }) => isAddress(outputs) !== isAddress(inputs));
    const undecided = others.find(({ outputs }) => (outputs.priority === undefined) !== (priority === undefined));
    const same = others.find(({ outputs }) => priority !== undefined && outputs.priority === priority);
    return [
        ...(undecided === undefined
            ? []
            : [{ property: "priority", reason: `must be said of all or none, ${undecided.id} among them` }]),
        ...(same === undefined
            ? []
            : [{ property: "priority", reason: `is ${String(priority)}, as that of ${same.id}` }]),
        ...(mixed === undefined
            ? []
            : [
                  {
                      property: "target",
                      reason: `mixes names and addresses with ${mixed.id} (${pages.trafficManager})`,
                  },
              ]),
    ];
}

export const endpointsOf = (home: string, cloud: CloudView): readonly CloudRecord[] =>
    cloud.all(tokens.trafficEndpoint).filter((other) => isWithin(home, other.id));

export const isAddress = (endpoint: Properties) => /^[\d.]+$|:/.test(textAt(endpoint, "target") ?? "");

export const trafficKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.trafficProfile]: profile,
    [tokens.trafficEndpoint]: endpoint,
};
