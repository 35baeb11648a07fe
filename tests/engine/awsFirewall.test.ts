import type { Properties } from "../../simulator/providers/properties";
import { account, inFreshAccounts, make, statement, subnetA, subnetB, token, vpcId } from "./awsGround";

/** What the simulated account asks of a load balancer behind a web ACL, of its certificate and of its names. */

const types = {
    balancer: token("lb", "LoadBalancer"),
    targets: token("lb", "TargetGroup"),
    listener: token("lb", "Listener"),
    certificate: token("acm", "Certificate"),
    validation: token("acm", "CertificateValidation"),
    record: token("route53", "Record"),
    acl: token("wafv2", "WebAcl"),
    association: token("wafv2", "WebAclAssociation"),
    logging: token("wafv2", "WebAclLoggingConfiguration"),
    ipSet: token("wafv2", "IpSet"),
};
const host = "app.tars.example.com";
const visibilityConfig = { metricName: "edge", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };

const internet = () => make(token("ec2", "InternetGateway"), { vpcId });
const balancer = (more: Properties = {}) =>
    make(types.balancer, { name: "edge", subnets: [subnetA, subnetB], ...more });
const targets = (more: Properties = {}) =>
    make(types.targets, { name: "edge", targetType: "ip", port: 443, protocol: "HTTPS", vpcId, ...more });
const certificate = (more: Properties = {}) =>
    make(types.certificate, { domainName: host, validationMethod: "DNS", ...more });
const zone = () => make(token("route53", "Zone"), { name: "tars.example.com" });
const acl = (more: Properties = {}) =>
    make(types.acl, { name: "edge", scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig, ...more });
const arnOf = (id: string) => account.outputsOf(types.acl, id, "arn");
const group = { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } };
const rule = (name: string, more: Properties) => ({ name, priority: 0, visibilityConfig, statement: group, ...more });

/** The record that proves the host, in the zone. */
async function proof(certificateArn: string, zoneId: string): Promise<string> {
    const of = (part: string) =>
        account.outputsOf(types.certificate, certificateArn, `domainValidationOptions.resourceRecord${part}`);
    return make(types.record, { zoneId, name: of("Name"), type: of("Type"), records: [of("Value")], ttl: 300 });
}

async function issued(): Promise<string> {
    const certificateArn = await certificate();
    await proof(certificateArn, await zone());
    await make(types.validation, { certificateArn });
    return certificateArn;
}

async function logs(policy: string, sseAlgorithm = "AES256"): Promise<string> {
    const bucket = await make(token("s3", "Bucket"), { bucket: "records" });
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }];
    await make(token("s3", "BucketServerSideEncryptionConfiguration"), { bucket, rules });
    await make(token("s3", "BucketPolicy"), { bucket, policy });
    return bucket;
}

const written = (service: string) =>
    statement({ Principal: { Service: service }, Action: "s3:PutObject", Resource: "arn:aws:s3:::records/*" });
const delivery = "logdelivery.elasticloadbalancing.amazonaws.com";

inFreshAccounts();

test("a load balancer, its certificate, its names and its web ACL come up in their order, and go in reverse", async () => {
    await internet();
    const accessLogs = { enabled: true, bucket: await logs(written(delivery)) };
    const loadBalancerArn = await balancer({ accessLogs });
    expect(loadBalancerArn).toMatch(
        /^arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer\/app\/edge\/[0-9a-f]{16}$/,
    );
    const [targetGroupArn, certificateArn, id] = [await targets(), await issued(), await acl()];
    await make(types.association, { resourceArn: loadBalancerArn, webAclArn: arnOf(id) });
    const listener = await make(types.listener, {
        loadBalancerArn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn }],
    });
    expect(listener).toContain(":listener/app/edge/");
    await expect(account.remove(types.targets, targetGroupArn)).rejects.toThrow(listener);
    await expect(account.remove(types.acl, id)).rejects.toThrow("WebAclAssociation");
    await account.remove(types.listener, listener);
    await account.remove(types.targets, targetGroupArn);
});

test("a host is another name of a load balancer that is there, once", async () => {
    await internet();
    const name = account.outputsOf(types.balancer, await balancer(), "dnsName");
    const args = { zoneId: await zone(), name: host, type: "A" };
    const alias = (target: string) => ({
        ...args,
        aliases: [{ name: target, zoneId: "Z1", evaluateTargetHealth: true }],
    });
    await expect(make(types.record, alias("elsewhere.example.com"))).rejects.toThrow(
        "is no load balancer of the account",
    );
    await expect(make(types.record, alias(name))).resolves.toMatch(`_${host}_A`);
    await expect(make(types.record, alias(name), "again")).rejects.toThrow("the zone has such a record already");
});

test("a record of a zone is named below it, and the zone stays as long as it has one", async () => {
    const zoneId = await zone();
    const id = await make(types.record, { zoneId, name: "www", type: "TXT", records: ["a"], ttl: 60 });
    expect(account.outputsOf(types.record, id, "fqdn")).toBe("www.tars.example.com");
    await expect(account.remove(token("route53", "Zone"), zoneId)).rejects.toThrow(id);
});

test("guarded by its own protection, a load balancer stays", async () => {
    await internet();
    const arn = await balancer({ enableDeletionProtection: true });
    await expect(account.remove(types.balancer, arn)).rejects.toThrow("its deletion protection is on");
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["a public load balancer in a network without a way out", () => balancer(), "which has no internet gateway"],
    [
        "a load balancer in one zone",
        () => balancer({ internal: true, subnets: [subnetA] }),
        "must be of at least two zones",
    ],
    ["a name too long", () => balancer({ name: "e".repeat(33) }), "must be up to 32 letters"],
    ["a load balancer of the transport layer", () => balancer({ loadBalancerType: "network" }), "is application, got"],
    [
        "records where nobody lets it write",
        async () =>
            balancer({
                internal: true,
                accessLogs: { enabled: true, bucket: await logs(written("logs.example.com")) },
            }),
        "does not let load balancers write",
    ],
    [
        "records in a bucket with a key of KMS",
        async () =>
            balancer({
                internal: true,
                accessLogs: { enabled: true, bucket: await logs(written(delivery), "aws:kms") },
            }),
        "only AES256 is supported",
    ],
    [
        "targets without a port",
        () => make(types.targets, { name: "edge", targetType: "ip", protocol: "HTTPS", vpcId }),
        "port is required",
    ],
    [
        "TLS with a certificate that is not issued",
        async () => listener({ protocol: "HTTPS", port: 443, certificateArn: await certificate() }),
        "is not issued yet",
    ],
    [
        "TLS without a certificate",
        () => listener({ protocol: "HTTPS", port: 443 }),
        "certificateArn is required for HTTPS",
    ],
    [
        "a policy of TLS for plain HTTP",
        () => listener({ protocol: "HTTP", port: 80, sslPolicy: "ELBSecurityPolicy-2016-08" }),
        "sslPolicy is for HTTPS only",
    ],
    [
        "a certificate that nothing proves",
        async () => make(types.validation, { certificateArn: await certificate() }),
        `.${host}., which no zone has`,
    ],
    ["a certificate proven by mail", () => certificate({ validationMethod: "EMAIL" }), "is DNS, got EMAIL"],
    [
        "two rules at one place",
        () =>
            acl({ rules: [rule("a", { overrideAction: { none: {} } }), rule("b", { overrideAction: { none: {} } })] }),
        "is the same of two rules",
    ],
    ["a group of rules with an action", () => acl({ rules: [rule("a", { action: { block: {} } })] }), "a has not"],
    ["a web ACL for CloudFront", () => acl({ scope: "CLOUDFRONT" }), "is REGIONAL, got CLOUDFRONT"],
    [
        "a limit that AWS WAF does not have",
        () =>
            acl({
                rules: [
                    rule("rate", {
                        action: { block: {} },
                        statement: { rateBasedStatement: { limit: 9, aggregateKeyType: "IP" } },
                    }),
                ],
            }),
        "the number is not 10 to",
    ],
    [
        "a set of addresses that is everybody",
        () => make(types.ipSet, { name: "all", scope: "REGIONAL", ipAddressVersion: "IPV4", addresses: ["0.0.0.0/0"] }),
        "must be IPv4 ranges of at least /1",
    ],
    [
        "a second web ACL of one load balancer",
        async () => {
            await internet();
            const resourceArn = await balancer();
            await make(types.association, { resourceArn, webAclArn: arnOf(await acl()) }, "a");
            const other = await make(
                types.acl,
                {
                    name: "other",
                    scope: "REGIONAL",
                    defaultAction: { allow: {} },
                    visibilityConfig,
                },
                "b",
            );
            await make(types.association, { resourceArn, webAclArn: arnOf(other) }, "b");
        },
        "has a web ACL already",
    ],
    [
        "a record of a web ACL under any name",
        async () => {
            const log = await make(token("cloudwatch", "LogGroup"), { name: "edge" });
            const destination = account.outputsOf(token("cloudwatch", "LogGroup"), log, "arn");
            const resourceArn = arnOf(await acl());
            await make(types.logging, { resourceArn, logDestinationConfigs: [destination] });
        },
        "begins with aws-waf-logs-",
    ],
])("refused: %s", async (_what, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
});

async function listener(more: Properties): Promise<string> {
    const loadBalancerArn = await balancer({ internal: true });
    const defaultActions = [{ type: "forward", targetGroupArn: await targets() }];
    return make(types.listener, { loadBalancerArn, defaultActions, ...more });
}
