package graphtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Golden compares the graph with a file, or writes the file if the test runs with -update. The file has the format of
// an exported state, so that readers of states can read it.
func (g *Graph) Golden(t testing.TB, file string) {
	t.Helper()

	got, err := g.state()
	require.NoError(t, err, "encoding the graph as a state")

	GoldenText(t, file, got)
}

// GoldenText compares a text with a file, or writes the file if the test runs with -update.
func GoldenText(t testing.TB, file string, got []byte) {
	t.Helper()

	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o750))
		require.NoError(t, os.WriteFile(file, got, 0o600))
	}

	want, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err, "reading the golden file, which `make golden` writes")
	assert.Equal(t, string(want), string(got), "%s is out of date; `make golden` updates it", file)
}

// state encodes the graph as `pulumi stack export` would, with the properties that identify, order and configure
// resources.
func (g *Graph) state() ([]byte, error) {
	var deployment apitype.DeploymentV3

	if len(g.outputs) > 0 {
		deployment.Resources = append(deployment.Resources, apitype.ResourceV3{
			URN: g.stack, Type: resource.RootStackType, Outputs: g.outputs.MapRepl(nil, legible),
		})
	}

	for _, r := range g.resources {
		deployment.Resources = append(deployment.Resources, apitype.ResourceV3{
			URN:            r.URN,
			Custom:         r.Custom,
			ID:             resource.ID(r.ID),
			Type:           tokens.Type(r.Type),
			Inputs:         r.Inputs.MapRepl(nil, legible),
			Parent:         r.Parent,
			Protect:        r.Protect,
			Dependencies:   r.Dependencies,
			Provider:       r.Provider,
			RetainOnDelete: r.RetainOnDelete,
			DeletedWith:    r.DeletedWith,
		})
	}

	var text bytes.Buffer

	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")

	err := encoder.Encode(struct {
		Version    int                  `json:"version"`
		Deployment apitype.DeploymentV3 `json:"deployment"`
	}{Version: apitype.DeploymentSchemaVersionCurrent, Deployment: deployment})

	return text.Bytes(), err
}

// legible replaces values that plain JSON cannot express: it hides secrets, and replaces a resource by its URN.
func legible(value resource.PropertyValue) (any, bool) {
	switch {
	case value.IsSecret():
		return "[secret]", true
	case value.IsResourceReference():
		return value.ResourceReferenceValue().URN, true
	}

	return nil, false
}
