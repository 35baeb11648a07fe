import { PodIdentityAssociation } from "@pulumi/aws/eks";
import { OpenIdConnectProvider, Role, RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { backupFolder } from "../../foundation/dataBackups";
import { physicalName } from "../../foundation/names";
import { readFolders } from "../../foundation/readFolders";
import {
    type DnsZone,
    generatedPrefix,
    type IdentityBinding,
    logsInByToken,
    type Permission,
    type StorePurpose,
    type TokenLogin,
    type WorkloadIdentity,
} from "../contract";
import type { AwsAccount } from "./account";
import { followingIn } from "./followed";
import { bucketName, clusterName, nameRules, secretPrefix } from "./names";
import { repositoryNames } from "./registry";
import { type Condition, onKey, policyText, type Statement } from "./statements";

export interface RolePlan {
    readonly description: string;
    /** Service that takes the role, such as `ec2.amazonaws.com`. */
    readonly service: string;
    /** Policies of AWS, such as `AmazonEKSClusterPolicy`. */
    readonly managed: readonly string[];
    readonly statements: readonly Statement[];
    /**
     * For a role of pods: whose, and the policy that no other policy of the role goes beyond.
     * @default undefined - the service takes it for itself
     */
    readonly pods?: {
        readonly tags: Condition;
        readonly boundary: pulumi.Output<string>;
        /** Those that show a token of the cluster instead. @default undefined - none */
        readonly tokens?: TokenTrust | undefined;
    };
}

/** Whose tokens of the cluster are believed. */
interface TokenTrust {
    readonly issuer: Issuer;
    readonly subject: string;
}

/** The cluster's issuer of tokens, as the account knows it. */
interface Issuer {
    readonly arn: pulumi.Output<string>;
    /** Its URL without the scheme, by which conditions name what it says. */
    readonly name: pulumi.Output<string>;
}

/** Whom tokens are for that AWS changes for credentials. */
const tokenAudience = "sts.amazonaws.com";

const podIdentity = "pods.eks.amazonaws.com";

/** A role with its policies: whatever uses the role depends on `policies`, or it may begin without its rights. */
export function createRole(name: string, plan: RolePlan, account: AwsAccount, parent: pulumi.Resource) {
    const child = account.child(parent);
    const physical = roleName(account, name);
    const role = new Role(
        `${name}-role`,
        {
            name: physical,
            description: plan.description,
            assumeRolePolicy: trust(plan),
            ...(plan.pods && { permissionsBoundary: plan.pods.boundary }),
            tags: account.tags(physical),
        },
        child,
    );
    const attached = plan.managed.map((policy) => attach(name, role, policy, child));
    const own = plan.statements.length === 0 ? [] : [allow(name, role, plan.statements, child)];
    return { role, policies: [...attached, ...own] };
}

/** The name of a role in the account. */
export function roleName({ section }: AwsAccount, name: string): string {
    return physicalName(nameRules.role, section.name, name);
}

function attach(name: string, role: Role, policy: string, child: ChildOptions): RolePolicyAttachment {
    const args = { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` };
    return new RolePolicyAttachment(`${name}-${policy.replace(/^.*\//, "")}`, args, child);
}

function allow(name: string, role: Role, statements: readonly Statement[], child: ChildOptions): RolePolicy {
    const policy = pulumi.output(statements).apply(policyText);
    return new RolePolicy(`${name}-policy`, { name: "own", role: role.name, policy }, child);
}

/** Pods also pass on what they are, as tags of their session. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html */
function trust({ service, pods }: RolePlan): pulumi.Input<string> {
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] };
    const ofPods = { ...statement, Action: ["sts:AssumeRole", "sts:TagSession"], Condition: pods?.tags };
    const document = (...others: readonly object[]) =>
        JSON.stringify({ Version: "2012-10-17", Statement: [pods ? ofPods : statement, ...others] });
    const { tokens } = pods ?? {};
    return tokens === undefined ? document() : ofTokens(tokens).apply(document);
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
function ofTokens({ issuer, subject }: TokenTrust): pulumi.Output<object> {
    return pulumi.all([issuer.arn, issuer.name]).apply(([arn, name]) => ({
        Effect: "Allow",
        Principal: { Federated: arn },
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Condition: { StringEquals: { [`${name}:aud`]: tokenAudience, [`${name}:sub`]: subject } },
    }));
}

export interface PodRolePlan extends Omit<RolePlan, "service" | "pods"> {
    readonly namespace: string;
    readonly serviceAccount: string;
    /** Believed beside what EKS says of its pods. @default undefined - nobody is */
    readonly issuer?: Issuer | undefined;
}

/**
 * Lets the pods of one service account act as a role of their own. The role asks for that account too: otherwise whoever may write
 * associations in any cluster of the account gives it to pods of theirs.
 */
export function createPodRole(
    name: string,
    { namespace, serviceAccount, issuer, ...plan }: PodRolePlan,
    { account, cluster }: { readonly account: AwsAccount; readonly cluster: pulumi.Output<string> },
    parent: pulumi.Resource,
) {
    const tags = {
        "aws:RequestTag/eks-cluster-name": clusterName(account.section),
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
    };
    const subject = `system:serviceaccount:${namespace}:${serviceAccount}`;
    const tokens = issuer && { issuer, subject };
    const pods = { tags: { StringEquals: tags }, boundary: account.workloadBoundary, tokens };
    const { role, policies } = createRole(name, { ...plan, service: podIdentity, pods }, account, parent);
    const association = new PodIdentityAssociation(
        `${name}-association`,
        { clusterName: cluster, namespace, serviceAccount, roleArn: role.arn, tags: account.tags(name) },
        { ...account.child(parent), dependsOn: policies },
    );
    return { role, association };
}

export interface IdentitiesArgs {
    readonly account: AwsAccount;
    readonly cluster: pulumi.Output<string>;
    /** URL of the issuer of the cluster's tokens. */
    readonly issuer: pulumi.Output<string>;
    readonly bindings: Readonly<Record<string, IdentityBinding>>;
    /** Undefined where names are kept elsewhere. */
    readonly zone: DnsZone | undefined;
}

/** A role for each binding, which its pods take through EKS Pod Identity: neither pods nor service accounts carry anything for it. */
export class Identities extends TarsComponent {
    readonly all: Readonly<Record<string, WorkloadIdentity>>;

    constructor(
        name: string,
        { bindings, zone, issuer: url, ...place }: IdentitiesArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("cloud", "Identities", name, opts);
        const byToken = Object.values(bindings).some(logsInByToken);
        const issuer = byToken ? createIssuer(`${name}-issuer`, url, place.account, this) : undefined;
        const made = Object.entries(bindings).map(([identity, binding]) => {
            const statements = binding.permissions.flatMap((permission) =>
                allowed(permission, binding, place.account, zone),
            );
            const description = `What ${binding.namespace}/${binding.serviceAccount} may do`;
            const own = logsInByToken(binding) ? issuer : undefined;
            const plan = { ...binding, description, managed: [], statements, issuer: own };
            const { association } = createPodRole(identity, plan, place, this);
            // The association's: pods that start before it get no credentials, so whoever reads the id comes after it.
            const { roleArn: id } = association;
            const token = own && tokenLogin(place.account, id);
            return [identity, { ...binding, id, annotations: {}, podLabels: {}, token }] as const;
        });
        this.all = Object.fromEntries(made);
        this.registerOutputs({ all: this.all });
    }
}

/**
 * Has the account believe the cluster's own tokens, for programs that cannot ask EKS' agent: those that name whom they are for, of the service
 * accounts that a role names. Nothing is changed about pods that do.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
function createIssuer(name: string, url: pulumi.Output<string>, account: AwsAccount, parent: pulumi.Resource): Issuer {
    const args = { url, clientIdLists: [tokenAudience], tags: account.tags(name) };
    const { arn } = new OpenIdConnectProvider(name, args, account.child(parent));
    return { arn, name: url.apply((text) => text.replace(/^https:\/\//, "")) };
}

/** Variables of AWS' libraries. STS has an endpoint in the VPC. */
function tokenLogin({ section: { region, network } }: AwsAccount, role: pulumi.Output<string>): TokenLogin {
    const environment = { AWS_ROLE_ARN: role, AWS_REGION: region };
    return { audience: tokenAudience, environment, reach: [{ ranges: [network.cidr], port: 443 }] };
}

/** What a permission means on AWS: single actions on named resources. */
function allowed(
    permission: Permission,
    { serviceAccount }: IdentityBinding,
    account: AwsAccount,
    zone: DnsZone | undefined,
): readonly Statement[] {
    const bucket = (purpose: StorePurpose) => `arn:aws:s3:::${bucketName(account.section, purpose)}`;
    const objects = (purpose: StorePurpose) => `${bucket(purpose)}/*`;
    const list = (purpose: StorePurpose) => ({
        actions: ["s3:GetBucketLocation", "s3:ListBucket"],
        resources: [bucket(purpose)],
    });
    const read = onKey(account, ["kms:Decrypt"]);
    const write = onKey(account, ["kms:Decrypt", "kms:GenerateDataKey"]);
    const multipart = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
    const meanings = {
        "objectStore.read": [list("data"), { actions: ["s3:GetObject"], resources: [objects("data")] }, read],
        "objectStore.write": [
            list("data"),
            {
                actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", ...multipart],
                resources: [objects("data")],
            },
            write,
        ],
        "backups.write": [
            list("backups"),
            // Each in the folder of its own name. A deletion puts a marker on top (no s3:DeleteObjectVersion here): the version below is locked until its time is over.
            {
                actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", ...multipart],
                resources: [`${bucket("backups")}/${backupFolder(serviceAccount)}/*`],
            },
            write,
        ],
        "backups.read": [
            list("backups"),
            {
                actions: ["s3:GetObject"],
                resources: readFolders(serviceAccount).map((folder) => `${bucket("backups")}/${folder}/*`),
            },
            read,
        ],
        "backups.follow": followingIn(account, serviceAccount),
        "secretStore.read": [
            {
                actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                resources: [account.arn("secretsmanager", `secret:${secretPrefix(account.section)}*`)],
            },
            read,
        ],
        // Neither PutSecretValue nor DeleteSecret: what was added stays as it is.
        "secretStore.write": [
            {
                actions: ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
                resources: [
                    account.arn("secretsmanager", `secret:${secretPrefix(account.section)}${generatedPrefix}*`),
                ],
            },
            write,
        ],
        "dnsZone.prove": proofIn(account.section.dnsZone),
        "dnsZone.write": zone === undefined ? [] : recordsIn(zone),
        "registry.pull": [
            // This one call names no repository. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
            { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
            {
                actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                resources: repositoryNames(account).map((name) => account.arn("ecr", `repository/${name}`)),
            },
        ],
    } satisfies Readonly<Record<Permission, readonly Statement[]>>;
    return meanings[permission];
}

/**
 * Records of a proof, and no others: the zone itself has an id that nobody knows before it is there, so it is told by its names. Nothing where the
 * stack keeps no zone, which `checkAws` refuses.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 * @see https://cert-manager.io/docs/configuration/acme/dns01/route53/ (listing zones is not needed where the issuer names the zone's id)
 */
function proofIn(zone: string | undefined): readonly Statement[] {
    if (zone === undefined) return [];
    const names = [`_acme-challenge.${zone}`, `_acme-challenge.*.${zone}`];
    return [
        {
            actions: ["route53:ChangeResourceRecordSets"],
            resources: ["arn:aws:route53:::hostedzone/*"],
            condition: {
                "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
                "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
            },
        },
        { actions: ["route53:GetChange"], resources: ["arn:aws:route53:::change/*"] },
    ];
}

/**
 * Records of the one zone. Finding it takes a list of all zones, which names no zone; tags are asked for only where zones are chosen by them.
 *
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/aws.md#iam-policy
 */
function recordsIn({ id }: DnsZone): readonly Statement[] {
    const resources = [pulumi.interpolate`arn:aws:route53:::hostedzone/${id}`];
    const types = { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"] };
    return [
        {
            actions: ["route53:ChangeResourceRecordSets"],
            resources,
            condition: { "ForAllValues:StringEquals": types },
        },
        { actions: ["route53:ListResourceRecordSets"], resources },
        { actions: ["route53:ListHostedZones"], resources: ["*"] },
    ];
}
