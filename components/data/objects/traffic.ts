import type { Consumer } from "../../foundation/consumers";
import { selectorOf } from "../../foundation/labels";
import { bucketsJob, objectStore } from "../../foundation/objectStore";
import { podsOf } from "../../kubernetes/consumers";
import { images } from "../../kubernetes/images";
import {
    here,
    inNamespace,
    planCallers,
    planCalls,
    planTrafficOf,
    type TrafficPolicy,
    tcp,
} from "../../kubernetes/traffic";

const { https, ...others } = images.seaweedfs.ports;
const servers = selectorOf(objectStore);
const job = selectorOf(bucketsJob);

/** Ports at which servers call each other. */
const between = tcp(...Object.values(others));

/** Ports for SeaweedFS' own shell: one who leads, and one who knows names. */
const shell = tcp(others["master-grpc"], others["filer-grpc"]);

/** Who calls whom, by the name of the policy. */
export function planObjectTraffic(users: readonly Consumer[]): Readonly<Record<string, TrafficPolicy>> {
    return {
        [objectStore]: planTrafficOf(servers, {
            ingress: [
                { from: [here(servers)], ports: between },
                { from: [here(job)], ports: shell },
            ],
            egress: [{ to: [here(servers)], ports: between }],
        }),
        [bucketsJob]: planCalls(job, [{ to: [here(servers)], ports: shell }]),
        ...(users.length === 0 ? {} : { consumers: planCallers(servers, users.map(byS3)) }),
    };
}

const byS3 = (user: Consumer) => ({ from: [podsOf(user)], ports: tcp(https) });

/** The way to it. */
export function toObjects() {
    return { to: [inNamespace(objectStore, servers)], ports: tcp(https) };
}
