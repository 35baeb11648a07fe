/** Resources of one API group, by the names that the API server has for them. */
type Resources = Readonly<Record<string, readonly string[]>>;

/**
 * What a backup holds of the cluster, by API group: what people and other programs made, and the volumes. Not in it are Secrets, which come from the
 * store of secrets and from whoever issues certificates, and would leave the cluster with every backup; nor what controllers make anew from the rest.
 */
export const backedUp = {
    "": [
        "configmaps",
        "limitranges",
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "resourcequotas",
        "serviceaccounts",
        "services",
    ],
    apps: ["daemonsets", "deployments", "statefulsets"],
    autoscaling: ["horizontalpodautoscalers"],
    batch: ["cronjobs"],
    "cert-manager.io": ["certificates", "clusterissuers", "issuers"],
    "external-secrets.io": ["clustersecretstores", "externalsecrets", "pushsecrets"],
    "gateway.networking.k8s.io": ["gateways", "httproutes"],
    "networking.istio.io": ["destinationrules", "envoyfilters", "serviceentries", "virtualservices"],
    "networking.k8s.io": ["ingresses", "networkpolicies"],
    policy: ["poddisruptionbudgets"],
    "rbac.authorization.k8s.io": ["clusterrolebindings", "clusterroles", "rolebindings", "roles"],
    "security.istio.io": ["authorizationpolicies", "peerauthentications", "requestauthentications"],
    "storage.k8s.io": ["storageclasses"],
} as const satisfies Resources;

/** What Velero looks at to make a backup, and does not put into it. */
const lookedAt = {
    "": ["nodes", "pods"],
    "apiextensions.k8s.io": ["customresourcedefinitions"],
    "snapshot.storage.k8s.io": ["volumesnapshotclasses"],
} as const satisfies Resources;

/** As a schedule names them: `deployments.apps`. */
export const includedResources: readonly string[] = Object.entries(backedUp).flatMap(([group, resources]) =>
    resources.map((resource) => (group === "" ? resource : `${resource}.${group}`)),
);

const reading = ["get", "list", "watch"];

/** What Velero may do in the whole cluster: read what it backs up, and have volumes copied. To restore, it is given more for as long as that takes (docs/backups.md). */
export const clusterRights = [
    ...[backedUp, lookedAt].flatMap((table) =>
        Object.entries(table).map(([group, resources]) => ({
            apiGroups: [group],
            resources: [...resources],
            verbs: reading,
        })),
    ),
    {
        apiGroups: ["snapshot.storage.k8s.io"],
        resources: ["volumesnapshots", "volumesnapshotcontents"],
        verbs: [...reading, "create", "update", "patch", "delete"],
    },
];

/** Secret that its server makes at its start, for copies of files that are not made here. @see https://github.com/vmware-tanzu/velero/blob/v1.18.1/pkg/repository/keys/keys.go */
const repositorySecret = "velero-repo-credentials";

const ownResources = [
    "backuprepositories",
    "backups",
    "backupstoragelocations",
    "datadownloads",
    "datauploads",
    "deletebackuprequests",
    "downloadrequests",
    "podvolumebackups",
    "podvolumerestores",
    "restores",
    "schedules",
    "serverstatusrequests",
    "volumesnapshotlocations",
];

/** What Velero may do in its own namespace. */
export const ownRights = [
    {
        apiGroups: ["velero.io"],
        resources: [...ownResources, ...ownResources.map((resource) => `${resource}/status`)],
        verbs: [...reading, "create", "update", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["configmaps"], verbs: reading },
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [repositorySecret], verbs: ["get"] },
];
