import { peersOf } from "./workload";

export interface CertifiedService {
    readonly name: string;
    readonly namespace: string;
    /** Most pods that there may ever be: another number of them then asks for no other certificate. */
    readonly mostPods: number;
}

/** Host by which pods of any namespace reach a service. */
export function hostOf({ name, namespace }: Pick<CertifiedService, "name" | "namespace">): string {
    return `${name}.${namespace}.svc.cluster.local`;
}

/** Names for the certificate of a service: the service's, as pods here and elsewhere write it, and each pod's, as the others call it. */
export function certifiedNames({ name, namespace, mostPods }: CertifiedService): readonly string[] {
    const service = [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, hostOf({ name, namespace })];
    return [...service, ...Array.from({ length: mostPods }, (_, index) => podHost(name, `${name}-${index}`))];
}

/** Host by which pods of a service call one of theirs. */
export function podHost(service: string, pod: string): string {
    return `${pod}.${peersOf(service)}`;
}
