/** The id of a secret in a vault, without a version: names of vaults and secrets by Azure's own rules. */
export const secretId =
    /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/([A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9])\/secrets\/([A-Za-z0-9-]{1,127})$/;

/** Where a certificate is kept. */
export interface Kept {
    readonly subscription: string;
    /** Address of the secret that comes with the certificate, without a version: instances look for a new one every four hours. */
    readonly url: string;
}

/**
 * @throws RangeError when the id has another form, which the settings refuse
 * @see https://learn.microsoft.com/azure/application-gateway/key-vault-certs
 */
export function keptAt(id: string): Kept {
    const [, subscription, vault, name] = secretId.exec(id) ?? [];
    if (subscription === undefined) throw new RangeError(`${id} is no id of a secret in a vault`);
    return { subscription, url: `https://${vault}.vault.azure.net/secrets/${name}` };
}
