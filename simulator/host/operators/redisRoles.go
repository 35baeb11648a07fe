package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// redisStatus is RedisReplicationStatus of api/redisreplication/v1beta2.
type redisStatus struct {
	MasterNode     string               `json:"masterNode,omitempty"`
	ConnectionInfo *redisConnectionInfo `json:"connectionInfo,omitempty"`
}

type redisConnectionInfo struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// syncRedisReplication is Reconcile of internal/controller/redisreplication/redisreplication_controller.go.
func syncRedisReplication(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	r, err := readRedis(w, object, "", "replication", 6379)
	if err != nil || r == nil {
		return err
	}
	if err := r.refused(); err != nil {
		return err
	}
	for _, make := range []func(context.Context) error{r.makeSet, r.makeServices, r.makeRoleServices} {
		if err := make(ctx); err != nil {
			return err
		}
	}
	if err := r.makeBudget(ctx, r.name()+"-replication"); err != nil || !r.hasPassword() {
		return err
	}
	var status redisStatus
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	ready, err := r.readyPods()
	if err != nil {
		return err
	}
	status.MasterNode = r.master(ready, status.MasterNode)
	host := fmt.Sprintf("%s-master.%s.svc.%s", r.name(), r.namespace(), r.plane.domain)
	status.ConnectionInfo = &redisConnectionInfo{host, 6379}
	if err := w.setStatus(ctx, redisReplications, object, status); err != nil || status.MasterNode == "" {
		return err
	}
	return r.labelPods(ctx, ready, status.MasterNode)
}

// readyPods are those that the operator would ask (IsRedisPodProbeable), by their number.
func (r *redisObject) readyPods() ([]*corev1.Pod, error) {
	var ready []*corev1.Pod
	for number := range int(*r.spec.Size) {
		there := r.w.get(pods, r.namespace(), r.setName+"-"+strconv.Itoa(number))
		if there == nil {
			continue
		}
		pod := &corev1.Pod{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(there.Object, pod); err != nil {
			return nil, fmt.Errorf("Pod %s: %w", keyOf(there), err)
		}
		if isActive(pod) && isReady(pod) {
			ready = append(ready, pod)
		}
	}
	return ready, nil
}

// master is the pod that writes. A pod that is new has no role yet, and Redis in it follows nobody; which of several it is to be, reconcileRedis decides. When
// the one that wrote is gone, sentinels choose among those that followed it; without most of them nobody does.
func (r *redisObject) master(ready []*corev1.Pod, last string) string {
	var writing, following, fresh []string
	for _, pod := range ready {
		switch pod.Labels[redisRole] {
		case "master":
			writing = append(writing, pod.Name)
		case "slave":
			following = append(following, pod.Name)
		default:
			fresh = append(fresh, pod.Name)
		}
	}
	switch isComplete := len(ready) == int(*r.spec.Size); {
	case len(writing) > 0:
		return oneOf(writing, last)
	case len(following) > 0 && r.canVote():
		return following[0]
	case len(following) > 0 && len(fresh) == 1 && isComplete:
		// CreateMasterSlaveReplication, of those that followed one whose address nobody has any more.
		return fresh[0]
	case len(following) == 0 && isComplete:
		return oneOf(fresh, last)
	}
	return ""
}

// oneOf is the wanted one if it is among them, and else the first.
func oneOf(names []string, wanted string) string {
	for _, name := range names {
		if name == wanted {
			return name
		}
	}
	return names[0]
}

// canVote says whether sentinels that watch these pods miss the one that writes, and are enough to choose another: their quorum, and most of them.
func (r *redisObject) canVote() bool {
	for _, object := range r.w.list(redisSentinels, nil) {
		var spec redisSpec
		if object.GetNamespace() != r.namespace() || read(object, &spec, "spec") != nil {
			continue
		}
		if spec.SentinelConfig == nil || spec.SentinelConfig.RedisReplicationName != r.name() || spec.Size == nil {
			continue
		}
		quorum, err := strconv.Atoi(spec.SentinelConfig.Quorum)
		if err != nil {
			quorum = 2
		}
		sentinels := &redisObject{w: r.w, object: object, spec: spec, setName: object.GetName() + "-sentinel"}
		voting, err := sentinels.readyPods()
		return err == nil && len(voting) >= max(quorum, int(*spec.Size)/2+1)
	}
	return false
}

// labelPods tells pods by what they are: UpdateRedisRoleLabel in internal/controller/common/redis/heal.go. One that does not answer keeps its label.
func (r *redisObject) labelPods(ctx context.Context, ready []*corev1.Pod, master string) error {
	for _, pod := range ready {
		role := "slave"
		if pod.Name == master {
			role = "master"
		}
		if pod.Labels[redisRole] == role {
			continue
		}
		patch, err := json.Marshal(fields{"metadata": fields{"uid": pod.UID, "labels": fields{redisRole: role}}})
		if err != nil {
			return err
		}
		options := metav1.PatchOptions{FieldManager: redisManager}
		if _, err := r.w.write(pods, r.namespace()).Patch(ctx, pod.Name, types.MergePatchType, patch, options); ignoreGone(err) != nil {
			return err
		}
	}
	return nil
}

// syncRedisSentinel is Reconcile of internal/controller/redissentinel/redissentinel_controller.go: sentinels wait for whom they are to watch.
func syncRedisSentinel(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	r, err := readRedis(w, object, "-sentinel", "sentinel", 26379)
	if err != nil || r == nil {
		return err
	}
	if err := r.refused(); err != nil {
		return err
	}
	if !r.hasPassword() || (r.spec.SentinelConfig != nil && !r.isWatchable()) {
		return nil
	}
	for _, make := range []func(context.Context) error{r.makeServices, r.makeSet} {
		if err := make(ctx); err != nil {
			return err
		}
	}
	return r.makeBudget(ctx, r.name()+"-sentinel")
}

// isWatchable is IsRedisReplicationReady in internal/k8sutils/redis-replication.go: all pods are ready, and one writes.
func (r *redisObject) isWatchable() bool {
	watched := r.spec.SentinelConfig.RedisReplicationName
	replication, set := r.w.get(redisReplications, r.namespace(), watched), r.w.get(statefulSets, r.namespace(), watched)
	if replication == nil || set == nil {
		return false
	}
	master, _, _ := unstructured.NestedString(replication.Object, "status", "masterNode")
	wanted, _, _ := unstructured.NestedInt64(set.Object, "spec", "replicas")
	ready, _, _ := unstructured.NestedInt64(set.Object, "status", "readyReplicas")
	return master != "" && ready == wanted
}
