import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { postgresOperator } from "../foundation/postgresNames";
import { postgresOperatorSizes } from "../foundation/postgresSizes";
import { createOperatorBudget } from "../kubernetes/budget";
import { createChart } from "../kubernetes/chart";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { createTraffic, type Inside } from "../kubernetes/trafficPolicies";
import { createPluginCertificates } from "./pluginCertificates";
import { createPluginRights } from "./pluginRights";
import { planTraffic } from "./postgresOperatorTraffic";
import {
    operatorVersion,
    planOperatorValues,
    planPluginValues,
    podsOf,
    ports,
    releases,
} from "./postgresOperatorValues";

export interface PostgresOperatorArgs {
    readonly place: SystemPlace;
    /** Namespace whose databases it runs. */
    readonly watched: string;
    readonly mesh: MeshMode;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
    /** Makes the certificates by which operator and plugin know each other. */
    readonly certManager: Operator;
}

/**
 * CloudNativePG, and its plugin for object stores, which has to be beside it: they run PostgreSQL as several instances and bring their backups and logs to
 * a store. Their pods are in the mesh, because the instances are and take calls from members alone.
 *
 * @see https://cloudnative-pg.io/plugin-barman-cloud/docs/installation/
 */
export class PostgresOperator extends TarsComponent {
    /** What databases wait for. */
    readonly operator: Operator;
    /** What stores of backups wait for. */
    readonly plugin: Operator;

    constructor(name: string, args: PostgresOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "PostgresOperator", name, opts);
        const { place, watched } = args;
        const tenant = createNamespace(name, args, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, place.ownership) };
        const traffic = createTraffic(name, planTraffic(place.cluster, watched), inside, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: releases.operator, ...place }, child);
        const stores = createDefinitions(`${name}-plugin-definitions`, { of: releases.plugin, ...place }, child);
        const pods = postgresOperatorSizes(place.copies).operator.replicas.min;
        createOperatorBudget(name, { of: releases.operator, pods, podLabels: podsOf("operator"), ...inside }, child);
        const admitted = admitOperator(name, args, inside, child);
        const { namespace } = tenant;
        const { charts: sources } = place;
        const after = { ...child, dependsOn: [tenant, definitions, stores, admitted, ...traffic] };
        const operator = { chart: releases.operator, release: releases.operator, values: planOperatorValues(args) };
        const controller = createChart(name, { ...operator, namespace, sources }, after);
        const plugin = { chart: releases.plugin, release: releases.plugin, values: planPluginValues(place) };
        const certificates = createPluginCertificates(`${name}-plugin`, args.certManager, inside, child);
        const rights = createPluginRights(`${name}-plugin`, inside, child);
        const signed = { ...after, dependsOn: [...after.dependsOn, ...certificates, rights, controller] };
        const archiver = createChart(`${name}-plugin`, { ...plugin, namespace, sources }, signed);
        this.operator = { definitions, controller };
        this.plugin = { definitions: stores, controller: archiver };
        this.registerOutputs({});
    }
}

const part = { name: releases.operator, component: "database", version: operatorVersion } as const;

function createNamespace(name: string, { place, mesh }: PostgresOperatorArgs, parent: pulumi.Resource) {
    const { cluster, ownership, copies } = place;
    const quota = planQuota(demandAtPeak(Object.values(postgresOperatorSizes(copies))), undefined);
    const { namespace } = postgresOperator;
    return new TenantNamespace(name, { cluster, ownership, namespace, quota, mesh }, { parent });
}

/** The mesh lets the operator call the plugin, which asks for its certificate beside that, and nobody else. */
function admitOperator(name: string, { istio }: PostgresOperatorArgs, inside: Inside, child: ChildOptions) {
    const { namespace, serviceAccount } = postgresOperator;
    const principals = [`cluster.local/ns/${namespace}/sa/${serviceAccount}`];
    const rule = { from: [{ source: { principals } }], to: [{ operation: { ports: [`${ports.plugin}`] } }] };
    const spec = { selector: { matchLabels: podsOf("plugin") }, action: "ALLOW", rules: [rule] };
    const kind = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: releases.plugin };
    return createCustomResource(`${name}-plugin-callers`, { ...kind, ...inside, spec }, istio, child);
}
