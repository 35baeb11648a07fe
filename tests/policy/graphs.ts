import type { Resource } from "../../policy/rule";

/**
 * What a stack's program registers, as the pack judges it. The Pulumi runtime is global, so each capture has modules of its own.
 *
 * @param outputs "unknown" leaves out what only a cloud could say, as a first preview does. @default "known"
 */
export async function stackResources(
    stack: string,
    outputs: "known" | "unknown" = "known",
): Promise<readonly Resource[]> {
    jest.resetModules();
    const { captureGraph }: typeof import("../../cli/src/graph") = await import("../../cli/src/graph");
    const { judgedResources }: typeof import("../../cli/src/judgedResources") = await import(
        "../../cli/src/judgedResources"
    );
    return judgedResources(await captureGraph(stack, {}, outputs));
}
