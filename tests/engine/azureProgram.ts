import { CloudScene } from "./cloudScene";

export const openAzure = () => CloudScene.open("azure");

/** What every program of these tests begins with: the SDK's modules, each loaded when it is used, a group, and the place of everything. */
export const beginning = `
const pulumi = require("@pulumi/pulumi");
const azure = new Proxy({}, { get: (_, name) => require("@pulumi/azure-native/" + name) });
const group = new azure.resources.ResourceGroup("group", { resourceGroupName: "tars", location: "westeurope" });
const place = { resourceGroupName: group.name, location: "westeurope" };
`;

export const subscription = "/subscriptions/00000000-0000-0000-0000-000000000000";
