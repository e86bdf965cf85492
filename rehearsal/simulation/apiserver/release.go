package apiserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// releasePatience is how long a rollout may take. A pod is ready within a second here: a rollout that takes longer
// would not end within the release's own timeout either.
const releasePatience = "2m"

// Releases are Helm releases. Helm itself installs them.
type Releases struct{ Server *Server }

// Apply installs or upgrades a release, and waits for its hooks and workloads. Its state is unknown before. A release
// that failed has an error and a state; a release that Helm refused before it changed anything has only an error.
func (r Releases) Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error) {
	if dry {
		return "", nil, nil
	}

	values, err := json.Marshal(inputs["values"])
	if err != nil {
		return "", nil, fmt.Errorf("encoding the values of the release %v: %w", inputs["name"], err)
	}

	id := fmt.Sprintf("%v/%v", inputs["namespace"], inputs["name"])
	repository, _ := inputs["repositoryOpts"].(map[string]any)

	args := []string{
		"upgrade", "--install", "--wait", "--timeout", releasePatience, "--values", "-", "--ca-file", r.Server.Certificates(),
		"--version", fmt.Sprint(inputs["version"]), fmt.Sprint(inputs["name"]), r.address(fmt.Sprint(inputs["chart"])),
	}
	if from, named := repository["repo"].(string); named { // otherwise, the chart is in a registry
		args = append(args, "--repo", r.address(from))
	}

	_, failed := r.helm(ctx, id, values, args...)

	state, err := r.Get(ctx, id, inputs)
	if err != nil || state == nil {
		return "", nil, errors.Join(failed, err)
	}

	if status, _ := state["status"].(map[string]any); failed != nil && status["status"] == "deployed" {
		return "", nil, failed
	}

	return id, state, failed
}

// Get returns a release with its known inputs, or nil if there is none.
func (r Releases) Get(ctx context.Context, id string, known map[string]any) (map[string]any, error) {
	described, err := r.helm(ctx, id, nil, "get", "metadata", "--output", "json", name(id))
	if errors.Is(err, errNoRelease) {
		return nil, nil //nolint:nilnil // as documented
	}

	if err != nil {
		return nil, err
	}

	given, err := r.helm(ctx, id, nil, "get", "values", "--output", "json", name(id))
	if err != nil {
		return nil, err
	}

	var (
		status map[string]any
		values any
	)
	if err := errors.Join(json.Unmarshal(described, &status), json.Unmarshal(given, &values)); err != nil {
		return nil, fmt.Errorf("decoding Helm's description of the release %s: %w", id, err)
	}

	outputs := maps.Clone(known)
	outputs["name"], outputs["namespace"] = status["name"], status["namespace"]
	outputs["version"] = status["version"]

	delete(outputs, "values")

	if values != nil { // Helm returns null for no values
		outputs["values"] = values
	}

	outputs["resourceNames"] = map[string]any{}
	outputs["status"] = map[string]any{
		"status": status["status"], "name": status["name"], "namespace": status["namespace"],
		"revision": status["revision"], "chart": status["chart"], "version": status["version"],
		"appVersion": status["appVersion"],
	}

	return outputs, nil
}

// Delete uninstalls a release.
func (r Releases) Delete(ctx context.Context, id string) error {
	_, err := r.helm(ctx, id, nil, "uninstall", "--wait", "--ignore-not-found", name(id))

	return err
}

// address is a URL with the address of its host, if the control plane's process serves the host.
func (r Releases) address(text string) string {
	parsed, err := url.Parse(text)
	if err == nil && r.Server.Serves(parsed.Host) {
		parsed.Host = r.Server.hosts[parsed.Host]

		return parsed.String()
	}

	return text
}

// errNoRelease means that a release does not exist.
var errNoRelease = errors.New("release: not found")

// name is the name in the id of a release.
func name(id string) string {
	_, name := split(id)

	return name
}

// helm runs Helm for a release, without the user's settings, and returns its output.
func (r Releases) helm(ctx context.Context, id string, input []byte, args ...string) ([]byte, error) {
	namespace, _ := split(id)
	home := filepath.Join(r.Server.folder, "helm")

	var stdout, stderr bytes.Buffer

	command := exec.CommandContext(ctx, filepath.Join(r.Server.bin, "helm"), append(args,
		"--namespace", namespace, "--kubeconfig", filepath.Join(r.Server.folder, "kubeconfig"))...)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "HELM_CACHE_HOME=" + home, "HELM_CONFIG_HOME=" + home,
		"HELM_DATA_HOME=" + home,
	}
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(input), &stdout, &stderr

	err := command.Run()
	if err == nil {
		return stdout.Bytes(), nil
	}

	message := strings.TrimPrefix(strings.TrimSpace(stderr.String()), "Error: ")
	if strings.HasSuffix(message, errNoRelease.Error()) {
		return nil, errNoRelease
	}

	if strings.Contains(message, "Kubernetes cluster unreachable") {
		return nil, fmt.Errorf("%w: %s", ErrUnreachable, message)
	}

	return nil, fmt.Errorf("helm %s: %w: %s", args[0], err, message)
}
