import type { Case } from "./case";

const nginx = { "edge.controller": "nginx" } as const;
const tokens = {
    issuer: "https://login.example.com/tars",
    jwksUri: "https://login.example.com/tars/keys",
    audiences: ["tars"],
};

export const nginxOnDev: readonly Case[] = [
    ["a controller that there is not", { "edge.controller": "traefik" }, 'edge.controller: must be "istio" or "nginx"'],
    [
        "tokens at NGINX",
        { ...nginx, "edge.authentication": tokens },
        "edge.authentication: is set, but NGINX asks callers for tokens only as NGINX Plus, which the platform does not run\n      fix: remove it, or set edge.controller to istio",
    ],
    [
        "NGINX in a mesh of sidecars",
        { ...nginx, "mesh.mode": "sidecar" },
        "mesh.mode: is sidecar, in which NGINX's calls of pods by their addresses do not reach the mesh",
    ],
    [
        "addresses that NGINX would have to exempt",
        { ...nginx, "edge.rateLimit": { exempt: ["203.0.113.10/32"] } },
        "edge.rateLimit.exempt: exempts addresses, but NGINX Gateway Fabric has one limit for all",
    ],
    [
        "a size that NGINX cannot say",
        { ...nginx, "edge.requestBytes": "10000Mi" },
        "edge.requestBytes: is 10000Mi, which NGINX cannot say",
    ],
    [
        "more proxies before NGINX than it looks behind",
        { ...nginx, "cluster.entrance": { trustedHops: 2 } },
        "cluster.entrance.trustedHops: is 2, but with clientAddress preserved NGINX looks behind at most 1 of them\n      fix: set it to 1",
    ],
    [
        "a proxy behind a load balancer that writes the caller's address, before NGINX",
        { ...nginx, "cluster.entrance": { trustedHops: 1, clientAddress: "proxyProtocol" } },
        "cluster.entrance.trustedHops: is 1, but with clientAddress proxyProtocol NGINX looks behind at most 0 of them",
    ],
];
