import { parse } from "yaml";
import { undecided, Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";

const whole = "nvidia.com/gpu";

/**
 * Whether NVIDIA's device plugin offers GPUs under a name, by the file that the stack gives it; undefined where the stack has none, as
 * where the node image brings the plugin, or where what it says is not known.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin#configuration-option-details
 */
export function offeredBy(stack: Stack): ((name: string) => boolean) | undefined {
    const files = stack.of("core/ConfigMap").flatMap(({ object }) => {
        const data = object.quietly.get("data");
        return data.keys().map((key) => configIn(data.get(key).text()));
    });
    const configs = files.filter((file) => file !== undefined);
    if (configs.length === 0) return undefined;
    return (name) => configs.some((config) => offers(config, name));
}

/** The plugin's own form: a version beside flags, sharing or resources. Any other text is somebody else's. */
function configIn(text: unknown): Value | undefined {
    if (typeof text !== "string" || !/migStrategy|timeSlicing/.test(text)) return undefined;
    try {
        const config = Value.unheard(parse(text));
        return config.get("version").text() === "v1" ? config : undefined;
    } catch {
        return undefined;
    }
}

function offers(config: Value, name: string): boolean {
    const strategy = config.get("flags", "migStrategy").text();
    // A name for a slice is only there where slices go by their own names.
    if (name.startsWith("nvidia.com/mig-")) return strategy === "mixed" || strategy === undecided;
    const slicing = config.get("sharing", "timeSlicing");
    const shared = slicing
        .get("resources")
        .items()
        .some((each) => each.get("name").text() === whole);
    const isRenamed = shared && slicing.get("renameByDefault").boolean() === true;
    if (name === whole) return !isRenamed;
    return name !== `${whole}.shared` || isRenamed;
}
