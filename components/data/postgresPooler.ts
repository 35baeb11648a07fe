import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { ChildOptions } from "../foundation/component";
import { imageReference } from "../foundation/imageSources";
import { type Labels, labelsOf } from "../foundation/labels";
import { postgresCluster, postgresPooler } from "../foundation/postgresNames";
import type { PostgresPooler } from "../foundation/postgresPlace";
import { poolerSize } from "../foundation/postgresSizes";
import { createOperatorBudget } from "../kubernetes/budget";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import type { Placement } from "../kubernetes/placement";
import { planToken, tokenMount } from "../kubernetes/pod";
import { containerResources, hardenedContainer, runtimeDefault, spreadOf } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import type { Inside } from "../kubernetes/trafficPolicies";

/** The image that the operator takes by itself. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/versions/versions.go (DefaultPgbouncerImage) */
const image = { repository: "ghcr.io/cloudnative-pg/pgbouncer", tag: "1.25.1" } as const;

export interface PoolerPlan {
    readonly placement: Placement;
    readonly asked: PostgresPooler;
}

/**
 * PgBouncer before the instance that writes, where callers come from now on. It shows the server's certificate, and asks the server for the password that a
 * client must know.
 */
export function createPooler(
    name: string,
    plan: PoolerPlan & { readonly operator: Operator },
    namespace: Inside["namespace"],
    child: ChildOptions,
): CustomResource {
    const labels = labelsOf({ name: postgresPooler.name, component: "pooler" }, plan.placement.ownership);
    const inside = { namespace, labels };
    const { name: of, podLabels } = postgresPooler;
    createOperatorBudget(`${name}-pooler`, { of, pods: plan.asked.instances, podLabels, ...inside }, child);
    const object = {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Pooler",
        name: of,
        // It has no conditions.
        annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=active" },
        ...inside,
        spec: planPooler(plan, labels),
    };
    return createCustomResource(`${name}-pooler`, object, plan.operator, child);
}

/** User and group of PgBouncer's image, which the operator sets in any case. What it runs in the pod reads the Pooler and Secrets from the API server. */
const identity = {
    serviceAccountName: postgresPooler.name,
    automountServiceAccountToken: false,
    securityContext: {
        runAsNonRoot: true,
        runAsUser: 998,
        runAsGroup: 996,
        fsGroup: 996,
        seccompProfile: runtimeDefault,
    },
} as const;

/** Field names are those of the Pooler of CloudNativePG 1.30. @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/cloudnative-pg.v1.md */
function planPooler({ placement, asked }: PoolerPlan, labels: Labels) {
    const size = poolerSize(asked);
    const { nodes } = placement.cluster;
    const container = { resources: containerResources(size), securityContext: hardenedContainer };
    return {
        cluster: { name: postgresCluster },
        type: "rw",
        instances: asked.instances,
        pgbouncer: {
            poolMode: asked.mode,
            image: imageReference(image, placement.imageSources),
            parameters: {
                client_tls_sslmode: "require",
                server_tls_protocols: "tlsv1.3",
                max_client_conn: `${asked.clients}`,
                default_pool_size: `${asked.connections}`,
            },
        },
        template: {
            metadata: { labels },
            spec: {
                ...identity,
                initContainers: [{ name: "bootstrap-controller", ...container }],
                containers: [{ name: "pgbouncer", ...container, volumeMounts: [tokenMount] }],
                volumes: [planToken()],
                priorityClassName: priorityClassName("data"),
                nodeSelector: nodes.general.labels,
                tolerations: [...nodes.general.tolerations],
                topologySpreadConstraints: spreadOf(postgresPooler.podLabels),
            },
        },
    };
}
