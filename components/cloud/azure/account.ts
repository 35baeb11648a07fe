import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { Provider } from "@pulumi/azure-native/provider";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { Issues } from "../../foundation/issues";
import type { Example } from "../common/examples";

/** What Microsoft's documentation has in the place of a subscription: no real caller is in it. */
export const exampleSubscription = "00000000-0000-0000-0000-000000000000";

export interface AzureAccountArgs {
    readonly subscription: string;
    readonly tenant: string;
    readonly region: string;
    /** Where the stack still uses one. */
    readonly examples: readonly Example[];
}

/** Who runs the program, as Azure says it. */
export interface Caller {
    readonly subscriptionId: string;
    readonly tenantId: string;
}

/**
 * Guards against running one stack in the subscription of another: the provider that makes resources exists only once Azure has confirmed
 * whose caller this is, so in a wrong subscription nothing is registered. Neither provider holds credentials: the plugin finds those of
 * whoever runs it.
 */
export class AzureAccount extends TarsComponent {
    readonly provider: Provider;

    constructor(name: string, args: AzureAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "AzureAccount", name, opts);
        // Told a subscription, the plugin would report that one; left alone, it reports the one that the caller has selected.
        const reader = new Provider(`${name}-caller`, { disablePulumiPartnerId: true }, { parent: this });
        const caller = getClientConfigOutput({ parent: this, provider: reader });
        const { subscription, tenant, region } = args;
        this.provider = new Provider(
            name,
            {
                subscriptionId: caller.apply((found) => confirmCaller(found, args)),
                tenantId: tenant,
                location: region,
                disablePulumiPartnerId: true,
            },
            { parent: this },
        );
        this.registerOutputs({ subscription });
    }
}

/**
 * The subscription.
 *
 * @throws pulumi.RunError when the caller is in another tenant or subscription than the stack, or the stack has examples where a real
 * platform needs values.
 */
export function confirmCaller(
    { subscriptionId, tenantId }: Caller,
    { subscription, tenant, examples }: Omit<AzureAccountArgs, "region">,
): string {
    const issues = new Issues();
    const compared = [
        { key: "azure.tenant", found: tenantId, expected: tenant, login: `az login --tenant ${tenant}` },
        {
            key: "azure.subscription",
            found: subscriptionId,
            expected: subscription,
            login: `az account set --subscription ${subscription}, or set ARM_SUBSCRIPTION_ID`,
        },
    ];
    for (const { key, found, expected, login } of compared) {
        if (found.toLowerCase() === expected.toLowerCase()) continue;
        issues.add(key, `is ${expected}, but Azure says that the caller is in ${found}`, `${login}; or correct ${key}`);
    }
    if (subscriptionId !== exampleSubscription) {
        for (const { key, value, fix } of examples) issues.add(key, `is still the example ${value}`, fix);
    }
    issues.throwIfAny("a run by this caller");
    return subscription;
}
