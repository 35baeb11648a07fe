// Command tars-host is everything in one binary that a simulator run needs besides the Pulumi CLI: a Kubernetes control plane, simulated
// nodes, kubectl and the kubernetes plugin; and, for the tests, Kubernetes' own Pod Security checks. It is called by the name of one of its
// programs (a link) or with that name as first argument.
package main

import (
	"os"

	"tars-platform/simulator/host/charts"
	"tars-platform/simulator/host/cluster"
	"tars-platform/simulator/host/kubernetes"
	"tars-platform/simulator/host/podsecurity"
	"tars-platform/simulator/host/programs"
)

func main() {
	table := programs.ControlPlane()
	table["chart-render"] = charts.Main
	table["cluster"] = cluster.Main
	table["pod-security"] = podsecurity.Main
	table["official-kubernetes"] = kubernetes.OfficialMain
	table["pulumi-resource-kubernetes"] = func([]string) int {
		kubernetes.Main() // exits the process itself when it fails
		return 0
	}
	os.Exit(programs.Run(table, os.Args))
}
