import { Certificate, CertificateValidation } from "@pulumi/aws/acm";
import { Record } from "@pulumi/aws/route53";
import type { acm } from "@pulumi/aws/types/output";
import type * as pulumi from "@pulumi/pulumi";
import type { DnsZone } from "../../contract";
import type { AwsAccount } from "../account";

export interface CertificatePlan {
    readonly account: AwsAccount;
    readonly zone: DnsZone;
    /** Names that it is for, the most important first. */
    readonly hosts: readonly string[];
}

/** Seconds that others may remember the proof. */
const ttl = 300;

/**
 * A certificate of AWS for all hosts, proven by records in the stack's zone, which stay for its renewals. Its key never leaves AWS.
 *
 * @returns its ARN, once AWS has issued it: before that no listener takes it
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function createCertificate(name: string, plan: CertificatePlan, parent: pulumi.Resource): pulumi.Output<string> {
    const { account, zone, hosts } = plan;
    const [domainName = "", ...subjectAlternativeNames] = hosts;
    const tags = account.tags(domainName);
    const args = { domainName, subjectAlternativeNames, validationMethod: "DNS", tags };
    const child = account.child(parent);
    const certificate = new Certificate(`${name}-certificate`, args, child);
    const records = provenNames(hosts).map((host) => {
        const proof = certificate.domainValidationOptions.apply((options) => proofOf(options, host));
        const record = {
            zoneId: zone.id,
            name: proof.apply(({ resourceRecordName }) => resourceRecordName),
            type: proof.apply(({ resourceRecordType }) => resourceRecordType),
            records: [proof.apply(({ resourceRecordValue }) => resourceRecordValue)],
            ttl,
        };
        return new Record(`${name}-proof-${host}`, record, child);
    });
    const validationRecordFqdns = records.map(({ fqdn }) => fqdn);
    const validated = { certificateArn: certificate.arn, validationRecordFqdns };
    return new CertificateValidation(`${name}-issued`, validated, child).certificateArn;
}

/** A wildcard is proven by the same record as the name that it stands below. */
export function provenNames(hosts: readonly string[]): readonly string[] {
    return [...new Set(hosts.map((host) => host.replace(/^\*\./, "")))];
}

/** @throws RangeError when AWS says nothing of the host, which it lists for every name of a certificate */
function proofOf(options: readonly acm.CertificateDomainValidationOption[], host: string) {
    const found = options.find(({ domainName }) => domainName === host || domainName === `*.${host}`);
    if (found === undefined) throw new RangeError(`the certificate has no proof for ${host}`);
    return found;
}
