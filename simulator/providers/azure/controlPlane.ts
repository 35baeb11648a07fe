import type { SimulatedPool } from "./simulatedPool";

/** What runs a simulated cluster; `simulator/clouds/controlPlane.ts` does, and tests have something smaller. */
export interface ControlPlane {
    startControlPlane(name: string): Promise<StartedControlPlane>;
    stopControlPlane(name: string): Promise<void>;
    setPool(name: string, pool: SimulatedPool): Promise<void>;
    removePool(name: string, pool: string): Promise<void>;
    setAccess(name: string, allowed: boolean): Promise<void>;
}

export interface StartedControlPlane {
    readonly endpoint: string;
    /** base64 of the PEM */
    readonly certificateAuthority: string;
}
