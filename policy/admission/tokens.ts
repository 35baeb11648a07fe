import { apiClients, longestToken } from "../facts/accounts";
import { type AdmissionCheck, allOf, anyOf } from "./check";
import { everyVolume, isOneOf, pod } from "./podParts";

const rule = {
    rule: "RBAC-09",
    title: "Tokens of service accounts end within the hour and are for one audience",
} as const;

const token = "s.serviceAccountToken";

/**
 * The volume that the API server itself puts into a pod that does not refuse it (plugin/pkg/admission/serviceaccount), whose token is
 * POD-13's concern; only pods have it, not their templates.
 */
const isPutIn = `v.name.startsWith('kube-api-access-') && ${pod}.?automountServiceAccountToken.orValue(true)`;

/** Tokens in volumes. */
export function tokenVolumeCheck(isPod: boolean): AdmissionCheck {
    const isFine = allOf([
        `${token}.?expirationSeconds.orValue(${longestToken}) <= ${longestToken}`,
        anyOf([`${token}.?audience.orValue('') != ''`, isOneOf(apiClients)]),
    ]);
    const ofVolume = `v.?projected.?sources.orValue([]).all(s, !has(${token}) || (${isFine}))`;
    return { ...rule, expression: everyVolume(anyOf([...(isPod ? [isPutIn] : []), ofVolume])) };
}

/** Tokens in Secrets. */
export const tokenSecretCheck: AdmissionCheck = {
    ...rule,
    expression: "object.?type.orValue('') != 'kubernetes.io/service-account-token'",
};
