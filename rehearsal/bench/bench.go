// Package bench measures builds and runs of the project, and prints each figure with its command.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/state"
)

// Runs is the number of measurements of a run. The median is printed.
const Runs = 5

// Bench measures one project.
type Bench struct {
	// Project is the folder of the project.
	Project string
	// Scratch is an empty folder for the benchmarks' caches and rehearsals.
	Scratch string
	// Environment is the environment of the measured commands.
	Environment []string
	// Out receives the figures.
	Out io.Writer
}

// usage is the time and memory of a command with its child processes.
type usage struct {
	wall, processor time.Duration
	// peak is the memory of the largest process in bytes.
	peak int64
}

// Run runs all benchmarks.
func (b *Bench) Run(ctx context.Context) error {
	if err := b.runs(ctx); err != nil {
		return err
	}

	return b.build(ctx)
}

// build measures a build of the program with an empty cache, apart from the standard library, whose build shows the
// speed of the machine.
func (b *Bench) build(ctx context.Context) error {
	cache := "GOCACHE=" + filepath.Join(b.Scratch, "gocache")

	standard, err := b.command(ctx, []string{cache}, "go", "build", "std")
	if err != nil {
		return err
	}

	binary := filepath.Join(b.Scratch, "program")

	used, err := b.command(ctx, []string{cache}, "go", "build", "-o", binary, "./infra")
	if err != nil {
		return err
	}

	built, err := os.Stat(binary)
	if err != nil {
		return fmt.Errorf("measuring the program's size: %w", err)
	}

	const line = "GOCACHE=$(mktemp -d) go build -o program ./infra (after go build std)"

	b.figure("cold build, CPU", fmt.Sprintf("%.0f CPU-s", used.processor.Seconds()), line)
	ratio := used.processor.Seconds() / standard.processor.Seconds()
	b.figure("… relative to the standard library", fmt.Sprintf("%.1f", ratio),
		"the same, divided by the CPU-s of go build std, which cancels the speed of the machine")
	b.figure("… memory of the largest process", megabytes(used.peak), line)
	b.figure("size of the program", megabytes(built.Size()), line)

	return nil
}

// runs measures deployments from nothing, and previews without changes.
func (b *Bench) runs(ctx context.Context) error {
	base := filepath.Join(b.Scratch, "rehearsal")
	folder := []string{launcher.FolderVariable + "=" + base}

	// These must be on the command line, because make passes the variables of `make bench` on to every other make.
	const stack, noFaults = "STACK=sandbox", "FAULTS="

	var up, preview []time.Duration

	for range Runs {
		used, err := b.command(ctx, folder, "make", "up", stack, noFaults)
		if err != nil {
			return err
		}

		up = append(up, used.wall)

		used, err = b.command(ctx, folder, "make", "preview", stack, noFaults)
		if err != nil {
			return err
		}

		preview = append(preview, used.wall)

		if len(up) < Runs {
			if _, err := b.command(ctx, folder, "make", "destroy", stack, noFaults); err != nil {
				return err
			}
		}
	}

	b.figure("up from nothing, already built", seconds(up), "make up (after make destroy)")
	b.figure("preview without changes", seconds(preview), "make preview (after make up)")

	return b.state(base)
}

// state measures the state of a sandbox.
func (b *Bench) state(base string) error {
	file := filepath.Join(base, "state", ".pulumi", "stacks", "platform", "sandbox.json")

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("measuring the state: %w", err)
	}

	known, err := state.ParseCheckpoint(text)
	if err != nil {
		return fmt.Errorf("measuring the state: %w", err)
	}

	b.figure("resources in the state", strconv.Itoa(len(known.Resources)), "make shell: pulumi stack")
	b.figure("size of the state", fmt.Sprintf("%d KiB", len(text)>>10),
		"make up; wc -c .rehearsal/state/.pulumi/stacks/platform/sandbox.json")

	return nil
}

// command runs a command in the project's folder and returns its usage.
func (b *Bench) command(ctx context.Context, extra []string, name string, args ...string) (usage, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = b.Project
	command.Env = append(slices.Clone(b.Environment), extra...)

	start := time.Now()

	output, err := command.CombinedOutput()
	if err != nil {
		return usage{}, fmt.Errorf("measuring %s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}

	used := usage{
		wall:      time.Since(start),
		processor: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
	}

	if resources, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.peak = resources.Maxrss << 10 // Linux counts in KiB
	}

	return used, nil
}

func (b *Bench) figure(name, value, command string) {
	fmt.Fprintf(b.Out, "%-32s %20s   %s\n", name, value, command)
}

// seconds formats the median and the extremes.
func seconds(times []time.Duration) string {
	slices.Sort(times)

	return fmt.Sprintf("%.1f s (%.1f to %.1f)",
		times[len(times)/2].Seconds(), times[0].Seconds(), times[len(times)-1].Seconds())
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
