/** Vocabularies that the rules about pods and the admission policies made after them both go by. This folder imports nothing. */

/** Volume types of the restricted profile (k8s.io/pod-security-admission 0.36.3, check_restrictedVolumes.go). */
export const acceptedVolumes = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
] as const;

/** The one capability that the restricted profile lets a container add: to listen on a port below 1024. */
export const allowedCapability = "NET_BIND_SERVICE";

/** Filters of system calls that the restricted profile accepts. */
export const seccompTypes = ["RuntimeDefault", "Localhost"] as const;

// What the baseline profile allows, in k8s.io/pod-security-admission 0.36.3: check_sysctls.go, check_seLinuxOptions.go, check_appArmorProfile.go.

/** Kernel parameters that a pod has for itself, and that cannot harm its node. */
export const safeSysctls = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
] as const;

export const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"] as const;

export const appArmorTypes = ["RuntimeDefault", "Localhost"] as const;

/** How AppArmor profiles were set before Kubernetes 1.30 had fields for them; the rest of the key is the container's name. */
export const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

/** What such an annotation may say, as a regular expression that JavaScript and RE2 read alike. */
export const appArmorProfiles = "^(|runtime/default|localhost/[\\s\\S]*)$";

/** Where a container has an action that the kubelet takes for it, and so from the node's network. */
export const handlers = [
    ["livenessProbe"],
    ["readinessProbe"],
    ["startupProbe"],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
] as const;

/** The actions that name a host. */
export const hostActions = ["httpGet", "tcpSocket"] as const;
