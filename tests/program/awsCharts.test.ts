import { awsGraph, type Resource } from "./awsGraph";
import { type Graph, readGraph } from "./graph";
import { parsed, type Raw, settingsOf } from "./stack";

const own = "oci://123456789012.dkr.ecr.eu-central-1.amazonaws.com/tars-production/charts";
const mirror = { kind: "oci", prefix: own, definitions: "./mirror" };

const production = (aws: object, rest: object = {}): Raw => {
    const raw = settingsOf("prod-aws");
    return { ...raw, ...rest, aws: { ...Object(raw.aws), ...aws } };
};

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
beforeAll(async () => {
    const { aws, charts } = production({ chartRepositories: ["cert-manager", "istiod"] }, { charts: mirror });
    graph = await readGraph("prod-aws", { aws, charts });
    ({ of, named } = awsGraph(graph));
});

test("the stack's registry has a repository for each chart that is listed, as safe as one for images", () => {
    const images = named("Repository", "registry-tars-backend");
    const charts = of("Repository").filter(({ urn }) => urn !== images.urn);
    expect(charts.map(({ name, inputs }) => [name, inputs.name])).toEqual([
        ["registry-charts/cert-manager", "tars-production/charts/cert-manager"],
        ["registry-charts/istiod", "tars-production/charts/istiod"],
    ]);
    const rest = ({ inputs: { name: _, tags: __, ...inputs } }: Resource) => inputs;
    for (const chart of charts) expect(rest(chart)).toEqual(rest(images));
});

test("a chart that no update has asked for in a while stays: only what lost its tag goes", () => {
    const rules = (name: string) =>
        JSON.parse(named("LifecyclePolicy", `registry-${name}-lifecycle`).inputs.policy).rules;
    expect(rules("charts/istiod")).toEqual([rules("tars-backend")[0]]);
    expect(rules("charts/istiod")[0].selection.tagStatus).toBe("untagged");
});

test("charts come from the stack's own registry when it is named", () => {
    const charts = graph.of("Chart").map(({ inputs }) => [inputs.chart, inputs.version]);
    expect(charts).toContainEqual([`${own}/aws-load-balancer-controller`, "3.5.0"]);
    for (const [chart] of charts) expect(chart.startsWith(`${own}/`)).toBe(true);
});

test.each([
    [
        { chartRepositories: [] },
        "charts.prefix: is the stack's own registry, which has no repository for any chart\n      fix: list the charts",
    ],
    [
        { repositories: ["tars-backend", "charts/istiod"], chartRepositories: ["cert-manager", "istiod"] },
        "aws.chartRepositories.1: is charts/istiod of aws.repositories again",
    ],
])("%j is refused", (aws, words) => {
    expect(() => parsed(production(aws, { charts: mirror }))).toThrow(words);
});

test("a registry of somebody else's needs no repositories of ours", () => {
    const charts = { ...mirror, prefix: "oci://registry.example.com/charts" };
    expect(() => parsed(production({ chartRepositories: [] }, { charts }))).not.toThrow();
});
