// Package simulation does what machines and a cloud around the cluster would do: it adds and removes nodes, makes disks for volume claims, and gives load
// balancers and ingresses their addresses. Pods and heartbeats are kwok's part, with the stages in stages.yaml.
package simulation

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/spec"
)

// owner is the label value and field manager that mark what the simulation made.
const owner = "tars-simulator"

// ownerLabel marks objects that go when the spec no longer asks for them.
const ownerLabel = "app.kubernetes.io/managed-by"

// Main is the program `simulation`.
func Main(arguments []string) int {
	set := flag.NewFlagSet("simulation", flag.ContinueOnError)
	kubeconfig := set.String("kubeconfig", "", "how to reach the cluster")
	operatorsKubeconfig := set.String("operators-kubeconfig", "", "how the stand-in operators reach it, who may do other things")
	file := set.String("spec", "", "what to simulate")
	dir := set.String("dir", "", "folder of the cluster, in which a simulated cloud says what it wants")
	if err := set.Parse(arguments); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, *kubeconfig, *operatorsKubeconfig, *file, *dir); err != nil {
		fmt.Fprintf(os.Stderr, "simulation: %v\n", err)
		return 1
	}
	return 0
}

func run(ctx context.Context, kubeconfig, operatorsKubeconfig, file, dir string) error {
	description, err := spec.Read(file)
	if err != nil {
		return err
	}
	config, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	operatorsConfig, err := connect(operatorsKubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if err := ensure(ctx, client, description); err != nil {
		return err
	}
	ctx, failed := context.WithCancelCause(ctx)
	defer failed(nil)
	go func() {
		if err := operators.Run(ctx, operatorsConfig); err != nil {
			failed(err)
		}
	}()
	if err := serve(ctx, client, description, dir); err != nil {
		return err
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func connect(kubeconfig string) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	config.QPS, config.Burst = 100, 200 // on loopback, for one user
	return config, nil
}

// ensure makes what the spec lists. Each step may be repeated: after a restart most is there already.
func ensure(ctx context.Context, client kubernetes.Interface, description *spec.Spec) error {
	if err := ensureMachines(ctx, client, description.Nodes); err != nil {
		return err
	}
	if err := ensureStorageClasses(ctx, client, description.StorageClasses); err != nil {
		return err
	}
	return ensureIngressClasses(ctx, client, description.IngressClasses)
}

// serve runs the controllers and the fleet until the context ends.
func serve(ctx context.Context, client kubernetes.Interface, description *spec.Spec, dir string) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	var controllers []*controller
	for _, create := range []func() (*controller, error){
		func() (*controller, error) { return newDisks(client, factory) },
		func() (*controller, error) { return newReclaim(client, factory) },
		func() (*controller, error) { return newBalancers(client, factory) },
		func() (*controller, error) { return newEntrances(client, factory, description.IngressClasses) },
	} {
		made, err := create()
		if err != nil {
			return err
		}
		controllers = append(controllers, made)
	}
	fleet, err := newFleet(client, newView(factory), dir, description.Nodes)
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("the watch of %v never began", kind)
		}
	}
	for _, each := range controllers {
		go each.run(ctx)
	}
	go fleet.run(ctx)
	klog.InfoS("simulation is running", "nodes", len(description.Nodes))
	<-ctx.Done()
	for _, each := range controllers {
		each.shutDown()
	}
	return nil
}
