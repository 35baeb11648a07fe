import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** Whose authorities vouch for what AWS shows in its own name. @see https://www.amazontrust.com/repository/ */
const names = [
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
] as const;

/** Their certificates, PEM, as Mozilla's list has them, which is the runtime's own. */
export function publicAuthorities(): string {
    const found = names.map((name) => {
        const root = rootCertificates.find((pem) =>
            new X509Certificate(pem).subject.split("\n").includes(`CN=${name}`),
        );
        if (root === undefined) throw new RangeError(`the runtime knows no authority called ${name}`);
        return `${root.trim()}\n`;
    });
    return found.join("");
}
