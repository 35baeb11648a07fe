import { addresses } from "./addresses";

const crds = "https://raw.githubusercontent.com/vmware-tanzu/velero/v1.18.1/config/crd";

/** All kinds of Velero, file by file as its maker keeps them: its server does not start where one is missing. @see https://github.com/vmware-tanzu/velero/blob/v1.18.1/pkg/cmd/server/server.go (veleroResourcesExist) */
export const veleroAddresses = [
    ...addresses(`${crds}/v1/bases`, [
        "velero.io_backuprepositories",
        "velero.io_backups",
        "velero.io_backupstoragelocations",
        "velero.io_deletebackuprequests",
        "velero.io_downloadrequests",
        "velero.io_podvolumebackups",
        "velero.io_podvolumerestores",
        "velero.io_restores",
        "velero.io_schedules",
        "velero.io_serverstatusrequests",
        "velero.io_volumesnapshotlocations",
    ]),
    ...addresses(`${crds}/v2alpha1/bases`, ["velero.io_datadownloads", "velero.io_datauploads"]),
] as const;
