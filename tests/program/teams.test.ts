import { confirmAccount } from "../../components/cloud/aws/account";
import { examplesOf as awsExamples } from "../../components/cloud/aws/examples";
import { awsSettings } from "../../components/cloud/aws/settings";
import { accessEntries, teams as awsTeams } from "../../components/cloud/aws/teams";
import { examplesOf as azureExamples } from "../../components/cloud/azure/examples";
import { roles } from "../../components/cloud/azure/roles";
import { azureSettings } from "../../components/cloud/azure/settings";
import { teams as azureTeams } from "../../components/cloud/azure/teams";
import { type Graph, type Registration, readGraph } from "./graph";
import { parsed, settingsOf } from "./stack";

const [emergency, developers, viewers] = [2, 3, 4].map((digit) =>
    "00000000-0000-0000-0000-000000000000".replaceAll("0", String(digit)),
);
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const onAws = (changes: object) => awsSettings.parse({ ...Object(settingsOf("prod-aws").aws), ...changes });
const onAzure = (changes: object) => azureSettings.parse({ ...Object(settingsOf("prod-azure").azure), ...changes });

describe("on EKS", () => {
    test("each principal has an entry of its own: administrators by a policy, teams by a group, emergencies by both", () => {
        const section = onAws({ administrators: [role("platform-admin")] });
        const entries = accessEntries({ section, tags: () => ({}) });
        const everything = {
            administrator: {
                policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                accessScope: { type: "cluster" },
            },
        };
        const standard = { type: "STANDARD", tags: {} };
        expect(entries).toEqual({
            "role-platform-admin": { principalArn: role("platform-admin"), accessPolicies: everything },
            "role-tars-break-glass": {
                ...standard,
                principalArn: role("tars-break-glass"),
                kubernetesGroups: ["tars:break-glass"],
                accessPolicies: everything,
            },
            "role-tars-developers": {
                ...standard,
                principalArn: role("tars-developers"),
                kubernetesGroups: ["tars:developers"],
            },
            "role-tars-viewers": {
                ...standard,
                principalArn: role("tars-viewers"),
                kubernetesGroups: ["tars:viewers"],
            },
        });
    });

    test("the cluster is told of groups, and of no role that nobody holds", () => {
        expect(awsTeams(onAws({}))).toEqual({
            breakGlass: [],
            developers: [{ kind: "Group", name: "tars:developers" }],
            viewers: [{ kind: "Group", name: "tars:viewers" }],
        });
        expect(awsTeams(onAws({ access: { groups: { viewers: [role("a"), role("b")] } } }))).toEqual({
            breakGlass: [],
            developers: [],
            viewers: [{ kind: "Group", name: "tars:viewers" }],
        });
        expect(awsTeams(onAws({ access: { groups: { breakGlass: [role("a")] } } }))).toBeUndefined();
        expect(awsTeams(onAws({ access: undefined }))).toBeUndefined();
    });

    test("roles of the documentation's account are refused in a real one", () => {
        const { settings } = parsed(settingsOf("prod-aws"));
        const examples = awsExamples(onAws({}), settings);
        expect(() => confirmAccount("210987654321", "210987654321", examples)).toThrow(
            `aws.access.groups.developers.0: is still the example "${role("tars-developers")}"`,
        );
    });
});

describe("on AKS", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await readGraph("prod-azure");
    });

    const given = (principal: string | undefined): readonly Registration[] =>
        graph.all.filter(
            ({ type, inputs }) => type.endsWith(":RoleAssignment") && Object(inputs).principalId === principal,
        );
    const rolesOf = (principal: string | undefined) =>
        given(principal).map(({ inputs }) => {
            const { roleDefinitionId, scope, principalType } = Object(inputs);
            const name = Object.entries(roles).find(([, id]) => roleDefinitionId.endsWith(id))?.[0];
            return { name, scope, principalType };
        });

    test("teams may log in to this cluster and are given nothing else by Azure; emergencies may do everything in it", () => {
        const onCluster = (name: string) => ({ name, scope: "aks-cluster-id", principalType: "Group" });
        expect(rolesOf(developers)).toEqual([onCluster("clusterUser")]);
        expect(rolesOf(viewers)).toEqual([onCluster("clusterUser")]);
        expect(rolesOf(emergency)).toEqual([onCluster("clusterAdmin"), onCluster("clusterUser")]);
    });

    test("administrators are the groups that they were", () => {
        const [administrators] = Object(settingsOf("prod-azure").azure).adminGroups;
        expect(rolesOf(administrators).map(({ name }) => name)).toEqual(["clusterAdmin", "clusterUser"]);
    });

    test("the cluster is told of groups by their object ids", () => {
        expect(azureTeams(onAzure({}))).toEqual({
            breakGlass: [],
            developers: [{ kind: "Group", name: developers }],
            viewers: [{ kind: "Group", name: viewers }],
        });
        expect(azureTeams(onAzure({ access: { groups: { breakGlass: [emergency] } } }))).toBeUndefined();
    });

    test("ids of the documentation count as examples, real ones do not", () => {
        const { settings } = parsed(settingsOf("prod-azure"));
        const keys = (section: object) => azureExamples(onAzure(section), settings).map(({ key }) => key);
        expect(keys({})).toEqual(
            expect.arrayContaining(["azure.adminGroups", "azure.access.groups.breakGlass.0", "azure.auditArchive"]),
        );
        const real = "6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e";
        const own = keys({ adminGroups: [real], access: { groups: { viewers: [real] } } });
        expect(own.filter((key) => /adminGroups|access/.test(key))).toEqual([]);
    });
});
