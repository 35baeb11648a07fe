import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../../foundation/component";
import { grant } from "../roles";
import { placeOf, type Site } from "../site";

export interface Reader {
    readonly identity: UserAssignedIdentity;
    /** Without it Azure refuses the listener. */
    readonly right: pulumi.Resource;
}

/** Who fetches the callers' certificate: an identity that may read this one secret and nothing else. */
export function createReader(name: string, site: Site, certificate: string, child: ChildOptions): Reader {
    const resourceName = site.naming("identity", "firewall");
    const identity = new UserAssignedIdentity(`${name}-identity`, { ...placeOf(site), resourceName }, child);
    const whom = { kind: "ServicePrincipal", principal: identity.principalId } as const;
    const role = { role: "vaultSecretsUser", scope: certificate } as const;
    return { identity, right: grant(`${name}-reads-certificate`, site, { ...role, ...whom }, child) };
}
