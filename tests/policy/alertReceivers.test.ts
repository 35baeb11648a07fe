import { kubernetesResource } from "../../policy/samples";
import { type Mapping, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("OBS-02");
const onCall = { name: "on-call", webhookConfigs: [{ url: "https://hook.example" }] };
const configuration = (spec: Mapping) =>
    kubernetesResource("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", { metadata: { name: "shop" }, spec });
const said = (spec: Mapping) => saidOf(rule, [configuration(spec)]);
const route = { receiver: "on-call" };
const unnamed = "names no receiver of this configuration";

test.each([
    ["no route", { receivers: [onCall] }, "spec.route is not set, so that no alert goes anywhere"],
    ["no receivers", { route }, `spec.route.receiver ${unnamed}`],
    [
        "a route below to nobody",
        { route: { ...route, routes: [{ routes: [{ receiver: "gone" }] }] }, receivers: [onCall] },
        `spec.route.routes[0].routes[0].receiver ${unnamed}`,
    ],
    [
        "a receiver with an empty list",
        { route, receivers: [{ name: "on-call", slackConfigs: [] }] },
        "spec.receivers[0] is a receiver that tells nobody",
    ],
])("somebody hears nothing with %s", (_, spec, problem) => {
    expect(said(spec)).toEqual([problem]);
});

test.each([
    ["where a route leads", { route: { receiver: unknownText }, receivers: [onCall] }, "spec.route.receiver"],
    ["who receives", { route, receivers: unknownText }, "spec.receivers"],
    ["one of those who receive", { route, receivers: [unknownText] }, "spec.receivers[0]"],
    ["a receiver's name", { route, receivers: [{ ...onCall, name: unknownText }] }, "spec.receivers[0].name"],
])("not decided while it is unknown %s", (_, spec, path) => {
    expect(said(spec)).toEqual([`not decided: ${path} is not known before the update`]);
});

test("a receiver that can be reached is enough, whatever else cannot be read", () => {
    const text = "spec.receivers[1] is a string where a mapping belongs";
    expect(said({ route, receivers: [onCall, "somebody"] })).toEqual([text]);
});

test("a route of a file that holds itself, as YAML lets it, ends", () => {
    const routes: unknown[] = [];
    const endless = { ...route, routes };
    routes.push(endless);
    const file = { ...configuration({ route: endless, receivers: [onCall] }), origin: "manifest" } as const;
    expect(saidOf(rule, [file])).toEqual([]);
});
