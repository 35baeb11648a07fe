import {
    appArmorAnnotation,
    appArmorProfiles,
    appArmorTypes,
    handlers,
    hostActions,
    safeSysctls,
    seLinuxTypes,
} from "../facts/pods";
import { processDetour, runtimePipes, runtimeSockets, socketNames } from "../facts/sockets";
import { type AdmissionCheck, allOf, anyOf, hasForm, list, quoted } from "./check";
import { every, everyVolume, pod, security } from "./podParts";

const acceptedType = (profile: string) => `${profile}.?type.orValue('') in ${list(appArmorTypes)}`;

/** A profile that is not there at all is the runtime's own. */
const appArmor = (owner: string) =>
    anyOf([`!${security(owner, "appArmorProfile")}.hasValue()`, acceptedType(security(owner, "appArmorProfile"))]);

const seLinux = (owner: string) =>
    allOf([
        `${security(owner, "seLinuxOptions")}.?type.orValue('') in ${list(seLinuxTypes)}`,
        ...["user", "role"].map((field) => `${security(owner, "seLinuxOptions")}.?${field}.orValue('') == ''`),
    ]);

const escaped = (path: string) => path.replaceAll(".", "\\.");

/** Folders that hold a runtime's socket, at whatever depth; the root of the node is the empty one. */
const socketFolders = [
    ...new Set(
        runtimeSockets.flatMap((socket) => {
            const parts = socket.split("/").slice(1, -1);
            return ["", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
        }),
    ),
];

/** A path of the node with a slash before each part and no empty or `.` part, as it is matched with the patterns below. */
const partsOf = "v.hostPath.path.replace('\\\\', '/').split('/').filter(p, p != '' && p != '.')";
const fromRoot = `${partsOf}.map(p, '/' + p).join('')`;

const reachesSocket = [
    `(^|/)(${socketNames.map(escaped).join("|")})$`,
    `(?i:/pipe/(${runtimePipes.join("|")}))$`,
    `^${processDetour}*(${socketFolders.map(escaped).join("|")})$`,
];

/** What pods have to do with their node beyond their own containers, in the order of the rules' numbers. */
export const surroundingChecks: readonly AdmissionCheck[] = [
    {
        rule: "POD-10",
        title: "No pod reaches the container runtime's socket",
        // CEL cannot follow `..`, which the API itself refuses but in the paths of Windows: one with it reaches anything.
        expression: everyVolume(
            anyOf([
                "!has(v.hostPath)",
                allOf([
                    `!('..' in ${partsOf})`,
                    ...reachesSocket.map((pattern) => `!${fromRoot}.matches(${quoted(pattern)})`),
                ]),
            ]),
        ),
    },
    {
        rule: "POD-11",
        title: "Pods use no port and no host of the node's network",
        expression: every(
            allOf([
                "c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)",
                ...handlers.flatMap((handler) =>
                    hostActions.map(
                        (action) => `c${handler.map((key) => `.?${key}`).join("")}.?${action}.?host.orValue('') == ''`,
                    ),
                ),
            ]),
        ),
    },
    {
        rule: "POD-12",
        title: "Pods keep the kernel's protections as they are",
        expression: allOf([
            appArmor(pod),
            seLinux(pod),
            `${security(pod, "sysctls")}.orValue([]).all(s, s.name in ${list(safeSysctls)})`,
            every(
                allOf([`${security("c", "procMount")}.orValue('Default') == 'Default'`, appArmor("c"), seLinux("c")]),
            ),
            `variables.annotations.all(k, !k.startsWith(${quoted(appArmorAnnotation)}) || ${hasForm("variables.annotations[k]", appArmorProfiles)})`,
        ]),
    },
    {
        rule: "POD-14",
        title: "Pods run as a service account of their own",
        expression: "!(variables.account in ['', 'default'])",
    },
    {
        rule: "POD-18",
        title: "Scratch volumes have a limit",
        expression: everyVolume(
            "!has(v.emptyDir) || quantity(v.emptyDir.?sizeLimit.orValue('0')).isGreaterThan(quantity('0'))",
        ),
    },
];
