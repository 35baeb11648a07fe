import { Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import type { ChildOptions } from "../../foundation/component";
import { imageReference } from "../../foundation/imageSources";
import { postgresLogin } from "../../foundation/postgresDrill";
import { databasesOf, loginKeys, loginsSize, postgresLogins } from "../../foundation/postgresLogins";
import { database } from "../../foundation/postgresNames";
import type { PostgresLogins } from "../../foundation/postgresPlace";
import type { Placement, SecretReference } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, runAs } from "../../kubernetes/podParts";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { planJobPod, planVariables, scriptsMount } from "../drills/pods";
import { scriptsPath } from "../drills/scripts";
import type { PostgresClient } from "../postgresClient";
import { planFiles } from "./files";

export interface LoginsJob {
    readonly placement: Placement;
    readonly users: PostgresLogins;
    /** Generation of all passwords. */
    readonly generation: number;
    /** Password of the platform's own user, who administers a server that no operator does. */
    readonly password: SecretReference;
    /** Whether an operator makes roles and databases, and the server lets in whom it names. */
    readonly isOperated: boolean;
    /** Undefined where nobody knows it before the server is there: the Secrets of logins have it then. */
    readonly host: string | undefined;
    readonly port: number;
    /** How it knows the server; undefined where the mesh does. */
    readonly client: Pick<PostgresClient, "environment" | "folders" | "secretKeys"> | undefined;
    /** Has psql. */
    readonly image: JobImage;
}

interface JobImage {
    readonly repository: string;
    readonly tag: string;
    readonly digest?: string;
    readonly uid: number;
    readonly major: string;
}

/**
 * Makes what applications have in the server. What it does is in its name, so that other logins, or other passwords, make another Job beside the one
 * that has done its work.
 */
export function createLoginsJob(
    name: string,
    plan: LoginsJob,
    { namespace, labels }: Inside,
    child: ChildOptions,
): Job {
    const data = planFiles(plan.users);
    const unique = `${postgresLogins}-${checksum(data, plan.generation, plan.image).slice(0, 8)}`;
    const metadata = { name: unique, namespace, labels };
    const files = new ConfigMap(`${name}-files`, { metadata, data, immutable: true }, child);
    const account = new ServiceAccount(
        `${name}-account`,
        { metadata: { ...metadata, name: postgresLogins }, automountServiceAccountToken: false },
        child,
    );
    const template = { metadata: { labels }, spec: planPod(plan, files.metadata.name) };
    const args = { metadata: { ...metadata, annotations: whenFailed }, spec: { ...bounds, template } };
    const dependsOn = [...(child.dependsOn ?? []), files, account];
    return new Job(`${name}-job`, args, { ...child, dependsOn, customTimeouts: timeouts });
}

/**
 * One that has failed is made anew by the next update, which would wait for it otherwise.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomreplaceunready
 */
const whenFailed = { "pulumi.com/replaceUnready": "true" } as const;

/** Longer than the job itself may take, so that it is the job that says what went wrong. */
const timeouts: pulumi.CustomTimeouts = { create: "15m", update: "15m" };

/** It is tried for ten minutes, and stays to be seen for a year: the engine would make it anew once it is gone, and it would say the same. */
const bounds = { backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 365 * 24 * 3600 } as const;

const loginsFolder = "/run/secrets/logins";

function planPod(plan: LoginsJob, files: pulumi.Input<string>): core.v1.PodSpec {
    const { placement, image, isOperated, client } = plan;
    const volumes = [...planPasswords(plan), ...planTrust(client)];
    const environment = {
        PATH: `/usr/lib/postgresql/${image.major}/bin:/usr/bin:/bin`,
        ...client?.environment,
        PGPORT: `${plan.port}`,
        PGCONNECT_TIMEOUT: "10",
        ADMINISTRATOR: isOperated ? "" : database.user,
        DATABASE: database.name,
        PLAN: `${scriptsPath}/plan.json`,
        OWNERS: `${scriptsPath}/owners`,
        LOGINS: loginsFolder,
    };
    return planJobPod(placement, {
        account: postgresLogins,
        uid: image.uid,
        scripts: files,
        containers: [
            {
                name: postgresLogins,
                image: imageReference(image, placement.imageSources),
                command: ["/bin/sh", `${scriptsPath}/logins.sh`],
                env: [...planVariables(environment), planHost(plan)],
                resources: containerResources(loginsSize),
                securityContext: { ...runAs(image.uid), ...hardenedContainer },
                volumeMounts: [
                    scriptsMount,
                    ...volumes.map(({ path, volume }) => ({ name: volume.name, mountPath: path, readOnly: true })),
                ],
            },
        ],
        volumes: volumes.map(({ volume }) => volume),
    });
}

function planHost({ host, users }: LoginsJob): core.v1.EnvVar {
    if (host !== undefined) return { name: "PGHOST", value: host };
    const [login = ""] = Object.keys(users);
    return { name: "PGHOST", valueFrom: { secretKeyRef: { name: postgresLogin(login), key: loginKeys.host } } };
}

/** Who owns a database says in it who reads there; whoever has no operator for that is given its password as well. */
function planPasswords({ users, password, isOperated }: LoginsJob) {
    const owners = databasesOf(users).map(({ owner }) => owner);
    const logins = Object.keys(users).filter((user) => !isOperated || owners.includes(user));
    const secrets = [
        { login: database.user, secretName: password.name, key: password.key },
        ...logins.map((login) => ({ login, secretName: postgresLogin(login), key: "password" })),
    ];
    return secrets.map(({ login, secretName, key }) => ({
        path: `${loginsFolder}/${login}`,
        volume: {
            name: `login-${login.replaceAll("_", "-")}`,
            secret: { secretName, items: [{ key, path: "password" }], defaultMode: 0o440 },
        },
    }));
}

/** Who vouches for the server. */
function planTrust(client: LoginsJob["client"]) {
    const nameOf = (path: string) => path.slice(1).replaceAll("/", "-");
    const folders = Object.entries(client?.folders ?? {}).map(([path, name]) => ({
        path,
        volume: { name: nameOf(path), configMap: { name, defaultMode: 0o444 } },
    }));
    const keys = Object.entries(client?.secretKeys ?? {}).map(([path, { secret: secretName, key }]) => ({
        path,
        volume: { name: nameOf(path), secret: { secretName, items: [{ key, path: key }], defaultMode: 0o440 } },
    }));
    return [...folders, ...keys];
}
