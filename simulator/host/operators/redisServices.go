package operators

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// redisRole is the label that says what a pod of Redis is, which Services follow: internal/controller/common/constants.go.
const redisRole = "redis-role"

// makeServices makes those in front of all pods: CreateReplicationService and CreateRedisSentinelService. Each picks pods by all of its own labels.
func (r *redisObject) makeServices(ctx context.Context) error {
	for suffix, isHeadless := range map[string]bool{"-headless": true, "": false, "-additional": false} {
		if err := r.makeService(ctx, r.setName+suffix, r.labels(), isHeadless); err != nil {
			return err
		}
	}
	return nil
}

// makeRoleServices makes those to the pod that writes, and to those that follow.
func (r *redisObject) makeRoleServices(ctx context.Context) error {
	for suffix, role := range map[string]string{"-master": "master", "-replica": "slave"} {
		if err := r.makeService(ctx, r.name()+suffix, r.labels(redisRole, role), false); err != nil {
			return err
		}
	}
	return nil
}

func (r *redisObject) makeService(ctx context.Context, name string, labels map[string]string, isHeadless bool) error {
	port := corev1.ServicePort{Name: "redis-client", Port: r.port, TargetPort: intstr.FromInt32(r.port), Protocol: corev1.ProtocolTCP}
	if r.kind == "sentinel" {
		port.Name = "sentinel-client"
	}
	service := &corev1.Service{ObjectMeta: r.meta(name, labels), Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeClusterIP, Selector: labels, Ports: []corev1.ServicePort{port},
	}}
	for key, value := range map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": "9121"} {
		service.Annotations[key] = value
	}
	if isHeadless {
		service.Spec.ClusterIP = corev1.ClusterIPNone
	}
	return r.own(ctx, services, "Service", service)
}

// makeBudget is ReconcileReplicationPodDisruptionBudget and ReconcileSentinelPodDisruptionBudget.
func (r *redisObject) makeBudget(ctx context.Context, name string) error {
	asked := r.spec.PodDisruptionBudget
	if asked == nil || !asked.Enabled {
		return r.w.drop(ctx, budgets, r.object, name)
	}
	spec := policyv1.PodDisruptionBudgetSpec{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": r.setName, "role": r.kind}}}
	kept := intstr.FromInt32(*r.spec.Size/2 + 1)
	switch {
	case asked.MaxUnavailable != nil:
		most := intstr.FromInt32(*asked.MaxUnavailable)
		spec.MaxUnavailable = &most
	case asked.MinAvailable != nil:
		least := intstr.FromInt32(*asked.MinAvailable)
		spec.MinAvailable = &least
	default:
		spec.MinAvailable = &kept
	}
	return r.own(ctx, budgets, "PodDisruptionBudget", &policyv1.PodDisruptionBudget{ObjectMeta: r.meta(name, r.labels()), Spec: spec})
}
