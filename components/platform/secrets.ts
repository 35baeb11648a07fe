import * as pulumi from "@pulumi/pulumi";
import { secretOperator } from "../cloud/contract";
import { clickHouseLoginsOf } from "../foundation/clickHouseNames";
import { loginsOf } from "../foundation/elasticNames";
import { kafkaAdmin } from "../foundation/kafkaNames";
import { postgresUsersOf } from "../foundation/postgresDrill";
import { identityOf } from "../kubernetes/identities";
import type { GeneratedSecretsArgs } from "../security/generated";
import { SecretKeeping, type SecretKeepingArgs } from "../security/secretKeeping";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";
import { loginNamespaces } from "./login";
import { registryUsersOf } from "./schemaRegistry";

/** What is generated: sessions have a key where people log in, and a server of a cloud is choosier about its password than pods. */
export function planSecrets({ secrets, edge, data }: Settings): GeneratedSecretsArgs {
    const {
        sessionGeneration,
        vectorsGeneration,
        elasticsearchGeneration,
        kibanaGeneration: kibana,
        clickhouseGeneration,
        objectsGeneration,
        kafkaGeneration,
        ...all
    } = secrets;
    const { clickhouse, elasticsearch: search, objects } = data;
    const generations = {
        ...all,
        sessionGeneration: edge.login === undefined ? undefined : sessionGeneration,
        vectorsGeneration: data.vectors.kind === "off" ? undefined : vectorsGeneration,
        clickhouseGeneration: clickhouse.kind === "off" ? undefined : clickhouseGeneration,
    };
    const registryUsers = data.kafka.kind === "cluster" ? registryUsersOf(data.kafka) : [];
    const kafka =
        data.kafka.kind === "managed"
            ? { generation: kafkaGeneration, users: [kafkaAdmin, ...Object.keys(data.kafka.users)] }
            : undefined;
    const elasticsearch =
        search.kind === "off" ? undefined : { generation: elasticsearchGeneration, users: loginsOf(search) };
    const kibanaGeneration = search.kind === "off" || search.kibana.kind === "off" ? undefined : kibana;
    const clickHouseUsers = clickhouse.kind === "off" ? [] : Object.keys(clickHouseLoginsOf(clickhouse));
    const objectUsers =
        objects.kind === "off" ? undefined : { generation: objectsGeneration, users: Object.keys(objects.users) };
    const isDatabaseManaged = data.postgres.kind === "managed";
    const users = postgresUsersOf(data.postgres);
    const postgres = users.length === 0 ? undefined : { generation: secrets.databaseGeneration, users };
    return {
        generations,
        isDatabaseManaged,
        registryUsers,
        kafka,
        elasticsearch,
        kibanaGeneration,
        postgres,
        clickHouseUsers,
        objectUsers,
    };
}

type Kept = Pick<SecretKeepingArgs, "secrets" | "certManager" | "namespaces">;

/** Undefined where the stack has no store. */
export function createSecretKeeping(args: PlatformArgs, kept: Kept, stage: Stage): SecretKeeping | undefined {
    const provider = args.cluster.secretStore;
    if (provider === undefined) return undefined;
    const identity = identityOf(args.ground?.identities ?? {}, secretOperator);
    const namespaces = [...kept.namespaces, ...loginNamespaces(args.settings).map((name) => pulumi.output(name))];
    const plan = { place: systemPlace(args), provider, identity, ...kept, namespaces };
    return new SecretKeeping("secret-keeping", plan, stage);
}
