package simulation

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// balancers gives every service of type LoadBalancer an address that it keeps as long as it is one: the address in the service's status is the
// only memory, so it survives restarts. Services with a loadBalancerClass are left to whoever serves that class.
type balancers struct {
	client   kubernetes.Interface
	services corelisters.ServiceLister
	pool     *pool
	recalled bool
}

func newBalancers(client kubernetes.Interface, factory informers.SharedInformerFactory) (*controller, error) {
	services := factory.Core().V1().Services()
	made := &balancers{client: client, services: services.Lister(), pool: newPool(balancerNetwork)}
	return newController("load balancers", made.sync, services.Informer())
}

func (b *balancers) sync(ctx context.Context, key string) error {
	if err := b.recall(); err != nil {
		return err
	}
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return fmt.Errorf("key %q: %w", key, err)
	}
	service, err := b.services.Services(namespace).Get(name)
	if apierrors.IsNotFound(err) {
		b.pool.release(key)
		return nil
	}
	if err != nil {
		return fmt.Errorf("service %s: %w", key, err)
	}
	if !balanced(service) {
		b.pool.release(key)
		return b.show(ctx, service, "")
	}
	address, err := b.address(key, service)
	if err != nil {
		return fmt.Errorf("service %s: %w", key, err)
	}
	return b.show(ctx, service, address)
}

// recall learns, before the first allocation, the addresses that services already show.
func (b *balancers) recall() error {
	if b.recalled {
		return nil
	}
	all, err := b.services.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing services: %w", err)
	}
	for _, service := range all {
		if address := shown(service); balanced(service) && address != "" {
			// An address of another range or used twice cannot be kept; the service gets a new one when its turn comes.
			_ = b.pool.claim(service.Namespace+"/"+service.Name, address)
		}
	}
	b.recalled = true
	return nil
}

func (b *balancers) address(key string, service *corev1.Service) (string, error) {
	if wanted := service.Spec.LoadBalancerIP; wanted != "" {
		if err := b.pool.claim(key, wanted); err != nil {
			return "", fmt.Errorf("spec.loadBalancerIP: %w", err)
		}
		return wanted, nil
	}
	address, err := b.pool.allocate(key)
	return address.String(), err
}

// show writes the address into the service's status, or takes it out when it is empty.
func (b *balancers) show(ctx context.Context, service *corev1.Service, address string) error {
	if shown(service) == address {
		return nil
	}
	changed := service.DeepCopy()
	changed.Status.LoadBalancer.Ingress = nil
	if address != "" {
		changed.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address}}
	}
	_, err := b.client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{FieldManager: owner})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func balanced(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeLoadBalancer && service.Spec.LoadBalancerClass == nil && service.DeletionTimestamp == nil
}

func shown(service *corev1.Service) string {
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		return ingress.IP
	}
	return ""
}
