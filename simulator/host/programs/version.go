package programs

import (
	"runtime/debug"
	"strings"
	_ "unsafe" // for go:linkname

	"k8s.io/component-base/version"
)

// Kubernetes gets its version number from its release scripts. Built as a module it would call itself v0.0.0-master, which charts and plugins
// that ask the server for its version refuse. The true number is the module's version in the build information.

//go:linkname gitVersion k8s.io/component-base/version.gitVersion
var gitVersion string

//go:linkname gitMajor k8s.io/component-base/version.gitMajor
var gitMajor string

//go:linkname gitMinor k8s.io/component-base/version.gitMinor
var gitMinor string

// KubernetesVersion is the version of k8s.io/kubernetes that is linked in, as "v1.36.3", or "" in a binary without build information.
func KubernetesVersion() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, module := range build.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return module.Version
		}
	}
	return ""
}

func stampVersion() {
	number := KubernetesVersion()
	parts := strings.SplitN(strings.TrimPrefix(number, "v"), ".", 3)
	if len(parts) != 3 {
		return // the placeholder stays, which is at least not wrong
	}
	gitVersion, gitMajor, gitMinor = number, parts[0], parts[1]
	if err := version.SetDynamicVersion(number); err != nil {
		panic(err) // cannot be: the number was made the default one line above
	}
}
