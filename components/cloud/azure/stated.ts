import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of a resource by which the engine gets these inputs as they are stated here. The SDK fills its defaults in by a function of a
 * whole input (`pulumi.output(input).apply(...ArgsProvideDefaults)` in @pulumi/azure-native 3.28.0), so that one part of it that is not
 * known before the update hides all of it from whoever reads the preview, the policy pack among them. What is stated must have those
 * defaults itself.
 */
export function asStated(inputs: Readonly<Record<string, unknown>>): pulumi.CustomResourceOptions {
    return { transformations: [({ props, opts }) => ({ props: { ...props, ...inputs }, opts })] };
}
