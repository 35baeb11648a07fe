import { certificateFolder } from "./certificates";

/** All but TLS 1.3. @see https://clickhouse.com/docs/operations/server-configuration-parameters/settings#openssl */
const disabled = "sslv2,sslv3,tlsv1,tlsv1_1,tlsv1_2";

const certificate = {
    certificateFile: `${certificateFolder}/tls.crt`,
    privateKeyFile: `${certificateFolder}/tls.key`,
    caConfig: `${certificateFolder}/ca.crt`,
    loadDefaultCAFile: "false",
    disableProtocols: disabled,
} as const;

/**
 * How a server or a Keeper is called, and calls others: those it asks for the certificate of its own authority.
 *
 * @param callers whether who calls needs a certificate of that authority as well, or says otherwise who he is
 */
export function planTransport(callers: "certified" | "any"): Readonly<Record<string, string>> {
    return {
        ...below("openSSL/server", { ...certificate, verificationMode: callers === "certified" ? "strict" : "none" }),
        ...below("openSSL/client", {
            ...certificate,
            verificationMode: "strict",
            "invalidCertificateHandler/name": "RejectCertificateHandler",
        }),
    };
}

/** Settings as the operator takes them: by their paths. */
export function below<Value>(path: string, settings: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
    return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${path}/${name}`, value]));
}

/** What the operator, and ClickHouse, take for no value: what other files say of the setting does not hold. */
export const removed = "_removed_";

/** To the pod's own log; a file besides would fill its scratch disk. */
export const podLog = below("logger", { level: "information", log: removed, errorlog: removed, console: "1" });
