import { undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";

const yes = /^(1|true|yes|on|enable|enabled)$/i;
const no = /^(0|false|no|off|disable|disabled)$/i;

/** Properties of a user that hold a password, or refer to one; `k8s_secret_` stands before those that a Secret holds. */
const passwords = /^(k8s_secret_(env_)?)?password(_sha256_hex|_double_sha1_hex)?$/;

/** Secure ports on, the others off, in every cluster; and every user with a password that is not written down. */
export function clickHouse({ object }: Subject, report: Report): void {
    const configuration = object.get("spec", "configuration");
    for (const cluster of configuration.get("clusters").items()) {
        // The operator's defaults: no secure ports, and insecure ones (CRD of 0.25).
        requireSwitch(cluster.get("secure"), yes, "does not turn on the secure ports", report);
        requireSwitch(cluster.get("insecure"), no, "leaves the insecure ports open", report);
    }
    checkUsers(configuration.get("users"), report);
}

function requireSwitch(value: Value, wanted: RegExp, problem: string, report: Report): void {
    const read = value.text();
    if (read !== undecided && !(typeof read === "string" && wanted.test(read))) report({ path: value.path, problem });
}

/** Keys are `<user>/<property>`. The user `default` is there whether or not it is named. */
function checkUsers(users: Value, report: Report): void {
    if (users.mapping() === undecided) return;
    const keys = users.keys().map((key) => ({ key, user: key.split("/")[0] ?? "", property: key.split("/")[1] ?? "" }));
    const protectedUsers = new Set(keys.filter(({ property }) => passwords.test(property)).map(({ user }) => user));
    for (const user of new Set(["default", ...keys.map((each) => each.user)]))
        if (!protectedUsers.has(user)) report({ path: users.path, problem: "has a user without a password" });
    for (const { key, property } of keys)
        if (property === "password" && typeof users.get(key).quietly.text() === "string")
            report({ path: users.path, problem: "has a password in the clear, or an empty one" });
}
