package operators

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// redisManager is what the operator of Redis is called.
const redisManager = "redis-operator"

var (
	redisV1beta2      = schema.GroupVersion{Group: "redis.redis.opstreelabs.in", Version: "v1beta2"}
	redisReplications = redisV1beta2.WithResource("redisreplications")
	redisSentinels    = redisV1beta2.WithResource("redissentinels")
)

// redisOperator is OT-CONTAINER-KIT's operator together with the Redis and the sentinels in its pods, after internal/controller and internal/k8sutils of
// redis-operator v0.26.0. No Redis runs: a pod that is ready is what its label `redis-role` says, follows whoever writes, and a sentinel that is ready votes.
//
// Not shown: Redis and RedisCluster, sentinels within a RedisReplication, TLS, ACLs, the exporter, host ports, sidecars, volumes that grow, finalizers (and
// so claims that go with their object), events. What takes the true one up to half a minute to see is seen at once.
func redisOperator() *operator {
	return &operator{
		name:       redisManager,
		controller: labels.Set{"app.kubernetes.io/name": redisManager, "app.kubernetes.io/component": "operator"},
		subjects: []subject{
			{"RedisReplication", redisReplications, syncRedisReplication},
			{"RedisSentinel", redisSentinels, syncRedisSentinel},
		},
		looksAt: []schema.GroupVersionResource{pods, statefulSets, services, secrets, budgets},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch"}, "services"),
			rule("", []string{"patch"}, "pods"),
			rule("apps", []string{"create", "patch"}, "statefulsets"),
			rule("policy", []string{"create", "patch", "delete"}, "poddisruptionbudgets"),
		},
	}
}

// redisPlane is what the operator was started with: charts/redis-operator/templates/operator-deployment.yaml, internal/envs/envs.go.
type redisPlane struct {
	initImage  string
	domain     string
	watched    []string
	initConfig bool
}

// redisPlaneOf reads the environment of the operator's Deployment.
func redisPlaneOf(w *world) (*redisPlane, error) {
	deployment := w.controllerOf(redisOperator())
	if deployment == nil {
		return nil, nil
	}
	var template corev1.PodTemplateSpec
	if err := read(deployment, &template, "spec", "template"); err != nil {
		return nil, err
	}
	plane := &redisPlane{domain: "cluster.local"}
	for _, container := range template.Spec.Containers {
		for _, each := range container.Env {
			switch each.Name {
			case "INIT_CONTAINER_IMAGE":
				plane.initImage = each.Value
			case "SERVICE_DNS_DOMAIN":
				plane.domain = each.Value
			case "WATCH_NAMESPACE":
				plane.watched = strings.Split(each.Value, ",")
			case "FEATURE_GATES":
				plane.initConfig = strings.Contains(each.Value, "GenerateConfigInInitContainer=true")
			}
		}
	}
	return plane, nil
}

// redisObject is a RedisReplication or a RedisSentinel on its way.
type redisObject struct {
	w      writer
	plane  *redisPlane
	object *unstructured.Unstructured
	spec   redisSpec
	// setName is the name of its StatefulSet, and of the Services in front of it; kind is what labels call it.
	setName, kind string
	port          int32
}

// readRedis is nil where the operator does not look.
func readRedis(w *world, object *unstructured.Unstructured, suffix, kind string, port int32) (*redisObject, error) {
	if object.GetDeletionTimestamp() != nil || object.GetAnnotations()["redis.opstreelabs.in/skip-reconcile"] == "true" {
		return nil, nil
	}
	plane, err := redisPlaneOf(w)
	if err != nil || plane == nil {
		return nil, err
	}
	if len(plane.watched) > 0 && !slices.Contains(plane.watched, object.GetNamespace()) {
		return nil, nil
	}
	r := &redisObject{w: w.as(redisManager), plane: plane, object: object, setName: object.GetName() + suffix, kind: kind, port: port}
	return r, read(object, &r.spec, "spec")
}

func (r *redisObject) name() string      { return r.object.GetName() }
func (r *redisObject) namespace() string { return r.object.GetNamespace() }

// stable are the labels by which pods are told from others, and labels these with the object's own over them: internal/controller/common/labels.go.
func (r *redisObject) stable() map[string]string {
	return map[string]string{"app": r.setName, "redis_setup_type": r.kind, "role": r.kind}
}

func (r *redisObject) labels(more ...string) map[string]string {
	made := r.stable()
	for key, value := range r.object.GetLabels() {
		made[key] = value
	}
	for index := 0; index+1 < len(more); index += 2 {
		made[more[index]] = more[index+1]
	}
	return made
}

// annotations are those of the object but for the ones that it keeps to itself: generateStatefulSetsAnots in internal/k8sutils/labels.go.
func (r *redisObject) annotations() map[string]string {
	made := map[string]string{"redis.opstreelabs.in": "true", "redis.opstreelabs.instance": r.setName}
	for key, value := range r.object.GetAnnotations() {
		made[key] = value
	}
	for _, key := range append(r.spec.KubernetesConfig.IgnoreAnnotations, "kubectl.kubernetes.io/last-applied-configuration") {
		delete(made, key)
	}
	return made
}

func (r *redisObject) meta(name string, labels map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: name, Namespace: r.namespace(), Labels: labels, Annotations: r.annotations(), OwnerReferences: ownerOf(r.object),
	}
}

func (r *redisObject) own(ctx context.Context, resource schema.GroupVersionResource, kind string, object any) error {
	return r.w.own(ctx, resource, kind, r.object, object)
}

// hasPassword says whether the Secret that the object names has its key: without it neither the pods nor the operator get in.
func (r *redisObject) hasPassword() bool {
	named := r.spec.KubernetesConfig.RedisSecret
	if named == nil {
		return true
	}
	secret := r.w.get(secrets, r.namespace(), named.Name)
	if secret == nil {
		return false
	}
	_, has, err := unstructured.NestedString(secret.Object, "data", named.Key)
	return err == nil && has
}

// refused says what is wrong with an object that the API server has taken; the true operator fails over it again and again.
func (r *redisObject) refused() error {
	if r.spec.Size == nil || *r.spec.Size < 1 {
		return fmt.Errorf("%s %s: clusterSize is none", r.object.GetKind(), keyOf(r.object))
	}
	return nil
}
