package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/internal/checkout"
	"github.com/msur/platform/tools/internal/files"
)

const root = "../.."

func TestAllInvalidArgumentsAreReportedAtOnceAndNothingIsCreated(t *testing.T) {
	t.Parallel()

	before, err := os.ReadDir(filepath.Join(root, "apps"))
	require.NoError(t, err)

	for _, test := range []struct {
		name, needs string
		wants       []string
	}{
		{"", "", []string{`NAME: got ""`, `NEEDS: got ""`, "mysql, none, redis"}},
		{"Baggage", "mysql", []string{`NAME: got "Baggage"`}},
		{"bag-gage", "cache", []string{`NAME: got "bag-gage"`, `NEEDS: got "cache"`}},
		{strings.Repeat("a", 21), "none", []string{"20"}},
		{"flights", "redis", []string{"apps/flights exists", "Pulumi.sandbox.yaml", "Pulumi.staging.yaml"}},
		{"chassis", "none", []string{"apps/chassis exists"}},
		{"string", "redis", []string{`NAME: got "string"`, "the code of reservations"}},
		{"range", "none", []string{`NAME: got "range"`}},
		{"mysql", "mysql", []string{"the code of flights"}},
	} {
		err := run(root, []string{"-name", test.name, "-needs", test.needs}, io.Discard)
		for _, want := range test.wants {
			require.ErrorContains(t, err, want, "%s, %s", test.name, test.needs)
		}
	}

	after, err := os.ReadDir(filepath.Join(root, "apps"))
	require.NoError(t, err)
	assert.Len(t, after, len(before))
}

func TestAnApplicationIsAddedAfterTheExistingOnes(t *testing.T) {
	t.Parallel()

	const (
		flights = "config:\n  # Ours.\n  platform:apps:\n    flights: # the book's\n      path: /flights\n"
		region  = "  aws:region: us-east-1\n"
		file    = flights + region
	)

	got, err := addApplication(file, "baggage", "mysql")
	require.NoError(t, err)
	assert.Equal(t, flights+"    baggage:\n      path: /baggage\n      needs: [mysql]\n"+region, got)

	got, err = addApplication(file, "baggage", "none")
	require.NoError(t, err)
	assert.NotContains(t, got, "needs")

	_, err = addApplication(file, "flights", "none")
	require.ErrorIs(t, err, errDeployed)

	_, err = addApplication("config: {}\n", "baggage", "none")
	require.ErrorIs(t, err, errNoApps)
}

func TestEitherAllStackFilesAreChangedOrNone(t *testing.T) {
	t.Parallel()

	const stack = "config:\n  platform:apps:\n    flights:\n      path: /flights\n"

	originals := map[string]string{
		account:               "config:\n  bootstrap:images: [flights]\n",
		"Pulumi.sandbox.yaml": stack,
		"Pulumi.staging.yaml": stack,
	}

	for problem, spoil := range map[string]func(t *testing.T, file string){
		"cannot be read": func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Remove(file))
			require.NoError(t, os.Mkdir(file, 0o750))
		},
		"deploys nothing": func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.WriteFile(file, []byte("config: {}\n"), 0o600))
		},
		"cannot be written": func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Mkdir(file+".new", 0o750))
			require.NoError(t, os.WriteFile(filepath.Join(file+".new", "full"), nil, 0o600))
		},
	} {
		for spoiled := range originals {
			t.Run(spoiled+" "+problem, func(t *testing.T) {
				t.Parallel()

				folder := t.TempDir()
				for file, text := range originals {
					require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, file)), 0o750))
					require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600))
				}

				spoil(t, filepath.Join(folder, spoiled))

				changed, err := service{root: folder, name: "baggage", needs: "none"}.settings()
				if err == nil {
					err = files.Write(changed)
				}

				require.ErrorContains(t, err, filepath.Join(folder, spoiled))

				for file, text := range originals {
					if file != spoiled {
						got, err := os.ReadFile(filepath.Join(folder, file))
						require.NoError(t, err)
						assert.Equal(t, text, string(got), file)
						assert.NoFileExists(t, filepath.Join(folder, file+".new"))
					}
				}
			})
		}
	}
}

func TestTheImageOfEveryServiceHasARepository(t *testing.T) {
	t.Parallel()

	content, err := os.ReadFile(filepath.Join(root, account))
	require.NoError(t, err)

	var names []string

	modules, err := filepath.Glob(filepath.Join(root, "apps", "*", "service", "go.mod"))
	require.NoError(t, err)

	for _, module := range modules {
		names = append(names, filepath.Base(filepath.Dir(filepath.Dir(module))))
	}

	assert.Contains(t, string(content), "\n  bootstrap:images: ["+strings.Join(names, ", ")+"]\n")

	more, err := addImage(string(content), "baggage")
	require.NoError(t, err)
	assert.Contains(t, more, "\n  bootstrap:images: ["+strings.Join(append(names, "baggage"), ", ")+"]\n")

	_, err = addImage("config: {}\n", "baggage")
	require.ErrorIs(t, err, errNoImages)
}

// The test creates a service of each kind in a copy of the checkout. The tests of each service pass, its chart matches
// the other charts and accepts the values of every environment, and the preview has one to five more resources.
func TestAServiceOfEachKind(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("compiles three services: run make builds")
	}

	scratch := checkout.Copy(t, root)
	resources := preview(t, scratch)

	services := map[string]string{"mysql": "baggage", "none": "lounge", "redis": "meals"}
	for needs, name := range services {
		require.NoError(t, run(scratch, []string{"-name", name, "-needs", needs}, io.Discard))

		total := preview(t, scratch)
		assert.Greater(t, total, resources, "%s has resources", name)
		assert.LessOrEqual(t, total, resources+5, "%s has few resources", name)
		resources = total

		checkout.Run(t, filepath.Join(scratch, "apps", name, "service"), "go", "test", "./...")
		checkout.Run(t, filepath.Join(scratch, "apps", name, "service"), "go", "mod", "tidy", "-diff")
	}

	checkout.Run(t, scratch, "go", "test", "./stacks", "-run", "TestTheGraphOf|TestTheValuesOfEachChart", "-update")

	for _, environment := range []string{"sandbox", "staging"} {
		passed, err := os.ReadFile(filepath.Join(scratch, "apps", "baggage", "chart", "ci", environment+".yaml"))
		require.NoError(t, err)
		assert.Contains(t, string(passed), "database: baggage\n", "each service owns a database")
	}

	for _, file := range []string{"go.mod", "go.sum"} {
		modules, err := os.ReadFile(filepath.Join(scratch, "apps", "lounge", "service", file))
		require.NoError(t, err)
		assert.NotContains(t, string(modules), "aws-sdk-go", "%s of a service without a store", file)
	}

	charts := filepath.Join(scratch, "apps", "charttest")
	checkout.Run(t, charts, "go", "test", ".", "-run", "TestTheManifests", "-update")
	// Three more services do not fit on the nodes of the sandbox, as these tests would report.
	checkout.Run(t, charts, "go", "test", ".", "-skip", "TestC7|TestEveryRollout|TestALostZone")
}

// preview returns how many resources a preview of the sandbox creates.
func preview(t *testing.T, folder string) int {
	t.Helper()

	text := checkout.Run(t, folder, filepath.Join(".rehearsal", "bin", "rehearsal"), "preview")

	found := regexp.MustCompile(`\+ (\d+) to create`).FindStringSubmatch(text)
	require.NotNil(t, found, text)

	number, err := strconv.Atoi(found[1])
	require.NoError(t, err)

	return number
}
