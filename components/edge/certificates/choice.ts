/** Who vouches for the platform's certificate, and for how long. */
export type IssuerChoice =
    | {
          /** An authority of the platform's own, which nobody trusts who was not told to. */
          readonly issuer: "selfSigned";
          readonly lifetimeDays: number;
          readonly renewBeforeDays: number;
          readonly rootLifetimeDays: number;
      }
    | {
          /** Let's Encrypt: to try, with certificates that nobody trusts, and in earnest. */
          readonly issuer: "letsencryptStaging" | "letsencryptProd";
          /** Whom it warns. */
          readonly email: string;
      }
    | {
          /** An authority of the company, whose key somebody else has put into a Secret of cert-manager's namespace. */
          readonly issuer: "corporate";
          readonly caSecret: string;
          readonly lifetimeDays: number;
          readonly renewBeforeDays: number;
      };

/** Whole days as cert-manager takes them: it knows no longer unit than the hour. */
export function days(count: number): `${number}h` {
    return `${count * 24}h`;
}

/** A new key at every renewal, on the curve that every client knows. */
export const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

/** Names longer than this have no place in the subject of a certificate (ub-common-name of RFC 5280); they are among its DNS names anyway. */
export const longestCommonName = 64;
