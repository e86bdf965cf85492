package charttest_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestEveryVariableOfAChartIsReadByItsService(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		known := variablesOf(t, service)

		for name, pod := range pods(t, render(t, load(t, service), given)) {
			for _, variable := range pod.Spec.Containers[0].Env {
				assert.True(t, known[strings.TrimSuffix(variable.Name, "_FILE")], "%s: %s", name, variable.Name)
			}
		}
	})
}

// variablesOf returns the variables that a service reads: the literals in its calls of a config.Reader, and those of
// the parts of the chassis that it is built with.
func variablesOf(t *testing.T, service string) map[string]bool {
	t.Helper()

	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.Dir}}", ".")
	list.Dir = filepath.Join(apps, service, "service")

	folders, err := list.Output()
	require.NoError(t, err)

	root, err := filepath.Abs(apps)
	require.NoError(t, err)

	// Of Go's runtime, and of OpenTelemetry's SDK.
	known := map[string]bool{"GOMEMLIMIT": true, "OTEL_TRACES_SAMPLER": true, "OTEL_TRACES_SAMPLER_ARG": true}

	for folder := range strings.FieldsSeq(string(folders)) {
		if !strings.HasPrefix(folder, root+string(filepath.Separator)) {
			continue
		}

		for _, file := range sources(t, folder) {
			ast.Inspect(file, func(node ast.Node) bool {
				if call, ok := node.(*ast.CallExpr); ok {
					addVariables(call, known)
				}

				return true
			})
		}
	}

	// stores.ReadConfig adds suffixes to a prefix.
	for _, suffix := range slices.Collect(maps.Keys(known)) {
		if strings.HasPrefix(suffix, "_") {
			known["MYSQL"+suffix] = known["MYSQL"]
			known["REDIS"+suffix] = known["REDIS"]
		}
	}

	return known
}

// addVariables adds the variables that a call reads, or their prefix or suffixes.
func addVariables(call *ast.CallExpr, known map[string]bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}

	switch method.Sel.Name {
	case "Text", "TextOr", "OneOf", "Number", "Port", "Path", "Duration", "Secret", "OptionalSecret", "ReadConfig",
		"URL", "Header":
	default:
		return
	}

	for _, argument := range call.Args {
		if sum, ok := argument.(*ast.BinaryExpr); ok {
			argument = sum.Y
		}

		if literal, ok := argument.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			known[strings.Trim(literal.Value, `"`)] = true
		}
	}
}

// sources returns the files of a folder, without tests.
func sources(t *testing.T, folder string) []*ast.File {
	t.Helper()

	var files []*ast.File

	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}

		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)

		return err
	}))
	require.NotEmpty(t, files)

	return files
}

func TestTheServiceListensAtThePortOfItsChart(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		var ports []ast.Expr

		for _, file := range sources(t, filepath.Join(apps, service, "service", "cli")) {
			ast.Inspect(file, func(node ast.Node) bool {
				if constant, ok := node.(*ast.ValueSpec); ok && constant.Names[0].Name == "port" {
					ports = append(ports, constant.Values...)
				}

				return true
			})
		}

		require.Len(t, ports, 1, "%s must have one constant named port", service)

		port, ok := ports[0].(*ast.BasicLit)
		require.True(t, ok, service)
		assert.Equal(t, port.Value, fmt.Sprint(load(t, service).Values["port"]), service)
	}
}

// The test starts the service and its migration with the variables and files of their pods, without a store. If the
// service listens and the migration tries to connect, they have accepted their variables.
func TestTheServiceAcceptsTheVariablesOfItsChart(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		t.Run(service, func(t *testing.T) {
			t.Parallel()

			program := build(t, service)

			for place, given := range places(t, service) {
				for name, pod := range pods(t, render(t, load(t, service), given)) {
					args := pod.Spec.Containers[0].Args
					output := start(t, program, args, environ(t, pod.Spec))

					assert.NotContains(t, output, "reading the configuration", "%s in %s", args, place)
					assert.NotContains(t, output, "usage:", "%s in %s", args, place)
					assert.Equal(t, name == service, strings.Contains(output, listening), "%s in %s: %s", args, place, output)
				}
			}
		})
	}
}

// listening is in the log of a service that accepts requests.
const listening = `"msg":"listening"`

func build(t *testing.T, service string) string {
	t.Helper()

	program := filepath.Join(t.TempDir(), service)
	command := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	command.Dir = filepath.Join(apps, service, "service")

	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))

	return program
}

// environ returns the variables of a pod's container, with temporary files in place of its Secrets. The service listens
// on any port, and finds no AWS credentials.
func environ(t *testing.T, pod corev1.PodSpec) []string {
	t.Helper()

	container := pod.Containers[0]
	all := strings.Join(variables(container), "\n")

	for _, mount := range container.VolumeMounts {
		folder := t.TempDir()
		all = strings.ReplaceAll(all, "="+mount.MountPath+"/", "="+folder+"/")

		for _, volume := range pod.Volumes {
			if volume.Name != mount.Name {
				continue
			}

			for _, item := range volume.Secret.Items {
				require.NoError(t, os.WriteFile(filepath.Join(folder, item.Path), []byte("secret"), 0o600))
			}
		}
	}

	return append(strings.Split(all, "\n"), "PORT=0", "AWS_EC2_METADATA_DISABLED=true")
}

// start runs a command until it ends or listens, and returns its output.
func start(t *testing.T, program string, args, environ []string) string {
	t.Helper()

	command := exec.CommandContext(t.Context(), program, args...)
	command.Env, command.WaitDelay = environ, time.Second

	pipe, err := command.StdoutPipe()
	require.NoError(t, err)

	command.Stderr = command.Stdout
	require.NoError(t, command.Start())

	var output strings.Builder

	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		output.WriteString(lines.Text() + "\n")

		if strings.Contains(lines.Text(), listening) {
			require.NoError(t, command.Process.Kill())
		}
	}

	_ = command.Wait() // the exit code does not matter

	return output.String()
}
