import type { Kafka } from "../data/kafka/cluster";
import type { GivenLogin } from "../data/schemaRegistry/logins";
import { SchemaRegistry } from "../data/schemaRegistry/schemaRegistry";
import { type KafkaCluster, kafkaNamespace } from "../foundation/kafkaNames";
import { kafkaSizes } from "../foundation/kafkaSizes";
import { kafkaUiName } from "../foundation/kafkaUi";
import { permissionsOf, permissionsOfAll } from "../foundation/registryLogins";
import { registryName, subjectRightsOf } from "../foundation/schemaRegistry";
import type { Operator } from "../kubernetes/customResource";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { GeneratedSecrets } from "../security/generated";
import type { PlatformArgs, Stage } from "./args";
import { besideKafka } from "./kafka";

/** A right that somebody has at the registry, without what he logs in with. */
type Entitled = Pick<GivenLogin, "caller" | "permissions">;

/** Users whom the stack names, and Kafka UI. */
function entitledTo({ schemaRegistry, users, ui }: KafkaCluster): readonly (readonly [string, Entitled])[] {
    if (schemaRegistry.kind === "off") return [];
    const named = Object.entries(schemaRegistry.users).flatMap(([name, right]) => {
        const user = users[name];
        return user === undefined
            ? []
            : [[name, { caller: user, permissions: permissionsOf(subjectRightsOf(right, user)) }] as const];
    });
    if (ui.kind === "off") return named;
    const caller = { namespace: kafkaNamespace, serviceAccount: kafkaUiName };
    const looking = { caller, permissions: permissionsOfAll(ui.writes ? "Write" : "Read") };
    return [...named, [kafkaUiName, looking] as const];
}

/** Who has a login of the registry. */
export function registryUsersOf(kafka: KafkaCluster): readonly string[] {
    return entitledTo(kafka).map(([name]) => name);
}

export interface BehindRegistry {
    readonly kafka: Kafka | undefined;
    readonly secrets: Pick<GeneratedSecrets, "registryLogins">;
    readonly certManager: { readonly operator: Operator };
}

/** The registry of schemas, where the stack has one. */
export function createSchemaRegistry(
    args: PlatformArgs,
    { kafka, secrets, certManager }: BehindRegistry,
    { namespace: applications }: TenantNamespace,
    stage: Stage,
): SchemaRegistry | undefined {
    const { data, copies, secrets: generations } = args.settings;
    if (data.kafka.kind !== "cluster" || kafka === undefined || data.kafka.schemaRegistry.kind === "off")
        return undefined;
    const { schemaRegistry: size } = kafkaSizes(data.kafka, copies);
    if (size === undefined) throw new RangeError("a schema registry without a size");
    const users = entitledTo(data.kafka).map(([name, entitled]) => {
        const login = secrets.registryLogins.get(name);
        if (login === undefined) throw new RangeError(`no password was made for ${name} at the schema registry`);
        return [name, { ...entitled, ...login }] as const;
    });
    const plan = {
        placement: besideKafka(args, kafka),
        asked: data.kafka.schemaRegistry,
        size,
        replication: data.kafka.replication,
        kafka,
        users: Object.fromEntries(users),
        generation: generations.registryGeneration,
        certManager: certManager.operator,
        applications,
    };
    return new SchemaRegistry(registryName, plan, stage);
}
