"""Writes resources.json: what CloudFormation's resource schemas say of the AWS types that the platform or its simulated cloud has.

    python3 -m pip install cfn-lint==1.58.0
    python3 extract.py > resources.json && npx biome check --write resources.json

With names of machine types it writes instead which of them each region sells, from AWS's price list, which the package ships too:

    python3 extract.py t3.medium ... > ../../../../components/cloud/aws/machineRegions.json

The package ships the schemas of every type in every region, as AWS publishes them and with cfn-lint's corrections:
https://github.com/aws-cloudformation/cfn-lint/tree/main/src/cfnlint/data/schemas
A property's path has its names from the top, `*` for each item of a list or value of a map. What a schema says only under a
condition is left out, so that nothing is refused that AWS would take. Any version of the package from 1.51 on can be read; types
that it does not have yet are left out. The committed file names its version, and a test compares it where that version is installed.
"""

import importlib.metadata
import json
import runpy
import sys

REGION = "us-east-1"

TYPES = {
    "AWS::CertificateManager": "Certificate",
    "AWS::CloudTrail": "Trail",
    "AWS::CloudWatch": "Alarm",
    "AWS::Config": "ConfigRule ConfigurationRecorder DeliveryChannel",
    "AWS::EC2": "DHCPOptions EIP FlowLog InternetGateway LaunchTemplate NatGateway NetworkAcl NetworkAclEntry PrefixList Route "
    "RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetNetworkAclAssociation "
    "SubnetRouteTableAssociation VPC VPCCidrBlock VPCDHCPOptionsAssociation VPCEndpoint VPCGatewayAttachment "
    "VPCPeeringConnection",
    "AWS::ECR": "PullThroughCacheRule RegistryPolicy RegistryScanningConfiguration Repository RepositoryCreationTemplate",
    "AWS::EKS": "AccessEntry Addon Cluster Nodegroup PodIdentityAssociation",
    "AWS::ElastiCache": "ParameterGroup ReplicationGroup SubnetGroup",
    "AWS::ElasticLoadBalancingV2": "Listener LoadBalancer TargetGroup",
    "AWS::Events": "EventBusPolicy Rule",
    "AWS::GuardDuty": "Detector",
    "AWS::IAM": "InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy ServiceLinkedRole",
    "AWS::KMS": "Alias Key",
    "AWS::Logs": "LogGroup ResourcePolicy SubscriptionFilter",
    "AWS::MSK": "Cluster Configuration Topic",
    "AWS::RDS": "DBInstance DBParameterGroup DBSubnetGroup",
    "AWS::Route53": "DNSSEC HostedZone KeySigningKey QueryLoggingConfig RecordSet",
    "AWS::S3": "Bucket BucketPolicy",
    "AWS::SNS": "Topic TopicPolicy",
    "AWS::SQS": "Queue QueuePolicy",
    "AWS::SecretsManager": "ResourcePolicy Secret",
    "AWS::SecurityHub": "Hub Standard",
    "AWS::WAFv2": "IPSet LoggingConfiguration WebACL WebACLAssociation",
}

RULES = ("type", "enum", "const", "pattern", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


def main(machines):
    package = cfn_lint()
    data = package.locate_file("cfnlint/data/schemas")
    source = f"cfn-lint {package.version} (PyPI)"
    if machines:
        return json.dump({"source": source, "sold": regions_of(data, machines)}, sys.stdout)
    files = files_of(data / "providers")
    names = [f"{service}::{name}" for service, names in TYPES.items() for name in names.split()]
    types = {name: compact(json.loads((data / f"resources/{files[name]}.json").read_text())) for name in names if name in files}
    json.dump({"source": f"{source}, {REGION}", "types": types}, sys.stdout)


def regions_of(data, machines):
    lists = json.loads((data / "extensions/aws_ec2_instance/instancetype_enum.json").read_text())
    regions = sorted(region for region in lists if region not in ("all", "description"))
    return {region: [name for name in machines if name in lists[region]["enum"]] for region in regions}


def cfn_lint():
    try:
        return importlib.metadata.distribution("cfn-lint")
    except importlib.metadata.PackageNotFoundError:
        sys.exit("the Python package cfn-lint is not installed")


def files_of(providers):
    """Which file has the schema of each type: JSON, in older versions a Python module."""
    if (providers / f"{REGION}.json").exists():
        return json.loads((providers / f"{REGION}.json").read_text())
    return runpy.run_path(str(providers / f"{REGION.replace('-', '_')}.py"))["types"]


def compact(schema):
    found = {}
    walk(schema, schema, (), found, frozenset())
    found = {path: rules for path, rules in found.items() if not is_plain_parent(path, rules, found)}
    return {
        "createOnly": paths(schema, "createOnlyProperties"),
        "conditionalCreateOnly": paths(schema, "conditionalCreateOnlyProperties"),
        "readOnly": paths(schema, "readOnlyProperties"),
        "required": sorted(schema.get("required", [])),
        "properties": {path: found[path] for path in sorted(found)},
    }


def is_plain_parent(path, rules, found):
    """Whether all that there is to say of an object or list is said by what is in it."""
    return rules in ({"type": "object"}, {"type": "array"}) and any(other.startswith(f"{path}/") for other in found)


def paths(schema, key):
    return sorted(path.removeprefix("/properties/") for path in schema.get(key, []))


def walk(root, schema, path, found, seen):
    """Adds the rules of everything below `path`. `seen` ends types that contain themselves."""
    schema, seen = resolved(root, schema, seen)
    if schema is None:
        return
    if path:
        add(found.setdefault("/".join(path), {}), schema)
    for branch in schema.get("allOf", []):
        walk(root, branch, path, found, seen)
    for branch in schema.get("anyOf", []) + schema.get("oneOf", []):
        walk(root, without_rules(branch), path, found, seen)
    for name, child in schema.get("properties", {}).items():
        walk(root, child, (*path, name), found, seen)
    for child in [*schema.get("patternProperties", {}).values(), schema.get("items")]:
        if isinstance(child, dict):
            walk(root, child, (*path, "*"), found, seen)


def resolved(root, schema, seen):
    """The schema that a reference leads to. What stands beside the reference counts too."""
    while "$ref" in schema:
        target = schema["$ref"]
        if target in seen:
            return None, seen
        seen = seen | {target}
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**follow(root, target), **beside}
    return schema, seen


def follow(root, target):
    at = root
    for step in target.removeprefix("#/").split("/"):
        at = at[step]
    return at


def without_rules(branch):
    """One of several alternatives: its properties exist, but none of its rules holds for certain."""
    return {key: value for key, value in branch.items() if key not in RULES and key != "required"}


def add(rules, schema):
    for key in RULES:
        if key in schema:
            rules[key] = schema[key]
    if schema.get("required") and schema.get("type") != "array":
        rules["required"] = sorted(schema["required"])


if __name__ == "__main__":
    main(sys.argv[1:])
