import { SecurityGroup } from "@pulumi/aws/ec2";
import { Listener, LoadBalancer, TargetGroup } from "@pulumi/aws/lb";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../../../foundation/names";
import { everywhere } from "../../../foundation/ranges";
import type { AwsAccount } from "../account";
import type { Cluster } from "../cluster";
import { clusterName, nameRules } from "../names";
import type { Network } from "../network";
import { balancerMark } from "../tags";

export interface BalancerPlan {
    readonly account: AwsAccount;
    readonly network: Network;
    readonly cluster: Cluster;
    /** Bucket for the record of requests. */
    readonly accessLogs: pulumi.Output<string>;
    /** Seconds after which a request that is not answered ends. */
    readonly requestSeconds: number;
}

export interface BalancerMade {
    readonly balancer: LoadBalancer;
    readonly targets: TargetGroup;
}

/**
 * Ports of the gateway's pods: TLS, and Envoy's own health, in plain HTTP.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml (readinessProbe)
 */
const podPorts = { https: 443, health: 15_021 } as const;

/** Where the load balancer writes who asked for what, below the bucket of access records. */
export const accessLogPrefix = "load-balancers";

/**
 * A load balancer of the application layer in the public subnets. It belongs to the stack and not to the controller in the cluster: so the plan
 * shows what strangers come to, and the controller needs no right to web ACLs, certificates or load balancers of this kind.
 */
export function createBalancer(name: string, plan: BalancerPlan, parent: pulumi.Resource): BalancerMade {
    const { account, network, accessLogs: bucket, requestSeconds } = plan;
    const physical = balancerName(account);
    const args = {
        name: physical,
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: [...network.subnets.public],
        securityGroups: [createGroup(name, plan, parent)],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        // The gateway tells hosts apart by this header, and callers by the last address in the other one.
        preserveHostHeader: true,
        xffHeaderProcessingMode: "append",
        // Otherwise it would end what the gateway still waits for.
        idleTimeout: requestSeconds,
        enableDeletionProtection: account.isGuarded,
        accessLogs: { enabled: true, bucket, prefix: accessLogPrefix },
        tags: account.tags(physical),
    };
    const balancer = new LoadBalancer(`${name}-balancer`, args, account.kept("loadBalancer", parent));
    return { balancer, targets: createTargets(name, plan, parent) };
}

function balancerName({ section }: AwsAccount): string {
    return physicalName(nameRules.loadBalancer, section.name, "edge");
}

/** Everybody comes in, and from there to two ports of pods. */
function createGroup(name: string, plan: BalancerPlan, parent: pulumi.Resource): pulumi.Output<string> {
    const { account, network, cluster } = plan;
    const child = account.child(parent);
    const physical = physicalName(nameRules.securityGroup, account.section.name, "edge");
    const place = { name: physical, description: "The load balancer of the edge", vpcId: network.id };
    const group = new SecurityGroup(`${name}-group`, { ...place, tags: account.tags(physical) }, child);
    const rule = (port: number, description: string) => ({
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description,
    });
    for (const [key, port] of Object.entries({ http: 80, https: 443 })) {
        const open = { ...rule(port, "callers from the Internet"), cidrIpv4: everywhere };
        const args = { securityGroupId: group.id, ...open, tags: account.tags(`callers-${key}`) };
        new SecurityGroupIngressRule(`${name}-callers-${key}`, args, child);
    }
    for (const [key, port] of Object.entries(podPorts)) {
        const [out, into] = [`edge-to-pods-${key}`, `pods-from-edge-${key}`];
        const toPods = { ...rule(port, "the gateway's pods"), referencedSecurityGroupId: cluster.nodeSecurityGroup };
        const fromEdge = { ...rule(port, "the load balancer of the edge"), referencedSecurityGroupId: group.id };
        const outward = { securityGroupId: group.id, ...toPods, tags: account.tags(out) };
        new SecurityGroupEgressRule(`${name}-${out}`, outward, child);
        const inward = { securityGroupId: cluster.nodeSecurityGroup, ...fromEdge, tags: account.tags(into) };
        new SecurityGroupIngressRule(`${name}-${into}`, inward, child);
    }
    return group.id;
}

/** Seconds that requests under way have left when a pod goes. Ours: as long as the gateway drains. */
const drainSeconds = 30;

/**
 * The gateway's pods, by their addresses. The controller in the cluster puts them in and takes them out, which the mark lets it do.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
function createTargets(name: string, { account, network }: BalancerPlan, parent: pulumi.Resource): TargetGroup {
    const physical = balancerName(account);
    const args = {
        name: physical,
        targetType: "ip",
        ipAddressType: "ipv4",
        vpcId: network.id,
        port: podPorts.https,
        protocol: "HTTPS",
        protocolVersion: "HTTP1",
        deregistrationDelay: drainSeconds,
        healthCheck: {
            protocol: "HTTP",
            port: `${podPorts.health}`,
            path: "/healthz/ready",
            matcher: "200",
            interval: 10,
            timeout: 5,
            healthyThreshold: 2,
            unhealthyThreshold: 2,
        },
        tags: { ...account.tags(physical), [balancerMark]: clusterName(account.section) },
    };
    return new TargetGroup(`${name}-targets`, args, account.child(parent));
}

export interface ListenerPlan extends BalancerMade {
    readonly account: AwsAccount;
    /** ARN of the certificate. */
    readonly certificate: pulumi.Output<string>;
    /** What must stand before anybody is let in. */
    readonly after: pulumi.Resource[];
}

/**
 * TLS 1.3 alone, as at the gateway; towards the gateway AWS then speaks it too.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";

/** Plain HTTP is sent on to HTTPS, and HTTPS goes to the gateway. */
export function createListeners(name: string, plan: ListenerPlan, parent: pulumi.Resource): readonly Listener[] {
    const { account, balancer, targets, certificate, after } = plan;
    const child = { ...account.child(parent), dependsOn: after };
    const place = { loadBalancerArn: balancer.arn, tags: account.tags(balancerName(account)) };
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    const plain = { ...place, port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }] };
    const forward = { type: "forward", targetGroupArn: targets.arn };
    const tls = { port: 443, protocol: "HTTPS", sslPolicy: tlsPolicy, certificateArn: certificate };
    return [
        new Listener(`${name}-http`, plain, child),
        new Listener(`${name}-https`, { ...place, ...tls, defaultActions: [forward] }, child),
    ];
}
