import { recordWriter } from "../cloud/contract";
import { ExternalDns } from "../edge/dns/externalDns";
import { identityOf } from "../kubernetes/identities";
import { managesRecords } from "../settings/dnsChecks";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/**
 * Who writes the records of the hosts; nobody where the cloud keeps no zone, or the stack says that somebody else does. The namespaces that it reads
 * must be there before it, and the routes after it.
 *
 * @throws RangeError where nobody may write into the zone, which the settings refuse
 */
export function createRecords(args: PlatformArgs, routesFrom: string, stage: Stage): readonly ExternalDns[] {
    const { settings, ground } = args;
    const zone = ground?.dnsZone;
    if (ground === undefined || zone === undefined || !managesRecords(settings, zone.name)) return [];
    const identity = identityOf(ground.identities, recordWriter);
    if (identity === undefined) throw new RangeError("records without anybody who may write them");
    return [new ExternalDns("external-dns", { place: systemPlace(args), zone, identity, routesFrom }, stage)];
}
