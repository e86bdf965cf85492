// Package bench measures the runs of a rehearsal and the build of the program, for `make bench`.
package bench_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/state"
)

// run runs a command in the repository, and returns its CPU time in seconds and the memory of its largest process in
// MiB, both with its child processes.
func run(b *testing.B, variable, name string, args ...string) (float64, float64) {
	b.Helper()

	command := exec.CommandContext(b.Context(), name, args...)
	command.Dir = filepath.Join("..", "..")
	command.Env = slices.Concat(os.Environ(), []string{variable})

	output, err := command.CombinedOutput()
	require.NoError(b, err, "%s: %s", command, output)

	used := command.ProcessState
	resources, ok := used.SysUsage().(*syscall.Rusage)
	require.True(b, ok)

	return (used.UserTime() + used.SystemTime()).Seconds(), float64(resources.Maxrss >> 10) // Linux counts in KiB
}

// rehearse returns a function that runs a target of make on a sandbox in a temporary folder. The variables are on the
// command line because make passes those of `make bench` on to every other make.
func rehearse(b *testing.B) (string, func(target string)) {
	b.Helper()

	folder := b.TempDir()

	return folder, func(target string) {
		run(b, launcher.FolderVariable+"="+folder, "make", target, "STACK=sandbox", "FAULTS=")
	}
}

func BenchmarkUpFromNothing(b *testing.B) {
	folder, target := rehearse(b)
	target("up") // builds the program
	target("destroy")

	for b.Loop() {
		target("up")
		b.StopTimer()

		text, err := os.ReadFile(filepath.Join(folder, "state", ".pulumi", "stacks", "platform", "sandbox.json"))
		require.NoError(b, err)

		known, err := state.ParseCheckpoint(text)
		require.NoError(b, err)
		b.ReportMetric(float64(len(known.Resources)), "resources")
		b.ReportMetric(float64(len(text)>>10), "KiB-of-state")

		target("destroy")
		b.StartTimer()
	}
}

func BenchmarkPreviewWithoutChanges(b *testing.B) {
	_, target := rehearse(b)
	target("up")

	for b.Loop() {
		target("preview")
	}
}

// BenchmarkColdBuild measures a build of the program with an empty cache, apart from the standard library. The build
// of the standard library shows the speed of the machine.
func BenchmarkColdBuild(b *testing.B) {
	for b.Loop() {
		cache := "GOCACHE=" + b.TempDir()
		program := filepath.Join(b.TempDir(), "program")
		standard, _ := run(b, cache, "go", "build", "std")
		processor, peak := run(b, cache, "go", "build", "-o", program, "./infra")

		built, err := os.Stat(program)
		require.NoError(b, err)
		b.ReportMetric(processor, "CPU-s")
		b.ReportMetric(processor/standard, "of-the-standard-library")
		b.ReportMetric(peak, "MiB-of-memory")
		b.ReportMetric(float64(built.Size()>>20), "MiB-of-program")
	}
}
