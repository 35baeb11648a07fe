import type { Properties } from "../../simulator/providers/properties";
import { account, arn, cluster, inFreshAccounts, make, token } from "./awsGround";

/** Whom the simulated EKS lets into a cluster. */

const entryType = token("eks", "AccessEntry");
const developer = { clusterName: "c", principalArn: arn("developer"), kubernetesGroups: ["tars:developers"] };
const entry = (changes: Properties = {}) => make(entryType, { ...developer, ...changes });

inFreshAccounts();
beforeEach(async () => void (await cluster()));

test("people come in by groups of their own, from any account, and their groups change in place", async () => {
    await entry({ type: "STANDARD" });
    await entry({ principalArn: "arn:aws:iam::111122223333:role/team/auditor", kubernetesGroups: ["tars:viewers"] });
    const id = `c:${developer.principalArn}`;
    expect(account.outputsOf(entryType, id, "kubernetesGroups")).toBe("tars:developers");
    const changed = { ...developer, type: "STANDARD", kubernetesGroups: ["tars:viewers"] };
    expect(await account.change(entryType, id, changed)).toMatchObject({ kubernetesGroups: ["tars:viewers"] });
});

test("a policy of EKS goes with an entry of people", async () => {
    await entry();
    await expect(administer()).resolves.toMatch(/AmazonEKSClusterAdminPolicy$/);
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    [
        "a second entry of one principal",
        async () => {
            await entry();
            await entry({ kubernetesGroups: ["tars:viewers"] });
        },
        `${arn("developer")} has an entry already`,
    ],
    ["a group for nodes", () => entry({ type: "EC2_LINUX" }), "is for entries of type STANDARD only"],
    [
        "a user's name that is the API server's",
        () => entry({ userName: "system:admin" }),
        "must not begin with system:",
    ],
    [
        "a service linked role",
        () => entry({ principalArn: arn("aws-service-role/eks.amazonaws.com/x") }),
        "must be no service linked role",
    ],
    [
        "a policy for nodes",
        async () => {
            await make(entryType, { clusterName: "c", principalArn: arn("developer"), type: "EC2_LINUX" });
            await administer();
        },
        "a policy is for entries of type STANDARD only, not EC2_LINUX",
    ],
])("refused: %s", async (_what, attempt, reason) => {
    await expect(attempt()).rejects.toThrow(reason);
});

function administer(): Promise<string> {
    return make(token("eks", "AccessPolicyAssociation"), {
        clusterName: "c",
        principalArn: arn("developer"),
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
    });
}
