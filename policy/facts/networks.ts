/** Where machines of AWS and Azure get their credentials and settings: the metadata services, and Azure's host agent. */
export const metadataAddresses = ["169.254.169.254", "fd00:ec2::254", "168.63.129.16"] as const;

export const dnsPort = 53;
/** Names that containers give to a port for names. */
export const dnsPortNames = ["dns", "dns-tcp", "domain"] as const;

/** What the Gateway API labels the pods of a Gateway with. @see https://gateway-api.sigs.k8s.io/geps/gep-1762/#resource-attachment */
export const gatewayLabel = "gateway.networking.k8s.io/gateway-name";

/** Ports on which a gateway takes requests from anywhere. */
export const webPorts = [80, 443] as const;

/** Blocks with a shorter prefix hold more than the largest private network: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). */
export const widestPrefixes = { ipv4: 8, ipv6: 7 } as const;
