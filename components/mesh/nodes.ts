/**
 * Namespace of the agents that the mesh has on every node. They work on their nodes' network as root, which istiod must not; Istio's own
 * profile for OpenShift sets them apart in the same way.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/helm-profiles/platform-openshift.yaml
 */
export const nodeNamespace = "istio-nodes";
