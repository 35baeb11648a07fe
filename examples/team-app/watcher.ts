import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "tars-platform-outputs";

export interface WatcherArgs {
    readonly namespace: pulumi.Output<string>;
    /** What the pods are in the platform's cloud; undefined where they are nothing there. */
    readonly identity: pulumi.Output<WorkloadIdentity | undefined>;
    readonly apiUrl: pulumi.Output<string>;
    readonly healthUrl: pulumi.Output<string>;
}

interface WatcherOptions {
    readonly provider: pulumi.ProviderResource;
    /** What pods are checked by, and must not come before. */
    readonly dependsOn: pulumi.Resource[];
}

/** An upstream image that needs nothing but a shell and curl; any user may run it. */
const image = "docker.io/curlimages/curl:8.16.0";

/** Says every 30 seconds what the platform answers; the file tells the probes that the loop goes round. */
const loop = `while :; do
    curl --silent --show-error --max-time 10 --output /dev/null --write-out '%{http_code}\\n' "$HEALTH_URL"
    touch /tmp/round
    sleep 30
done`;

/** Pods that watch the platform's API, with its address from the platform's outputs. */
export function createWatcher(
    name: string,
    { namespace, identity, apiUrl, healthUrl }: WatcherArgs,
    { provider, dependsOn }: WatcherOptions,
): Deployment {
    const labels = { "app.kubernetes.io/name": name };
    const metadata = { name, namespace, labels };
    const annotations = identity.apply((found) => found?.annotations ?? {});
    const podLabels = identity.apply((found) => ({ ...labels, ...found?.podLabels }));
    const own = { metadata: { ...metadata, annotations }, automountServiceAccountToken: false };
    const account = new ServiceAccount(name, own, { provider });
    const data = { API_URL: apiUrl, HEALTH_URL: healthUrl };
    // No name of its own: a changed URL makes a new ConfigMap, and with it new pods that read it.
    const settings = new ConfigMap(name, { metadata: { namespace, labels }, data }, { provider });
    const template = {
        metadata: { labels: podLabels },
        spec: planPod(name, { account: account.metadata.name, settings: settings.metadata.name, labels }),
    };
    const spec = { replicas: 2, selector: { matchLabels: labels }, strategy: oneMoreAtATime, template };
    const deployment = new Deployment(name, { metadata, spec }, { provider, dependsOn });
    const budget = { maxUnavailable: 1, selector: { matchLabels: labels } };
    new PodDisruptionBudget(name, { metadata, spec: budget }, { provider });
    return deployment;
}

const oneMoreAtATime = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } as const;

interface PodParts {
    readonly account: pulumi.Output<string>;
    readonly settings: pulumi.Output<string>;
    readonly labels: Readonly<Record<string, string>>;
}

function planPod(name: string, { account, settings, labels }: PodParts): core.v1.PodSpec {
    const id = 10_001;
    return {
        serviceAccountName: account,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
            runAsNonRoot: true,
            runAsUser: id,
            runAsGroup: id,
            fsGroup: id,
            seccompProfile: { type: "RuntimeDefault" },
        },
        topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: labels },
        })),
        // A class of the platform's: pods that name none are the first to go.
        priorityClassName: "tars-serving",
        containers: [planContainer(name, settings)],
        volumes: [{ name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }],
    };
}

function planContainer(name: string, settings: pulumi.Output<string>): core.v1.Container {
    const wentRound = (minutes: number) => ({
        exec: { command: ["sh", "-c", `test -n "$(find /tmp/round -mmin -${minutes})"`] },
    });
    return {
        name,
        image,
        command: ["sh", "-c", loop],
        envFrom: [{ configMapRef: { name: settings } }],
        resources: {
            requests: { cpu: "50m", memory: "32Mi", "ephemeral-storage": "16Mi" },
            limits: { cpu: "200m", memory: "64Mi", "ephemeral-storage": "16Mi" },
        },
        securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            privileged: false,
            readOnlyRootFilesystem: true,
        },
        startupProbe: { ...wentRound(1), periodSeconds: 2, failureThreshold: 15 },
        readinessProbe: { ...wentRound(2), periodSeconds: 10 },
        livenessProbe: { ...wentRound(5), periodSeconds: 30 },
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
    };
}
