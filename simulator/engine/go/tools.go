//go:build tools

// Package tools pins the Pulumi CLI: the command is a dependency of this module, so go.mod and go.sum fix what is built.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
