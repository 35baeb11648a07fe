import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import { labelsOf, type Ownership } from "../../foundation/labels";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { days, type IssuerChoice, longestCommonName, privateKey } from "./choice";
import type { IssuerReference } from "./issuers";

export interface EdgeCertificateArgs {
    readonly place: { readonly cluster: ClusterHandle; readonly ownership: Ownership };
    readonly operator: Operator;
    /** Namespace of the pods that end TLS: the Secret is read there and nowhere else. */
    readonly namespace: pulumi.Input<string>;
    readonly choice: IssuerChoice;
    readonly issuer: IssuerReference;
    /** Names that it is for, the most important first. */
    readonly hosts: readonly string[];
    /** Organisation (O) that it names, where the issuer lets it. */
    readonly organisation: string;
    /** Name of the Certificate and of its Secret; that of the application is requirements/001's. */
    readonly secretName: string;
}

/**
 * Share of a certificate's lifetime, in percent, that is left when a new one is asked for. Let's Encrypt alone says how long that is: 90 days, and from
 * 2027 on less in steps, so a number of days would one day be too many.
 *
 * @see https://letsencrypt.org/2025/12/02/from-90-to-45
 */
const renewalPercentage = 33;

/** The certificate that hosts of the platform are served with. */
export class EdgeCertificate extends TarsComponent {
    /** Name of the TLS Secret. */
    readonly secretName: string;

    constructor(name: string, args: EdgeCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "EdgeCertificate", name, opts);
        const { place, namespace, operator, secretName } = args;
        const labels = labelsOf({ name: secretName, component: "edge" }, place.ownership);
        const spec = { secretName, ...planCertificate(args), secretTemplate: { labels } };
        const child = { parent: this, provider: place.cluster.provider };
        const plan = {
            apiVersion: "cert-manager.io/v1",
            kind: "Certificate",
            name: secretName,
            namespace,
            labels,
            spec,
        };
        createCustomResource(name, plan, operator, child);
        this.secretName = secretName;
        this.registerOutputs({ secretName });
    }
}

/** What the certificate is to be like, whoever issues it. */
export function planCertificate({
    choice,
    issuer,
    hosts,
    organisation,
}: Pick<EdgeCertificateArgs, "choice" | "issuer" | "hosts" | "organisation">) {
    return {
        dnsNames: [...hosts],
        usages: ["digital signature", "server auth"],
        privateKey,
        issuerRef: { ...issuer },
        ...planLifetime(choice, { hosts, organisation }),
    };
}

/** Let's Encrypt decides the lifetime and the subject itself; other authorities do as they are asked. */
function planLifetime(
    choice: IssuerChoice,
    { hosts, organisation }: { readonly hosts: readonly string[]; readonly organisation: string },
) {
    if (!("lifetimeDays" in choice)) return { renewBeforePercentage: renewalPercentage };
    const [host = ""] = hosts;
    return {
        ...(host.length > longestCommonName ? {} : { commonName: host }),
        subject: { organizations: [organisation] },
        duration: days(choice.lifetimeDays),
        renewBefore: days(choice.renewBeforeDays),
    };
}
