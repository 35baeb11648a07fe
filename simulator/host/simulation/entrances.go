package simulation

import (
	"context"
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	networkinglisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
)

// ingressController is the name under which the simulation claims ingress classes.
const ingressController = "simulator.tars-platform/ingress"

// entrances shows in every ingress of a simulated class the address of that class, as its controller would once it routes the ingress.
type entrances struct {
	client    kubernetes.Interface
	ingresses networkinglisters.IngressLister
	addresses map[string]string // by class
}

func newEntrances(client kubernetes.Interface, factory informers.SharedInformerFactory, classes []string) (*controller, error) {
	ingresses := factory.Networking().V1().Ingresses()
	made := &entrances{client: client, ingresses: ingresses.Lister(), addresses: map[string]string{}}
	for index, class := range classes {
		made.addresses[class] = ingressAddress(index)
	}
	return newController("ingresses", made.sync, ingresses.Informer())
}

func (e *entrances) sync(ctx context.Context, key string) error {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return fmt.Errorf("key %q: %w", key, err)
	}
	ingress, err := e.ingresses.Ingresses(namespace).Get(name)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ingress %s: %w", key, err)
	}
	address, ours := e.addresses[classOf(ingress)]
	if !ours || ingress.DeletionTimestamp != nil {
		return nil
	}
	wanted := []networkingv1.IngressLoadBalancerIngress{{IP: address}}
	if slices.EqualFunc(ingress.Status.LoadBalancer.Ingress, wanted, sameAddress) {
		return nil
	}
	changed := ingress.DeepCopy()
	changed.Status.LoadBalancer.Ingress = wanted
	_, err = e.client.NetworkingV1().Ingresses(namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{FieldManager: owner})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func sameAddress(a, b networkingv1.IngressLoadBalancerIngress) bool {
	return a.IP == b.IP && a.Hostname == b.Hostname
}

func classOf(ingress *networkingv1.Ingress) string {
	if ingress.Spec.IngressClassName != nil {
		return *ingress.Spec.IngressClassName
	}
	return ""
}
