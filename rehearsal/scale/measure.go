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
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/report"
)

// measure deploys the sandbox with 2, 20 and 200 services, one after the other in the same simulated account.
func measure(ctx context.Context, root string) (measurement, error) {
	m := measurement{
		Day:     time.Now().Format(time.DateOnly),
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

	if err := r.weigh(&f); err != nil {
		return f, err
	}

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

// weigh reads the state and the report of the deployed sandbox.
func (r *rehearsal) weigh(f *figure) error {
	base := filepath.Join(r.folder, "rehearsal")
	out := filepath.Join(base, "out", launcher.DefaultStack)

	written, err := report.Read(filepath.Join(out, "report.json"))
	if err != nil {
		return fmt.Errorf("looking for the report: %w", err)
	}

	f.Resources, f.Seconds, f.MonthlyUSD = len(written.Resources), written.Time.MedianSeconds, written.Cost.MonthlyUSD

	for file, size := range map[string]*int{
		filepath.Join(base, "state", ".pulumi", "stacks", "platform", launcher.DefaultStack+".json"): &f.StateKiB,
		filepath.Join(out, "report.html"): &f.PageKiB,
	} {
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("looking for the files of the run: %w", err)
		}

		*size = int(info.Size() >> 10)
	}

	return nil
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
