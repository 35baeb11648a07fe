// Package programs holds the programs linked into the host binary and picks the one a process was started as.
package programs

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// LeashVariable set to "stdin" makes a program exit as soon as its standard input ends. The supervisor holds the only writing end of that
// pipe and never writes, so the end comes exactly when the supervisor is gone, whatever killed it.
const LeashVariable = "TARS_HOST_LEASH"

// Program runs with its arguments (without its own name) and returns the exit code of the process.
type Program func(args []string) int

// Table maps the name of a program to the program.
type Table map[string]Program

// Run picks the program by the base name of args[0], else by args[1], and runs it. Programs see their own name in os.Args[0], as most of them
// read os.Args themselves.
func Run(table Table, args []string) int {
	name, rest := filepath.Base(args[0]), args[1:]
	program, found := table[name]
	if !found && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
		program, found = table[name]
	}
	if !found {
		names := slices.Sorted(maps.Keys(table))
		fmt.Fprintf(os.Stderr, "tars-host: %q is no program of this binary; the first argument must be one of: %s\n", name, strings.Join(names, ", "))
		return 2
	}
	os.Args = append([]string{name}, rest...)
	if os.Getenv(LeashVariable) == "stdin" {
		go exitAtEndOf(os.Stdin)
	}
	return program(rest)
}

// exitAtEndOf ends the process without ceremony: with the supervisor gone nobody is left who could use an orderly stop, and etcd's log on disk
// is made for it.
func exitAtEndOf(leash io.Reader) {
	_, _ = io.Copy(io.Discard, leash) // an unreadable leash is an ended one
	os.Exit(1)
}
