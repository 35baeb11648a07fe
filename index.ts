import "./runtime/stackTraces";
import * as clouds from "./components/cloud/registry";
import { Platform } from "./components/platform";
import { refuseLoss } from "./components/settings/before";
import { readStack } from "./components/settings/read";

/** What it returns is the stack's outputs: what other stacks read, through outputs/. */
export = async () => {
    const { settings, cloud, digests } = readStack(clouds);
    await refuseLoss(settings);
    return new Platform("tars", { settings, digests, ...cloud.load(settings) }).outputs;
};
