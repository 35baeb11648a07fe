import { changeCount, type Deployment, resourceCount, type Session } from "../../simulator/session";
import { colour, duration, table } from "./terminal";

/** What a person wants to know once a stack is up. */
export function deploymentSummary(session: Session, deployment: Deployment, tookMs: number): string {
    const { pods, nodes, changes } = deployment;
    const resources = resourceCount(changes);
    const done = changeCount(changes) === 0 ? "no changes" : `${changeCount(changes)} changed`;
    return [
        "",
        colour.bold(
            `The stack ${session.stack} is up: ${resources} resources (${done}), ${pods.length} pods ready, ${duration(tookMs)}.`,
        ),
        "",
        "Running",
        indent(
            table(
                deployment.workloads.map(({ namespace, kind, name, ready, desired }) => [
                    `${namespace}/${name}`,
                    kind,
                    `${ready} of ${desired} ready`,
                ]),
            ),
        ),
        "",
        "Nodes (simulated)",
        indent(
            table(
                nodes.map((node) => [
                    node.name,
                    node.zone,
                    `${node.cpu} cores`,
                    node.memory,
                    `${podsOn(node.name, deployment)} pods`,
                ]),
            ),
        ),
        "",
        "Where",
        indent(table(places(session, deployment))),
        "",
        "Real: the Pulumi engine, the policy pack, the Kubernetes API server, scheduler and controllers.",
        "Simulated: the nodes. No container runs, so the hosts above answer nothing and logs are empty.",
        "",
        "Next",
        indent(table(nextSteps(session.stack))),
        "",
    ].join("\n");
}

function podsOn(node: string, { pods }: Deployment): number {
    return pods.filter((pod) => pod.node === node).length;
}

function places(
    session: Session,
    { cluster, hosts, policyPacks, violations }: Deployment,
): readonly (readonly string[])[] {
    const advice =
        violations.length === 0
            ? "nothing to report"
            : `${violations.length} advisory findings: npx tars policy ${session.stack}`;
    const sources = session.plugins.map(({ name, source }) => `${name} (${source})`).join(", ");
    return [
        ["API server", cluster.apiServer],
        ["kubeconfig", cluster.kubeconfig],
        ["hosts", hosts.join(", ") || "none"],
        ["policy", `${policyPacks.join(", ")}: ${advice}`],
        ["plugins", sources],
        ["state", session.paths.directory],
    ];
}

function nextSteps(stack: string): readonly (readonly string[])[] {
    return [
        ["npx tars kubectl get pods -A", "look at what runs"],
        ["npx tars pulumi preview", `see what a change would do: change a value in Pulumi.${stack}.yaml first`],
        ["npm start", "bring that change up"],
        ["npx tars down", "stop everything; the state is kept"],
    ];
}

function indent(text: string): string {
    return text.replace(/^/gm, "  ");
}
