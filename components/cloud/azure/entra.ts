/** Entra ID, which vouches for whoever calls Azure. */
export const entraHost = "login.microsoftonline.com";

/**
 * Where it answers: row 56, which has that host, without its IPv6 blocks.
 *
 * @see https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges (14 August 2026)
 */
export const entraRanges = ["20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"] as const;

/** Where a tenant's programs ask for tokens. @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
export function tokenEndpoint(tenant: string): string {
    return `https://${entraHost}/${tenant}/oauth2/v2.0/token`;
}
