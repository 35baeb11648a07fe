import { z } from "zod";
import { switchedOff } from "./fields";

export const kibana = z
    .discriminatedUnion("kind", [
        switchedOff("there is none"),
        z.strictObject({
            kind: z.literal("kibana").meta({ description: "Kibana of Elastic", examples: ["kibana"] }),
            writes: z
                .boolean()
                .default(false)
                .meta({
                    description:
                        "whether whoever may enter may also keep what everybody sees there: views of data, searches, dashboards",
                    examples: [true],
                }),
        }),
    ])
    .prefault({ kind: "off" })
    .meta({
        description:
            "a page for people who look into Elasticsearch, behind the login; an entry of edge.dashboards leads to it",
        examples: [{ kind: "kibana" }],
    });
