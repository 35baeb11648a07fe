import { readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { exitCodes, Fault } from "../../../simulator/fault";
import { field, systemCode, textField } from "../../../simulator/system/files";
import { loginNames } from "./reference";
import type { Login } from "./registry";

/** Logins as `docker login` keeps them in the file itself; those that a credential helper keeps are not asked for. */
export function dockerLogins(): Login {
    const file = path.join(process.env.DOCKER_CONFIG || path.join(os.homedir(), ".docker"), "config.json");
    const logins = field(readConfiguration(file), "auths");
    return (registry) => {
        const found = loginNames(registry).map((name) => textField(field(logins, name), "auth"));
        const encoded = found.find((auth) => auth !== undefined && auth !== "");
        return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
    };
}

function readConfiguration(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        if (systemCode(error) === "ENOENT") return {};
        // The parser's own words would quote the file, which holds passwords.
        const reason = error instanceof SyntaxError ? "it is no JSON" : (systemCode(error) ?? "it cannot be read");
        throw new Fault(`cannot use ${file}: ${reason}`, "correct it, or set DOCKER_CONFIG", exitCodes.configuration);
    }
}
