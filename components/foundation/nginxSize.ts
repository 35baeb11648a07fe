import { bytes } from "./quantities";

const units = [
    { sign: "g", size: 2 ** 30 },
    { sign: "m", size: 2 ** 20 },
    { sign: "k", size: 2 ** 10 },
] as const;

/** Largest number that NGINX Gateway Fabric takes before a unit: apis/v1alpha1/shared_types.go of nginx/nginx-gateway-fabric at v2.6.7 (Size). */
const largest = 9999;

/** An amount of bytes as NGINX writes it, exactly: `100Mi` becomes `100m`. Undefined where that cannot be, and for nothing at all, which NGINX takes for no limit. */
export function nginxSize(amount: string): string | undefined {
    const count = bytes(amount);
    const unit = units.find(({ size }) => count > 0 && count % size === 0 && count / size <= largest);
    return unit && `${count / unit.size}${unit.sign}`;
}
