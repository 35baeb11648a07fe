import type * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/random/provider";
import { RandomBytes } from "@pulumi/random/randomBytes";
import { type ChildOptions, TarsComponent } from "../foundation/component";

export interface GeneratedSecretsArgs {
    /** Generations of the values; raising one makes that value anew at the next update. */
    readonly generations: {
        readonly jwtGeneration: number;
        readonly databaseGeneration: number;
        readonly cacheGeneration: number;
    };
}

/**
 * Random values that nobody chose and nobody needs to see: they live encrypted in the state and in the cluster's Secrets only.
 * Sizes are those of requirements/001, step 2 (`openssl rand -base64 32` and `16`); the cache password is as strong as the database's.
 */
export class GeneratedSecrets extends TarsComponent {
    /** Signs the tokens of tars-backend: base64 of 32 bytes. */
    readonly jwtKey: pulumi.Output<string>;
    /** Password of the database user: base64 of 16 bytes. */
    readonly databasePassword: pulumi.Output<string>;
    /** Password of the cache: base64 of 16 bytes. */
    readonly cachePassword: pulumi.Output<string>;

    constructor(name: string, { generations }: GeneratedSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "GeneratedSecrets", name, opts);
        const provider = new Provider(`${name}-random`, {}, { parent: this });
        const child = { parent: this, provider };
        this.jwtKey = createBytes(`${name}-jwt-key`, 32, generations.jwtGeneration, child);
        this.databasePassword = createBytes(`${name}-database-password`, 16, generations.databaseGeneration, child);
        this.cachePassword = createBytes(`${name}-cache-password`, 16, generations.cacheGeneration, child);
        this.registerOutputs({});
    }
}

function createBytes(name: string, length: number, generation: number, child: ChildOptions): pulumi.Output<string> {
    const args = { length, keepers: { generation: `${generation}` } };
    return new RandomBytes(name, args, { ...child, additionalSecretOutputs: ["base64", "hex"] }).base64;
}
