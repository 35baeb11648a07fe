/** Name of the Certificate of a dashboard's host, and of its Secret beside the gateway. */
export function dashboardCertificate(dashboard: string): string {
    return `dashboard-${dashboard}-cert`;
}

/** Name of the network policy by which the login calls the issuer. */
export const issuerPolicy = "issuer";
