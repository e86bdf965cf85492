// Package bench measures what users wait for and machines pay for: builds and runs of the project. It prints
// each figure with the command that made it.
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

// Runs is how often a run is timed; the median is what counts.
const Runs = 5

// Bench measures one project.
type Bench struct {
	// Project is the folder of the project.
	Project string
	// Scratch is an empty folder for caches and rehearsals of the bench's own.
	Scratch string
	// Environment is what the measured commands know.
	Environment []string
	// Out is where figures go.
	Out io.Writer
}

// usage is what a command and all that it started took.
type usage struct {
	wall, processor time.Duration
	// peak is the memory of the largest of its processes, in bytes.
	peak int64
}

// Run measures everything.
func (b *Bench) Run(ctx context.Context) error {
	for _, measure := range []func(context.Context) error{b.runs, b.build} {
		if err := measure(ctx); err != nil {
			return err
		}
	}

	return nil
}

// build measures a build of the program with an empty cache, the standard library apart: that one says how fast the
// machine is.
func (b *Bench) build(ctx context.Context) error {
	cache := "GOCACHE=" + filepath.Join(b.Scratch, "gocache")

	standard, err := b.command(ctx, []string{cache}, "go", "build", "std")
	if err != nil {
		return err
	}

	binary := filepath.Join(b.Scratch, "program")

	took, err := b.command(ctx, []string{cache}, "go", "build", "-o", binary, "./infra")
	if err != nil {
		return err
	}

	built, err := os.Stat(binary)
	if err != nil {
		return fmt.Errorf("measuring the program's size: %w", err)
	}

	const line = "GOCACHE=$(mktemp -d) go build -o program ./infra (after go build std)"

	b.figure("cold build, CPU", fmt.Sprintf("%.0f CPU-s", took.processor.Seconds()), line)
	ratio := took.processor.Seconds() / standard.processor.Seconds()
	b.figure("… for one of the standard library", fmt.Sprintf("%.1f", ratio),
		"the same, by the CPU-s of go build std: no machine is faster at one of them alone")
	b.figure("… memory of the largest process", megabytes(took.peak), line)
	b.figure("program's size", megabytes(built.Size()), line)

	return nil
}

// runs measures rehearsals from nothing, and previews of what is up.
func (b *Bench) runs(ctx context.Context) error {
	base := filepath.Join(b.Scratch, "rehearsal")
	own := []string{launcher.FolderVariable + "=" + base}

	// On the command line, for what was given to `make bench` is passed on to every make.
	const stack, noFaults = "STACK=sandbox", "FAULTS="

	var up, preview []time.Duration

	for range Runs {
		took, err := b.command(ctx, own, "make", "up", stack, noFaults)
		if err != nil {
			return err
		}

		up = append(up, took.wall)

		took, err = b.command(ctx, own, "make", "preview", stack, noFaults)
		if err != nil {
			return err
		}

		preview = append(preview, took.wall)

		if len(up) < Runs {
			if _, err := b.command(ctx, own, "make", "destroy", stack, noFaults); err != nil {
				return err
			}
		}
	}

	b.figure("up from nothing, built", seconds(up), "make up (after make destroy)")
	b.figure("preview without changes", seconds(preview), "make preview (after make up)")

	return b.state(base)
}

// state measures what the engine keeps of a sandbox.
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

	const kept = "make up; wc -c .rehearsal/state/.pulumi/stacks/platform/sandbox.json"

	b.figure("resources in the state", strconv.Itoa(len(known.Resources)), "make shell: pulumi stack")
	b.figure("size of the state", fmt.Sprintf("%d KiB", len(text)>>kibi), kept)

	return nil
}

// command runs a command in the project's folder and returns what it took.
func (b *Bench) command(ctx context.Context, extra []string, name string, args ...string) (usage, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = b.Project
	command.Env = append(slices.Clone(b.Environment), extra...)

	start := time.Now()

	printed, err := command.CombinedOutput()
	if err != nil {
		return usage{}, fmt.Errorf("measuring %s %s: %w\n%s", name, strings.Join(args, " "), err, printed)
	}

	took := usage{
		wall:      time.Since(start),
		processor: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
		peak:      0,
	}

	if resources, known := command.ProcessState.SysUsage().(*syscall.Rusage); known {
		took.peak = resources.Maxrss << kibi // Linux counts in KiB
	}

	return took, nil
}

// kibi is log2 of how many bytes a KiB has.
const kibi = 10

func (b *Bench) figure(name, value, command string) {
	fmt.Fprintf(b.Out, "%-32s %20s   %s\n", name, value, command)
}

// seconds gives the median with the extremes.
func seconds(times []time.Duration) string {
	slices.Sort(times)

	return fmt.Sprintf("%.1f s (%.1f to %.1f)",
		times[len(times)/2].Seconds(), times[0].Seconds(), times[len(times)-1].Seconds())
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>(kibi+kibi)) }
