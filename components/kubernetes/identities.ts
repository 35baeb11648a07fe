import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { WorkloadIdentity } from "../cloud/contract";
import type { ChildOptions } from "../foundation/component";
import type { Inside } from "./trafficPolicies";

/** Who a service account is in the cloud, where the stack gives it an identity there. */
export type Identities = Readonly<Record<string, WorkloadIdentity>>;

/** The identity of one service account, of those that the cloud has. */
export function identityOf(
    identities: Identities,
    account: Pick<WorkloadIdentity, "namespace" | "serviceAccount">,
): WorkloadIdentity | undefined {
    return Object.values(identities).find(
        ({ namespace, serviceAccount }) => namespace === account.namespace && serviceAccount === account.serviceAccount,
    );
}

export interface AccountPlan extends Inside {
    readonly name: string;
    /** Who it is in the cloud; undefined where that is nobody. */
    readonly identity: WorkloadIdentity | undefined;
    /** Whether its pods have its token without asking for it themselves. @default false */
    readonly automountsToken?: boolean;
}

/**
 * The account that the cloud knows pods by. It bears the id, which is known once the cloud lets the pods have it: pods that start before are never told
 * who they are.
 */
export function createAccount(name: string, plan: AccountPlan, child: ChildOptions): ServiceAccount {
    const { identity, automountsToken = false, ...place } = plan;
    const annotations =
        identity === undefined ? {} : { "tars-platform/identity": identity.id, ...identity.annotations };
    const metadata = { ...place, annotations };
    return new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: automountsToken }, child);
}
