package programs

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"

	"tars-platform/simulator/host/simulation"
)

// ControlPlane lists what a cluster is made of, and kubectl.
func ControlPlane() Table {
	return Table{
		"etcd":                    runEtcd,
		"kube-apiserver":          command(func() *cobra.Command { return apiserver.NewAPIServerCommand() }),
		"kube-controller-manager": command(func() *cobra.Command { return controllermanager.NewControllerManagerCommand() }),
		"kube-scheduler":          command(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
		"kubectl":                 command(func() *cobra.Command { return kubectl.NewDefaultKubectlCommand() }),
		"kwok":                    runKwok,
		"simulation":              simulation.Main,
	}
}

// command wraps a Kubernetes command. It is made only when it runs: making one registers flags and metrics for the whole process.
func command(create func() *cobra.Command) Program {
	return func([]string) int {
		stampVersion()
		return cli.Run(create())
	}
}

func runEtcd([]string) int {
	etcdmain.Main(os.Args) // exits the process itself when it fails
	return 0
}

// runKwok does what the main function of kwok does (sigs.k8s.io/kwok/cmd/kwok/main.go): its configuration travels in the context.
func runKwok([]string) int {
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(signals.SetupSignalContext(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err == nil {
		err = executeKwok(ctx, flags)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "kwok: %v\n", err)
		return 1
	}
	return 0
}

func executeKwok(ctx context.Context, flags *pflag.FlagSet) error {
	kwokCommand := kwok.NewCommand(ctx)
	// Kubernetes registers a --version flag for the whole process, of a kind that cobra's own treatment of --version cannot read.
	kwokCommand.Version = ""
	kwokCommand.PersistentFlags().AddFlagSet(flags)
	return kwokCommand.ExecuteContext(ctx)
}
