/** One function of the kernel that is watched, and when a call of it is told. */
interface Probe {
    readonly call: string;
    readonly syscall: false;
    readonly message: string;
    readonly return?: true;
    readonly args: readonly { readonly index: number; readonly type: string }[];
    readonly returnArg?: { readonly index: 0; readonly type: "int" };
    readonly selectors?: readonly Readonly<Record<string, unknown>>[];
}

/** A TracingPolicy of Tetragon. With a `podSelector` it is about pods alone, without one about the node as well. */
export interface TracingPlan {
    readonly podSelector?: Readonly<Record<string, never>>;
    readonly kprobes: readonly Probe[];
}

const asFile = { index: 0, type: "file" } as const;
const result = { return: true, returnArg: { index: 0, type: "int" } } as const;

/** One event a minute for each way in which a program does it. */
const told = { matchActions: [{ action: "Post", rateLimit: "1m" }] } as const;

const equals = (index: number, value: string) => ({
    matchArgs: [{ index, operator: "Equal", values: [value] }],
});

/** Folders in which an image keeps its programs and what they load. Root file systems are read-only: who writes there has found a way. */
const programs = [
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/local/bin",
    "/usr/local/lib",
];

/**
 * What no pod of the platform does when it does what it should, and what nobody does to a node. Functions, arguments and figures are those of
 * Tetragon's own library, cut to what holds for pods without root, capabilities and a writable root.
 *
 * @see https://github.com/cilium/tetragon/tree/v1.7.0/examples/policylibrary (modules, privileges)
 * @see https://github.com/cilium/tetragon/blob/v1.7.0/examples/quickstart/file_monitoring.yaml
 */
export const tracingPolicies = {
    "kernel-modules": {
        kprobes: [
            {
                call: "security_kernel_module_request",
                syscall: false,
                message: "the kernel loads a module by itself",
                args: [{ index: 0, type: "string" }],
                ...result,
            },
            {
                call: "security_kernel_read_file",
                syscall: false,
                message: "a program loads a module into the kernel",
                args: [asFile, { index: 1, type: "int" }],
                ...result,
                // READING_MODULE of the kernel's list of what files are read for.
                selectors: [equals(1, "2")],
            },
        ],
    },
    "root-in-pods": {
        podSelector: {},
        kprobes: [
            {
                call: "__sys_setuid",
                syscall: false,
                message: "a program in a pod becomes root",
                args: [{ index: 0, type: "int" }],
                selectors: [{ ...equals(0, "0"), ...told }],
            },
            {
                call: "__sys_setresuid",
                syscall: false,
                message: "a program in a pod becomes root",
                args: [0, 1, 2].map((index) => ({ index, type: "int" })),
                // The user that rights are judged by, and the one that can be taken again.
                selectors: [1, 2].map((index) => ({ ...equals(index, "0"), ...told })),
            },
            {
                call: "create_user_ns",
                syscall: false,
                message: "a program in a pod makes a user namespace, in which it is root",
                args: [{ index: 0, type: "nop" }],
                selectors: [
                    { matchCapabilities: [{ type: "Effective", operator: "NotIn", values: ["CAP_SYS_ADMIN"] }] },
                ],
            },
        ],
    },
    "changed-programs": {
        podSelector: {},
        kprobes: [
            {
                call: "security_file_permission",
                syscall: false,
                message: "a program in a pod writes where programs are",
                args: [asFile, { index: 1, type: "int" }],
                ...result,
                selectors: [
                    {
                        matchArgs: [
                            { index: 0, operator: "Prefix", values: programs.map((folder) => `${folder}/`) },
                            // MAY_WRITE
                            { index: 1, operator: "Equal", values: ["2"] },
                        ],
                    },
                ],
            },
        ],
    },
} as const satisfies Readonly<Record<string, TracingPlan>>;
