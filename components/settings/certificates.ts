import { z } from "zod";
import { count, dnsLabel } from "./fields";

/** Longest lifetime of a certificate that an authority of one's own, or of the company, gives; the root of the first may live longer. */
const longestYears = 10;

const lifetimeDays = (initial: number) =>
    count(1, 825)
        .default(initial)
        .meta({ description: "days that the certificate is valid", examples: [initial] });

const renewBeforeDays = count(1, 365)
    .default(30)
    .meta({ description: "days before its end when a new one is asked for", examples: [30] });

const who = { description: "who issues the certificate", examples: ["letsencryptProd"] };

/** 365 days are those of requirements/001; clients of Apple take no certificate of more than 825 days. */
const selfSigned = z.strictObject({
    issuer: z.literal("selfSigned").meta(who),
    lifetimeDays: lifetimeDays(365),
    renewBeforeDays,
    rootLifetimeDays: count(2, longestYears * 365)
        .default(longestYears * 365)
        .meta({ description: "days that the platform's own authority is valid", examples: [3650] }),
});

const letsEncrypt = z.strictObject({
    issuer: z.enum(["letsencryptStaging", "letsencryptProd"]).meta(who),
    email: z
        .email({ error: "must be an e-mail address" })
        .meta({ description: "whom Let's Encrypt tells of trouble", examples: ["platform@example.com"] }),
    solver: z
        .enum(["http01", "dns01"])
        .default("http01")
        .meta({
            description: "how hosts are proven: http01 by an answer at the host, dns01 by a record in the stack's zone",
            examples: ["http01"],
        }),
});

const corporate = z.strictObject({
    issuer: z.literal("corporate").meta(who),
    caSecret: dnsLabel().meta({
        description: "name of the Secret in namespace cert-manager with the authority's tls.crt and tls.key",
        examples: ["corporate-ca"],
    }),
    lifetimeDays: lifetimeDays(90),
    renewBeforeDays,
});

export const certificates = z.discriminatedUnion("issuer", [selfSigned, letsEncrypt, corporate]).meta({
    description: "who issues the platform's certificate; without it, in dev only, an authority of its own",
    examples: [{ issuer: "letsencryptProd", email: "platform@example.com" }],
});

export type CertificateSettings = z.output<typeof certificates>;

/** What dev has where its file says nothing: nobody outside has to trust its certificate. */
export const ownAuthority: CertificateSettings = selfSigned.parse({ issuer: "selfSigned" });
