import * as pulumi from "@pulumi/pulumi";
import type { PostgresServer } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { planOutside } from "../kubernetes/meshTraffic";
import type { Placement, SecretReference } from "../kubernetes/placement";
import { blocks, tcp } from "../kubernetes/traffic";
import { createLoginSecrets, type LoginSecrets } from "./logins/secrets";
import { createPassword } from "./postgres";
import { createWaysOut } from "./waysOut";

export interface ManagedPostgresArgs {
    readonly placement: Placement;
    readonly server: PostgresServer;
    readonly password: pulumi.Input<string>;
    /** Of applications. */
    readonly logins: LoginSecrets;
    /** What makes the mesh's kinds known, and acts on them. */
    readonly istio: Operator;
}

/**
 * What of a database that the cloud runs is in the cluster: its password, who vouches for it, and the way to it. For the engine it is the same
 * component as the database in pods, so that a stack that changes from one to the other keeps the Secret that its readers name.
 */
export class ManagedPostgres extends TarsComponent {
    /** Host and port of the server. */
    readonly endpoint: pulumi.Output<string>;
    /** Where its password is. */
    readonly password: SecretReference;

    constructor(name: string, args: ManagedPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Postgres", name, opts);
        const { placement, server } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const secret = createPassword(name, args, child);
        const labels = labelsOf({ name: "postgres", component: "database" }, placement.ownership);
        createLoginSecrets(name, args.logins, { namespace: placement.namespace, labels }, child);
        const egress = [{ to: blocks(server.ranges), ports: tcp(server.port) }];
        createWaysOut(name, { placement, service: "postgres", egress }, child);
        if (placement.mesh === "sidecar") createServiceEntry(name, args, child);
        this.endpoint = pulumi.interpolate`${server.host}:${server.port}`;
        this.password = { namespace: placement.namespace, name: secret.metadata.name, key: "password" };
        this.registerOutputs({ endpoint: this.endpoint, password: this.password });
    }
}

/** What proxies in pods carry to the server stays as it is, encrypted by its own two ends. */
function createServiceEntry(
    name: string,
    { placement, server, istio }: ManagedPostgresArgs,
    child: ChildOptions,
): void {
    const labels = labelsOf({ name: "postgres", component: "mesh" }, placement.ownership);
    const plan = {
        apiVersion: "networking.istio.io/v1",
        kind: "ServiceEntry",
        name: "postgres",
        namespace: placement.namespace,
        labels,
        spec: planOutside([server.host], [{ name: "tcp-postgres", number: server.port, protocol: "TCP" }]),
    };
    createCustomResource(`${name}-outside`, plan, istio, child);
}
