package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/report"
)

// measurement is the content of measured.json.
type measurement struct {
	Commit  string   `json:"commit"`
	Machine string   `json:"machine"`
	Sizes   []figure `json:"sizes"`
}

// figure has the figures of a number of services.
type figure struct {
	Services  int `json:"services"`
	Nodes     int `json:"nodes"`
	Resources int `json:"resources"`
	StateKiB  int `json:"stateKiB"`
	// Preview and Up are of the whole rehearsal, and Program is of the program in the preview.
	Up      usage `json:"up"`
	Preview usage `json:"preview"`
	Program usage `json:"program"`
	// Seconds are the modelled time of the up, and MonthlyUSD is the modelled cost.
	Seconds    float64 `json:"modelledSeconds"`
	MonthlyUSD float64 `json:"monthlyUSD"`
}

// usage is what a process and its children used: CPU time, and the memory of the largest process.
type usage struct {
	CPU float64 `json:"cpuSeconds"`
	MiB int     `json:"mib"`
}

// perResource returns the CPU time of a preview for each resource, in milliseconds.
func (f figure) perResource() float64 { return f.Preview.CPU * 1000 / float64(f.Resources) }

// The rules of issue 23.
const (
	mostResources = 5
	mostGrowth    = 1.2
)

// check fails if the platform does not scale.
func (m measurement) check() error {
	first, last := m.Sizes[0], m.Sizes[len(m.Sizes)-1]

	added, services := last.Resources-first.Resources, last.Services-first.Services
	if added > mostResources*services {
		return fmt.Errorf("%d more services have %d more resources, expected at most %d for each: compare the golden "+
			"graphs of the last commits", services, added, mostResources)
	}

	if growth := last.perResource() / first.perResource(); growth > mostGrowth {
		return fmt.Errorf("a preview of %d services takes %.2f times as long for each resource as one of %d, expected at "+
			"most %.1f: profile the program and the rehearsal with many services", last.Services, growth, first.Services,
			mostGrowth)
	}

	return nil
}

// measure deploys the sandbox with 2, 20 and 200 services, one after the other in the same simulated account.
func measure(ctx context.Context, root string) (measurement, error) {
	commit, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return measurement{}, fmt.Errorf("reading the commit: %w", err)
	}

	m := measurement{
		Commit:  strings.TrimSpace(string(commit)),
		Machine: fmt.Sprintf("%d cores, %s, %s/%s", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH),
	}

	bin := filepath.Join(root, ".rehearsal", "bin")
	programs := filepath.Join(bin, language.ProgramsFolder)

	program, err := language.Build(ctx, filepath.Join(root, "infra"), programs, os.Stderr)
	if err != nil {
		return m, fmt.Errorf("building the program: %w", err)
	}

	platforms, err := readPlatforms(os.DirFS(root))
	if err != nil {
		return m, err
	}

	at := slices.IndexFunc(platforms, func(p platform) bool { return p.name == launcher.DefaultStack })
	if at < 0 {
		return m, fmt.Errorf("no environment is named %s", launcher.DefaultStack)
	}

	for _, services := range []int{2, 20, 200} {
		run := &rehearsal{root: root, bin: bin, program: program, services: services, nodes: platforms[at].nodes(services)}

		found, err := run.measure(ctx)
		if err != nil {
			return m, fmt.Errorf("%d services: %w", services, err)
		}

		m.Sizes = append(m.Sizes, found)
	}

	return m, nil
}

// rehearsal is a sandbox of its own with a number of services, in a temporary folder.
type rehearsal struct {
	root, bin, program string
	services, nodes    int
	folder             string
}

// measure deploys the sandbox and previews it. Of three previews, the fastest is the least disturbed.
func (r *rehearsal) measure(ctx context.Context) (figure, error) {
	const previews = 3

	var err error

	if r.folder, err = os.MkdirTemp("", "scale"); err != nil {
		return figure{}, fmt.Errorf("creating a folder: %w", err)
	}
	defer os.RemoveAll(r.folder)

	if err := r.grow(); err != nil {
		return figure{}, fmt.Errorf("growing the sandbox: %w", err)
	}

	f := figure{Services: r.services, Nodes: r.nodes}
	if f.Up, _, err = r.run(ctx, "up"); err != nil {
		return f, err
	}

	written, err := report.Read(filepath.Join(r.folder, "rehearsal", "out", launcher.DefaultStack, "report.json"))
	if err != nil {
		return f, err
	}

	checkpoint, err := os.Stat(filepath.Join(r.folder, "rehearsal", "state", ".pulumi", "stacks", "platform",
		launcher.DefaultStack+".json"))
	if err != nil {
		return f, fmt.Errorf("looking for the state: %w", err)
	}

	f.Resources, f.StateKiB = len(written.Resources), int(checkpoint.Size()>>10)
	f.Seconds, f.MonthlyUSD = written.Time.MedianSeconds, written.Cost.MonthlyUSD

	for range previews {
		whole, program, err := r.run(ctx, "preview")
		if err != nil {
			return f, err
		}

		if f.Preview.CPU == 0 || whole.CPU < f.Preview.CPU {
			f.Preview, f.Program = whole, program
		}
	}

	return f, nil
}

// grow creates a project with the program, and with a stack file that has more services and nodes.
func (r *rehearsal) grow() error {
	const name = "Pulumi." + launcher.DefaultStack + ".yaml"

	var file map[string]map[string]any
	if err := readYAML(os.DirFS(r.root), name, &file); err != nil {
		return err
	}

	apps := make(map[string]any)

	for i := range r.services {
		service := fmt.Sprintf("service-%d", i)
		apps[service] = map[string]any{"path": "/" + service, "needs": []string{[]string{"mysql", "redis"}[i%2]}}
	}

	file["config"]["platform:apps"] = apps

	cluster, _ := file["config"]["platform:cluster"].(map[string]any)
	kinds, _ := cluster["nodes"].(map[string]any)

	for _, kind := range kinds {
		if kind, ok := kind.(map[string]any); ok {
			kind["min"], kind["max"] = r.nodes, max(r.nodes, 2)
		}
	}

	text, err := yaml.Marshal(file)
	if err != nil {
		return fmt.Errorf("encoding the stack file: %w", err)
	}

	if err := os.WriteFile(filepath.Join(r.folder, name), text, 0o600); err != nil {
		return fmt.Errorf("writing the stack file: %w", err)
	}

	for _, part := range []string{"Pulumi.yaml", "infra"} {
		if err := os.Symlink(filepath.Join(r.root, part), filepath.Join(r.folder, part)); err != nil {
			return fmt.Errorf("linking the program: %w", err)
		}
	}

	return nil
}

// The variables that make this binary run the program in its place.
const (
	programVariable = "SCALE_PROGRAM"
	usageVariable   = "SCALE_USAGE"
)

// run runs a command of the rehearsal, and returns what it and the program used.
func (r *rehearsal) run(ctx context.Context, name string) (usage, usage, error) {
	self, err := os.Executable()
	if err != nil {
		return usage{}, usage{}, fmt.Errorf("finding this binary: %w", err)
	}

	file := filepath.Join(r.folder, "usage.json")

	command := exec.CommandContext(ctx, filepath.Join(r.bin, "rehearsal"), name)
	command.Env = append(os.Environ(), "STACK="+launcher.DefaultStack, "FAULTS=",
		launcher.ProjectVariable+"="+r.folder, launcher.FolderVariable+"="+filepath.Join(r.folder, "rehearsal"),
		language.BuiltVariable+"="+self, programVariable+"="+r.program, usageVariable+"="+file)

	fmt.Fprintf(os.Stderr, "%d services: %s\n", r.services, name)

	if output, err := command.CombinedOutput(); err != nil {
		return usage{}, usage{}, fmt.Errorf("%s: %w\n%s", name, err, output)
	}

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return usage{}, usage{}, fmt.Errorf("reading what the program used: %w", err)
	}

	var program usage
	if err := json.Unmarshal(text, &program); err != nil {
		return usage{}, usage{}, fmt.Errorf("decoding what the program used: %w", err)
	}

	return used(command.ProcessState), program, nil
}

// used returns what an ended process and its children used. Linux counts the memory in KiB.
func used(process *os.ProcessState) usage {
	found := usage{CPU: (process.UserTime() + process.SystemTime()).Seconds()}
	if resources, ok := process.SysUsage().(*syscall.Rusage); ok {
		found.MiB = int(resources.Maxrss >> 10)
	}

	return found
}

// observe runs the program, writes what it used into a file, and returns its status.
func observe(program, file string) int {
	command := exec.Command(program) //nolint:noctx // the language host ends both
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr

	err := command.Run()
	if command.ProcessState != nil { // the program ran, and its status is returned
		var text []byte
		if text, err = json.Marshal(used(command.ProcessState)); err == nil {
			err = os.WriteFile(filepath.Clean(file), text, 0o600)
		}
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "scale: writing what the program used:", err)

		return 1
	}

	return command.ProcessState.ExitCode()
}
