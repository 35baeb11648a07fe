import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import type { Placement } from "../../kubernetes/placement";
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
}

/** What tars-backend reads when it starts: `tars-config`, and `tars-secrets` for what nobody else may see. */
export class TarsRagConfiguration extends TarsComponent {
    readonly configMap: pulumi.Output<string>;
    readonly secret: pulumi.Output<string>;
    /** Changes with anything in either of them. */
    readonly checksum: string;

    constructor(name: string, args: TarsRagConfigurationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("applications", "TarsRagConfiguration", name, opts);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const data = planConfig(args.plan);
        this.configMap = createConfigMap(name, args.placement, data, child).metadata.name;
        this.secret = createSecret(name, args, child).metadata.name;
        this.checksum = checksum(data, args.plan.settings.adminClientIds, args.generations);
        this.registerOutputs({ configMap: this.configMap, secret: this.secret, checksum: this.checksum });
    }
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
    { placement, plan, secrets }: TarsRagConfigurationArgs,
    child: ChildOptions,
): Secret {
    const stringData = {
        JWT_SECRET_KEY: secrets.jwtKey,
        POSTGRES_PASSWORD: secrets.databasePassword,
        REDIS_PASSWORD: secrets.cachePassword,
        ADMIN_CLIENT_IDS: plan.settings.adminClientIds.join(","),
    };
    const metadata = metadataOf("tars-secrets", placement);
    return new Secret(`${name}-secrets`, { metadata, type: "Opaque", stringData }, child);
}
