import { ImagePull } from "../inference/imagePull";
import { ImageScanning } from "../security/imageScanning";
import { ImageSignatures } from "../security/imageSignatures";
import { RuntimeDetection } from "../security/runtimeDetection";
import { SandboxRuntime } from "../security/sandboxRuntime";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/** What asks whether images are signed; undefined where the stack names no signer. Whatever is to be checked comes after it. */
export function createSignatures(args: PlatformArgs, stage: Stage): ImageSignatures | undefined {
    const { signatures: trust, registries } = args.settings.supplyChain;
    if (trust === undefined) return undefined;
    const identities = args.ground?.identities ?? {};
    const checked = { place: systemPlace(args), trust, registries, identities };
    return new ImageSignatures("image-signatures", checked, stage);
}

/** What fetches large images beforehand; empty where the stack does not ask for it. The pods that run these come after it. */
export function createPulls(args: PlatformArgs, stage: Stage): readonly ImagePull[] {
    return args.settings.supplyChain.prePull ? [new ImagePull("image-pull", { place: systemPlace(args) }, stage)] : [];
}

/** What looks at the platform's pods while they run, and what agents run in. */
export function createWatchers(args: PlatformArgs, stage: Stage): void {
    const { scanning, registries, runtimeDetection, sandbox } = args.settings.supplyChain;
    const place = systemPlace(args);
    const identities = args.ground?.identities ?? {};
    if (scanning) new ImageScanning("image-scanning", { place, registries, identities }, stage);
    if (runtimeDetection) new RuntimeDetection("runtime-detection", { place }, stage);
    if (sandbox !== undefined) new SandboxRuntime("sandbox-runtime", { place, sandbox }, stage);
}
