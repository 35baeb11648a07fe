/** The SDK's function that turns what the engine sent into properties. */
type Deserialize = (sent: object, keepSecretMarks: boolean) => unknown;

interface DeserializeModule {
    deserializeProperties: Deserialize;
}

/**
 * Let the properties of a resource be read once instead of once a policy. @pulumi/policy 1.21.0 (server.ts, makeAnalyzeRpcFun and
 * makeAnalyzeStackRpcFun) converts what the engine sent anew for each policy, and for each rule about a stack all resources of the
 * stack again; with a hundred rules that is most of the pack's time. Rules only read, so one conversion serves them all; remediations,
 * which write, get their own as before (`keepSecretMarks`).
 */
export function readOnce(sdk: unknown): void {
    if (!isDeserializeModule(sdk)) return;
    const { deserializeProperties } = sdk;
    const known = new WeakMap<object, unknown>();
    sdk.deserializeProperties = (sent, keepSecretMarks) => {
        if (keepSecretMarks) return deserializeProperties(sent, keepSecretMarks);
        if (!known.has(sent)) known.set(sent, deserializeProperties(sent, keepSecretMarks));
        return known.get(sent);
    };
}

/** Another version of the SDK may keep the function elsewhere; the pack is slower then, and right all the same. */
function isDeserializeModule(sdk: unknown): sdk is DeserializeModule {
    return typeof sdk === "object" && sdk !== null && "deserializeProperties" in sdk;
}
