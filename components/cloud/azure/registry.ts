import { Registry as ContainerRegistry, Task } from "@pulumi/azure-native/containerregistry";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { createEndpoint, type EndpointPlace } from "./endpoints";
import { type Logs, sendLogs } from "./logs";
import { keep } from "./protection";
import { grant } from "./roles";
import type { Secrets } from "./secrets";
import { placeOf, type Site } from "./site";

export interface RegistryArgs extends EndpointPlace {
    readonly logs: Logs;
    readonly secrets: Secrets;
}

/** The image registry, which only the network reaches. Defender scans it, on push and daily, where the account has that plan. */
export class Registry extends TarsComponent {
    readonly registry: ContainerRegistry;

    constructor(
        name: string,
        args: RegistryArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Registry", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, logs } = args;
        this.registry = createRegistry(name, args, child);
        createPurge(name, site, this.registry, child);
        createEndpoint(`${name}-endpoint`, args, { service: "registry", id: this.registry.id }, child);
        sendLogs(name, logs, { id: this.registry.id, logs: [{ categoryGroup: "allLogs" }] }, child);
        this.registerOutputs({ registry: this.registry.id });
    }
}

function createRegistry(name: string, { site, secrets }: RegistryArgs, child: ChildOptions): ContainerRegistry {
    const { encryption, key } = secrets;
    return new ContainerRegistry(
        `${name}-registry`,
        {
            ...placeOf(site),
            registryName: site.naming("registry").concat(site.suffix),
            sku: { name: "Premium" },
            adminUserEnabled: false,
            anonymousPullEnabled: false,
            publicNetworkAccess: "Disabled",
            networkRuleBypassOptions: "AzureServices",
            networkRuleSet: { defaultAction: "Deny" },
            // Layers come from a host of the registry's own, which a firewall can allow without allowing all of blob storage.
            dataEndpointEnabled: true,
            zoneRedundancy: "Enabled",
            identity: { type: "UserAssigned", userAssignedIdentities: encryption.id.apply((id) => ({ [id]: {} })) },
            encryption: {
                status: "enabled",
                keyVaultProperties: { identity: encryption.clientId, keyIdentifier: key.keyUri },
            },
            policies: {
                retentionPolicy: { status: "enabled", days: 7 },
                exportPolicy: { status: "disabled" },
                // A quarantined image waits for a scanner that lets it go, and Defender does not: it would wait for ever.
                quarantinePolicy: { status: "disabled" },
            },
        },
        { ...child, ...keep("registry", site.rules) },
    );
}

/**
 * Deletes tags that were not written for 30 days, but for the last ten of each repository: Azure does not say when a tag was last read, so
 * the newest ones stand for those in use. It runs with an identity of its own, past the registry's network rules only once the registry's
 * owner allows that (docs/azure.md).
 *
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-auto-purge
 */
const purge = `version: v1.1.0
steps:
  - cmd: mcr.microsoft.com/acr/acr-cli:0.19 purge --registry $Registry --filter '.*:.*' --ago 30d --keep 10 --untagged
    disableWorkingDirectoryOverride: true
    timeout: 3600
`;

function createPurge(name: string, site: Site, registry: ContainerRegistry, child: ChildOptions): void {
    const task = new Task(
        `${name}-purge`,
        {
            ...placeOf(site),
            registryName: registry.name,
            taskName: site.naming("registryTask", "purge"),
            identity: { type: "SystemAssigned" },
            platform: { os: "Linux", architecture: "amd64" },
            credentials: ownLogin(registry),
            step: { type: "EncodedTask", encodedTaskContent: Buffer.from(purge).toString("base64") },
            trigger: { timerTriggers: [{ name: "daily", schedule: "0 3 * * *" }] },
            timeout: 3600,
            status: "Enabled",
        },
        child,
    );
    const principal = task.identity.apply((identity) => identity?.principalId ?? "");
    const right = { kind: "ServicePrincipal", scope: registry.id, principal } as const;
    grant(`${name}-purge-reads`, site, { ...right, role: "imagePull" }, child);
    grant(`${name}-purge-deletes`, site, { ...right, role: "imageDelete" }, child);
}

/**
 * Without this a task logs in by the registry's own means, as whoever may do everything, and what its identity may do does not count.
 *
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-tasks-authentication-managed-identity (`[system]`)
 * @see https://learn.microsoft.com/cli/azure/acr/task#az-acr-task-create (`--auth-mode None`)
 */
function ownLogin({ loginServer }: ContainerRegistry) {
    return {
        sourceRegistry: { loginMode: "None" },
        customRegistries: loginServer.apply((server) => ({ [server]: { identity: "[system]" } })),
    };
}
