import packageJson from "@pulumi/tls/package.json";
import type { Provider } from "../server";
import { type Clock, certificateKinds } from "./certificates";
import { privateKey } from "./keys";

/**
 * Real keys and certificates with the rules of the official plugin (../README.md lists the differences).
 * @param now - decides validity and renewal; tests give another clock
 */
export function tlsProvider(now: Clock = () => new Date()): Provider {
    const { selfSigned, request, locallySigned } = certificateKinds(now);
    return {
        name: "tls",
        version: packageJson.version,
        kinds: {
            "tls:index/privateKey:PrivateKey": privateKey,
            "tls:index/selfSignedCert:SelfSignedCert": selfSigned,
            "tls:index/certRequest:CertRequest": request,
            "tls:index/locallySignedCert:LocallySignedCert": locallySigned,
        },
    };
}
