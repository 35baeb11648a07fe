import { z } from "zod";
import { switchedOff } from "./fields";

export const kafkaUi = z
    .discriminatedUnion("kind", [
        switchedOff("there is none"),
        z.strictObject({
            kind: z.literal("kafbat").meta({ description: "Kafka UI of kafbat", examples: ["kafbat"] }),
            writes: z
                .boolean()
                .default(false)
                .meta({
                    description:
                        "whether whoever may enter may also write to every topic, move every group and register every schema",
                    examples: [true],
                }),
        }),
    ])
    .prefault({ kind: "off" })
    .meta({
        description: "a page for people who look into Kafka, behind the login; an entry of edge.dashboards leads to it",
        examples: [{ kind: "kafbat" }],
    });
