import {
    type ClickHouseServers,
    clickHouseNamespace,
    clickHouseService,
    hostsOf,
} from "../../foundation/clickHouseNames";
import type { CertifiedPlan, Life, OwnAuthorityPlan } from "../../kubernetes/ownAuthority";

/** Secrets with the certificate that servers and Keepers show each other, its key, and the certificate of who vouches for it (`ca.crt`). */
export const serverCertificate = "clickhouse-tls";
export const keeperCertificate = "keeper-tls";

/** Where pods have theirs. Programs read them again when they change, but for what Keepers tell each other by. */
export const certificateFolder = "/tls";

/** Five years, and two years before: Keepers read it when they start, and 25.8 never again. @see https://github.com/ClickHouse/ClickHouse/issues/89670 */
const readOnce: Life = { duration: "43800h0m0s", renewBefore: "17520h0m0s" };

/** Of an authority that signs for ClickHouse and Keeper alone, so that having one of its certificates is enough to be let in by Keeper. */
export function planAuthority({ shards, replicas, keepers }: ClickHouseServers): OwnAuthorityPlan {
    const servers = hostsOf("chi", shards, replicas).flatMap(namesOf);
    const certificates = [
        planMember(serverCertificate, [...namesOf(clickHouseService), ...servers]),
        { ...planMember(keeperCertificate, hostsOf("chk", 1, keepers).flatMap(namesOf)), life: readOnce },
    ];
    return { service: "clickhouse", certificates, isToldElsewhere: true };
}

/** Members call and are called. */
function planMember(name: string, dnsNames: readonly string[]): CertifiedPlan {
    return { role: name, name, secret: name, dnsNames, usages: ["server auth", "client auth"] };
}

/** As pods of this namespace, and of others, write the name of a Service. */
function namesOf(service: string): readonly string[] {
    const inNamespace = `${service}.${clickHouseNamespace}`;
    return [service, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.cluster.local`];
}
