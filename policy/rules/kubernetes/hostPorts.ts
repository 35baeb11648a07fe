import { controls } from "../../controls";
import { handlers, hostActions } from "../../facts/pods";
import type { Value } from "../../reading/value";
import type { Report } from "../../rule";
import { containerRule } from "../podRule";

export const hostPorts = containerRule({
    id: "POD-11",
    title: "Pods use no port and no host of the node's network",
    severity: "high",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.6"],
        iso27001: ["8.20"],
        cisKubernetes: ["5.2.13"],
        nsa: ["C-0044"],
    }),
    why: "A port of the node is reached past every NetworkPolicy; a probe with a host makes the kubelet ask whatever address the pod names.",
    fix: "remove hostPort and reach the pod by a Service; remove host from probes and lifecycle handlers",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    samples: {
        passing: [
            { kind: "container", set: { ports: [{ containerPort: 8080 }, { containerPort: 8081, hostPort: 0 }] } },
            {
                kind: "container",
                set: {
                    livenessProbe: { httpGet: { port: 8080, host: "", httpHeaders: [{ name: "Host", value: "a" }] } },
                },
            },
            { kind: "container", set: { lifecycle: { preStop: { sleep: { seconds: 5 } } } } },
        ],
        failing: [
            {
                sample: {
                    kind: "container",
                    set: { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] },
                },
                problem: "is a port of the node",
            },
            ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => [
                asking({ [probe]: { httpGet: { port: 80, host: "169.254.169.254" } } }),
                asking({ [probe]: { tcpSocket: { port: 80, host: "169.254.169.254" } } }),
            ]),
            asking({ lifecycle: { postStart: { httpGet: { port: 80, host: "127.0.0.1" } } } }),
            asking({ lifecycle: { preStop: { tcpSocket: { port: 80, host: "127.0.0.1" } } } }),
        ],
    },
    checkContainer: ({ value }, report) => {
        for (const port of value.get("ports").items()) checkPort(port.get("hostPort"), report);
        for (const path of handlers) checkHandler(value.get(...path), report);
    },
});

function checkPort(hostPort: Value, report: Report): void {
    const port = hostPort.number();
    if (typeof port === "number" && port !== 0) report({ path: hostPort.path, problem: "is a port of the node" });
}

function checkHandler(handler: Value, report: Report): void {
    for (const action of hostActions) {
        const host = handler.get(action, "host");
        const text = host.text();
        if (typeof text === "string" && text !== "") report({ path: host.path, problem: "is set" });
    }
}

function asking(set: Readonly<Record<string, unknown>>) {
    return { sample: { kind: "container", set }, problem: "is set" } as const;
}
