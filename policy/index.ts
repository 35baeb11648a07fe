import { PolicyPack } from "@pulumi/policy";
import { toPolicy } from "./pack";
import { rules } from "./registry";

new PolicyPack("tars-platform", { policies: rules.map(toPolicy) });
