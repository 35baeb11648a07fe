import { internetCallers, notTheInternet, optionalInternetCallers, webPorts } from "../../facts/networks";
import { absent, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Sample, SettingSchema, Settings } from "../../rule";
import { isListedObject, objectsSetting } from "../listedObjects";
import { egress } from "./networkPeers.samples";

/** The setting of a rule about network policies that lists those whose pods call the Internet. */
export const internetCallersSetting: Readonly<Record<"internetCallers", SettingSchema>> = {
    internetCallers: objectsSetting({
        description: `Network policies that may let pods call every address at port ${webPorts.join(" or ")}, as long as they except ${notTheInternet.join(", ")}; without it, those of the platform`,
        reason: "Why the addresses cannot be named",
    }),
};

const own = [...internetCallers, ...optionalInternetCallers] as const;

/** Whether a policy is listed as one whose pods call the Internet. */
export function isInternetCaller(subject: Subject, settings: Settings): boolean {
    return isListedObject(settings.internetCallers ?? own, subject);
}

/** Whether all ports of a rule are those of the web. */
export function isForTheWeb(ports: Value): boolean {
    const each = ports.quietly.items();
    return each.length > 0 && each.every(isWebPort);
}

function isWebPort(entry: Value): boolean {
    const [protocol, port] = [entry.get("protocol").text(), entry.get("port").number()];
    const isTcp = protocol === absent || protocol === "TCP";
    return isTcp && !entry.get("endPort").isSet && webPorts.some((each) => each === port);
}

/** Whether a block of addresses excepts everything that is not the Internet. */
export function exceptsOwn(block: Value): boolean {
    const excepted = block.quietly.get("except").texts();
    return notTheInternet.every((each) => excepted.includes(each));
}

interface Call {
    readonly ports: readonly object[];
    readonly except: readonly string[];
}

const web: Call = { ports: [{ protocol: "TCP", port: 443 }], except: notTheInternet };

/** The policy of cert-manager's calls, with a change. */
export function internet(
    change: Partial<Call> = {},
    metadata?: { readonly name: string; readonly namespace: string },
): Sample {
    const { ports, except } = { ...web, ...change };
    const [caller] = own;
    return egress([{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports }], metadata ?? caller);
}
