import * as fs from "node:fs";
import * as path from "node:path";
import { account, addon, cluster, inFreshAccounts, token } from "./awsGround";

/** What the add-on of snapshots brings into a cluster of the simulated EKS. */

const clusters = () => JSON.parse(fs.readFileSync(path.join(account.folder, "clusters.json"), "utf8"));

inFreshAccounts();

test("the add-on brings the kinds of snapshots, takes them with it, and no other add-on does", async () => {
    await cluster();
    await addon("coredns");
    expect(clusters().c).not.toHaveProperty("snapshots");
    await addon("snapshot-controller");
    expect(clusters().c.snapshots).toBe(true);
    await account.remove(token("eks", "Addon"), "c:snapshot-controller");
    expect(clusters().c.snapshots).toBe(false);
});
