import { z } from "zod";
import type { Clouds } from "./cloud";
import { commonSchema } from "./schema";

/** The whole stack file: each cloud's section is optional here, because which one must be there depends on `cloud`. */
export function stackSchema(clouds: Clouds<unknown>) {
    const kinds = Object.keys(clouds);
    const sections = Object.values(clouds).map(({ section, schema }) => [section, schema.optional()] as const);
    return z.strictObject({
        ...commonSchema.shape,
        cloud: z.enum(kinds).meta({ description: "what the platform is put on", examples: kinds }),
        ...Object.fromEntries(sections),
    });
}
