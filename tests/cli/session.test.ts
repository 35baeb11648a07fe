import { statePaths } from "../../simulator/session/paths";
import { sessionToken } from "../../simulator/session/session";
import { writePrivateFile } from "../../simulator/system/files";
import { scratchFolder } from "./support";

const scratch = scratchFolder();

test("every cluster gets a token of its own; the one of a cluster that is up is kept", () => {
    const paths = statePaths("dev", scratch.path);
    const first = sessionToken(paths, false);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    writePrivateFile(paths.session, JSON.stringify({ token: first }));
    expect(sessionToken(paths, true)).toBe(first);
    expect(sessionToken(paths, false)).not.toBe(first);
});
