import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import type { Placement } from "../../kubernetes/placement";
import type { SecretKey } from "../../kubernetes/pod";
import { type ConfigPlan, planConfig } from "./config";

export interface TarsRagConfigurationArgs {
    readonly placement: Placement;
    readonly plan: ConfigPlan;
    readonly secrets: {
        readonly jwtKey: pulumi.Input<string>;
        readonly databasePassword: pulumi.Input<string>;
        readonly cachePassword: pulumi.Input<string>;
    };
    /** Generations of these secrets: they stand for values that a checksum must not be made of. */
    readonly generations: Readonly<Record<"jwtGeneration" | "databaseGeneration" | "cacheGeneration", number>>;
    /** How to call a database that shows certificates of its own; undefined where the mesh's are all there is. */
    readonly client: DatabaseClient | undefined;
    /** Of a cache that the cloud runs, as of a database; undefined where the plan has it. */
    readonly cacheHost: pulumi.Output<string> | undefined;
}

/** What pods read to call a server, and whose certificates they are shown. */
interface DatabaseClient {
    /**
     * Known only once the cloud has made the server: it stands in `tars-secrets`, as nothing in a ConfigMap may be hidden from a review. Undefined
     * where the plan has it.
     */
    readonly host: pulumi.Output<string> | undefined;
    readonly environment: Readonly<Record<string, string>>;
    /** ConfigMaps that are mounted into the pods, by path. */
    readonly folders: Readonly<Record<string, pulumi.Output<string>>>;
    /** Keys of Secrets that are mounted into the pods, by the path of their folder. */
    readonly secretKeys: Readonly<Record<string, SecretKey>>;
}

/** What tars-backend reads when it starts: `tars-config`, and `tars-secrets` for what nobody else may see. */
export class TarsRagConfiguration extends TarsComponent {
    readonly configMap: pulumi.Output<string>;
    readonly secret: pulumi.Output<string>;
    /** Changes with anything in either of them. */
    readonly checksum: pulumi.Input<string>;
    /** ConfigMaps that its readers mount, by path. */
    readonly folders: DatabaseClient["folders"];
    /** Keys of Secrets that its readers mount, by the path of their folder. */
    readonly secretKeys: DatabaseClient["secretKeys"];

    constructor(name: string, args: TarsRagConfigurationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("applications", "TarsRagConfiguration", name, opts);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const { client, plan, generations } = args;
        const data = { ...planConfig(plan), ...client?.environment };
        this.configMap = createConfigMap(name, args.placement, data, child).metadata.name;
        this.secret = createSecret(name, args, child).metadata.name;
        const sum = (...more: readonly string[]) => checksum(data, plan.settings.adminClientIds, generations, ...more);
        const hosts = Object.values(hostsOf(args));
        this.checksum = hosts.length === 0 ? sum() : pulumi.all(hosts).apply((names) => sum(...names));
        this.folders = client?.folders ?? {};
        this.secretKeys = client?.secretKeys ?? {};
        this.registerOutputs({ configMap: this.configMap, secret: this.secret, checksum: this.checksum });
    }
}

/** What the backend is to call that only the cloud knows beforehand. */
function hostsOf({ client, cacheHost }: Pick<TarsRagConfigurationArgs, "client" | "cacheHost">) {
    return {
        ...(client?.host === undefined ? {} : { POSTGRES_HOST: client.host }),
        ...(cacheHost === undefined ? {} : { REDIS_HOST: cacheHost }),
    };
}

function metadataOf(name: string, { namespace, ownership }: Placement) {
    return { name, namespace, labels: labelsOf({ name: "tars-backend", component: "configuration" }, ownership) };
}

function createConfigMap(
    name: string,
    placement: Placement,
    data: Readonly<Record<string, string>>,
    child: ChildOptions,
): ConfigMap {
    return new ConfigMap(`${name}-config`, { metadata: metadataOf("tars-config", placement), data }, child);
}

function createSecret(
    name: string,
    { placement, plan, secrets, client, cacheHost }: TarsRagConfigurationArgs,
    child: ChildOptions,
): Secret {
    const stringData = {
        JWT_SECRET_KEY: secrets.jwtKey,
        POSTGRES_PASSWORD: secrets.databasePassword,
        REDIS_PASSWORD: secrets.cachePassword,
        ADMIN_CLIENT_IDS: plan.settings.adminClientIds.join(","),
        ...hostsOf({ client, cacheHost }),
    };
    const metadata = metadataOf("tars-secrets", placement);
    return new Secret(`${name}-secrets`, { metadata, type: "Opaque", stringData }, child);
}
