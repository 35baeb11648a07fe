import type * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/random/provider";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { ClickHousePasswords } from "../foundation/clickHousePasswords";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import type { KibanaKeys } from "../foundation/kibanaKeys";
import type { ObjectSecrets } from "../foundation/objectSecrets";
import type { Passwords } from "../foundation/passwords";

/** One generated value. */
export interface GeneratedSecret {
    readonly name: string;
    readonly generation: number;
    readonly value: pulumi.Output<string>;
}

export interface GeneratedSecretsArgs {
    /** Whether a server of a cloud takes the database's password: then it must have letters of both cases and digits. */
    readonly isDatabaseManaged: boolean;
    /** Generations of the values; raising one makes that value anew at the next update. */
    readonly generations: {
        readonly jwtGeneration: number;
        readonly databaseGeneration: number;
        readonly cacheGeneration: number;
        readonly countersGeneration: number;
        /** @default undefined - nobody has sessions */
        readonly sessionGeneration?: number | undefined;
        /** @default undefined - nobody keeps vectors */
        readonly vectorsGeneration?: number | undefined;
        readonly registryGeneration: number;
        /** @default undefined - nobody asks ClickHouse */
        readonly clickhouseGeneration?: number | undefined;
    };
    /** Who has a login of the schema registry. */
    readonly registryUsers: readonly string[];
    /** Who logs in to Elasticsearch. @default undefined - there is none */
    readonly elasticsearch?: { readonly generation: number; readonly users: readonly string[] } | undefined;
    /** Users of a Kafka that the cloud runs. @default undefined - it runs none */
    readonly kafka?: { readonly generation: number; readonly users: readonly string[] } | undefined;
    /** Users of PostgreSQL beside the application's. @default undefined - there are none */
    readonly postgres?: { readonly generation: number; readonly users: readonly string[] } | undefined;
    /** Of Kibana's keys. @default undefined - there is none */
    readonly kibanaGeneration?: number | undefined;
    /** Users of ClickHouse. @default [] */
    readonly clickHouseUsers?: readonly string[];
    /** Users of the object store. @default undefined - there is none */
    readonly objectUsers?: { readonly generation: number; readonly users: readonly string[] } | undefined;
}

/** Keys of one generation. */
export interface VectorKeys {
    readonly generation: number;
    readonly all: pulumi.Output<string>;
    readonly readOnly: pulumi.Output<string>;
}

/** A login of the schema registry: the password, and what it is hashed with there. */
export interface RegistrySecret {
    readonly password: pulumi.Output<string>;
    readonly salt: pulumi.Output<string>;
}

/**
 * Random values that nobody chose and nobody needs to see: they live encrypted in the state, in the cluster's Secrets and, where there is one, in the
 * store outside of it.
 * They are as long and at least as strong as those of requirements/001, step 2 (`openssl rand -base64 32` and `-base64 16`).
 * RandomBytes would be nearer, but its id is its value, and ids stand in the state in the clear.
 */
export class GeneratedSecrets extends TarsComponent {
    /** Signs the tokens of tars-backend. */
    readonly jwtKey: pulumi.Output<string>;
    /** Password of the database user. */
    readonly databasePassword: pulumi.Output<string>;
    /** Password of the cache, as strong as the database's. */
    readonly cachePassword: pulumi.Output<string>;
    /** All of them. */
    readonly all: readonly GeneratedSecret[];
    /** Password of the edge's counters. */
    readonly countersPassword: pulumi.Output<string>;
    /** Encrypts the sessions of people at dashboards: in base64 32 bytes, which is AES-256. Undefined where there are none. */
    readonly sessionKey: pulumi.Output<string> | undefined;
    /** What the store of vectors asks of its callers: who may do everything, and who may only read. Undefined where there is none. */
    readonly vectorKeys: VectorKeys | undefined;
    /** Logins of the schema registry, by who has them. */
    readonly registryLogins: ReadonlyMap<string, RegistrySecret>;
    /** Of those who log in to Elasticsearch. Undefined where there is none. */
    readonly elasticsearchPasswords: Passwords | undefined;
    /** Of users of a Kafka that the cloud runs. Undefined where it runs none. */
    readonly kafkaPasswords: Passwords | undefined;
    /** Of users of PostgreSQL beside the application's. Undefined where there are none. */
    readonly postgresPasswords: Passwords | undefined;
    /** Of Kibana. Undefined where there is none. */
    readonly kibanaKeys: KibanaKeys | undefined;
    /** Of ClickHouse. Undefined where there is none. */
    readonly clickHouse: ClickHousePasswords | undefined;
    /** Of users of the object store. Undefined where there is none. */
    readonly objects: ObjectSecrets | undefined;

    constructor(name: string, args: GeneratedSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "GeneratedSecrets", name, opts);
        const { generations, isDatabaseManaged } = args;
        const provider = new Provider(`${name}-random`, {}, { parent: this });
        const child = { parent: this, provider };
        this.jwtKey = createPassword(`${name}-jwt-key`, 44, generations.jwtGeneration, child);
        const taken = isDatabaseManaged ? ofEachKind : {};
        const { databaseGeneration } = generations;
        this.databasePassword = createPassword(`${name}-database-password`, 24, databaseGeneration, child, taken);
        this.cachePassword = createPassword(`${name}-cache-password`, 24, generations.cacheGeneration, child);
        this.all = [
            { name: "jwt-key", generation: generations.jwtGeneration, value: this.jwtKey },
            { name: "database-password", generation: generations.databaseGeneration, value: this.databasePassword },
            { name: "cache-password", generation: generations.cacheGeneration, value: this.cachePassword },
        ];
        this.countersPassword = createPassword(`${name}-counters-password`, 24, generations.countersGeneration, child);
        const { sessionGeneration } = generations;
        this.sessionKey =
            sessionGeneration === undefined
                ? undefined
                : createPassword(`${name}-session-key`, 43, sessionGeneration, child);
        this.vectorKeys = createVectorKeys(name, generations.vectorsGeneration, child);
        this.registryLogins = createRegistryLogins(name, args, child);
        this.elasticsearchPasswords = createPasswords(`${name}-elasticsearch`, args.elasticsearch, child);
        this.kafkaPasswords = createPasswords(`${name}-kafka`, args.kafka, child);
        this.postgresPasswords = createPasswords(`${name}-postgres`, args.postgres, child);
        this.kibanaKeys = createKibanaKeys(`${name}-kibana`, args.kibanaGeneration, child);
        this.clickHouse = createClickHousePasswords(name, args, child);
        this.objects = createObjectSecrets(name, args.objectUsers, child);
        this.registerOutputs({});
    }
}

function createVectorKeys(name: string, generation: number | undefined, child: ChildOptions): VectorKeys | undefined {
    if (generation === undefined) return undefined;
    return {
        generation,
        all: createPassword(`${name}-vectors-key`, 44, generation, child),
        readOnly: createPassword(`${name}-vectors-read-key`, 44, generation, child),
    };
}

/**
 * As long as the operator makes them.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/kibana/config_settings.go (EncryptionKeyMinimumBytes)
 */
const kibanaKeyLength = 64;

function createKibanaKeys(name: string, generation: number | undefined, child: ChildOptions): KibanaKeys | undefined {
    if (generation === undefined) return undefined;
    return {
        generation,
        sessions: createPassword(`${name}-sessions-key`, kibanaKeyLength, generation, child),
        objects: createPassword(`${name}-objects-key`, kibanaKeyLength, generation, child),
    };
}

function createRegistryLogins(
    name: string,
    { registryUsers, generations: { registryGeneration: generation } }: GeneratedSecretsArgs,
    child: ChildOptions,
): GeneratedSecrets["registryLogins"] {
    const made = (user: string): RegistrySecret => ({
        password: createPassword(`${name}-registry-${user}`, 44, generation, child),
        salt: createPassword(`${name}-registry-${user}-salt`, 24, generation, child),
    });
    return new Map(registryUsers.map((user) => [user, made(user)]));
}

function createPasswords(
    name: string,
    asked: GeneratedSecretsArgs["elasticsearch"],
    child: ChildOptions,
): Passwords | undefined {
    if (asked === undefined) return undefined;
    const { generation, users } = asked;
    const made = users.map((user) => [user, createPassword(`${name}-${user}`, 24, generation, child)] as const);
    return { generation, of: Object.fromEntries(made) };
}

function createClickHousePasswords(
    name: string,
    { generations, clickHouseUsers = [] }: GeneratedSecretsArgs,
    child: ChildOptions,
): ClickHousePasswords | undefined {
    const { clickhouseGeneration: generation } = generations;
    if (generation === undefined) return undefined;
    const create = (of: string) => createPassword(`${name}-clickhouse-${of}`, 24, generation, child);
    return {
        generation,
        operator: create("operator"),
        default: create("default"),
        interserver: create("interserver"),
        cluster: create("cluster"),
        users: Object.fromEntries(clickHouseUsers.map((user) => [user, create(`user-${user}`)])),
    };
}

/** As long as those that AWS gives: 20 and 40 letters. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html */
function createObjectSecrets(
    name: string,
    asked: GeneratedSecretsArgs["objectUsers"],
    child: ChildOptions,
): ObjectSecrets | undefined {
    if (asked === undefined) return undefined;
    const { generation, users } = asked;
    const made = (user: string) => ({
        access: createPassword(`${name}-objects-${user}-access`, 20, generation, child),
        secret: createPassword(`${name}-objects-${user}-secret`, 40, generation, child),
    });
    return { generation, users: Object.fromEntries(users.map((user) => [user, made(user)])) };
}

/**
 * What Azure asks of the password of a server's administrator. By chance a password of 24 letters and digits has no digit once in seventy times. Any
 * of these makes a password anew, so they are there only where such a server is.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/quickstart-create-server
 */
const ofEachKind = { minLower: 1, minUpper: 1, minNumeric: 1 } as const;

/** Letters and digits only, nearly 6 bits each: such a value needs no quoting in a URL, a configuration file or a shell. */
function createPassword(
    name: string,
    length: number,
    generation: number,
    child: ChildOptions,
    kinds: Partial<typeof ofEachKind> = {},
): pulumi.Output<string> {
    const keepers = { generation: `${generation}` };
    return new RandomPassword(name, { length, special: false, ...kinds, keepers }, child).result;
}
