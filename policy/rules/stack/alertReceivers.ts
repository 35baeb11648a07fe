import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

/** How deep routes lie within routes; the schema sets no bound, and no tree of alerts needs as many. */
const deepestRoute = 20;

/** Every route leads to a receiver that there is, and every receiver to somewhere. */
export function checkReceivers(configuration: Subject, report: StackReport): void {
    const spec = configuration.object.get("spec");
    const receivers = spec.get("receivers").items();
    const names = receivers.map((receiver) => receiver.get("name").text());
    const areKnown = !names.includes(undecided) && (!spec.get("receivers").isSet || spec.get("receivers").isList);
    const routes = routesBelow(spec.get("route"), deepestRoute);
    if (routes.length === 0)
        report(configuration, { path: "spec.route", problem: "is not set, so that no alert goes anywhere" });
    for (const [index, route] of routes.entries()) {
        const receiver = route.get("receiver");
        const name = receiver.text();
        // A route below another goes where that one goes, unless it says otherwise.
        if (name === undecided || (name === absent && index > 0) || !areKnown || names.includes(name)) continue;
        report(configuration, { path: receiver.path, problem: "names no receiver of this configuration" });
    }
    for (const receiver of receivers) {
        if (receiver.keys().some((key) => key.endsWith("Configs") && receiver.get(key).items().length > 0)) continue;
        if (receiver.mapping() === true)
            report(configuration, { path: receiver.path, problem: "is a receiver that tells nobody" });
    }
}

function routesBelow(route: Value, depth: number): readonly Value[] {
    if (!route.isSet || depth === 0) return [];
    return [
        route,
        ...route
            .get("routes")
            .items()
            .flatMap((child) => routesBelow(child, depth - 1)),
    ];
}
