import type { WorkloadIdentity } from "../cloud/contract";

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
