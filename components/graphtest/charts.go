package graphtest

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ChartHas asserts that the chart of a release reads every value that the release sets, because Helm ignores other
// keys. testdata/<chart>-<version>.keys lists the keys that change the rendered chart, with "#" before a comment.
func (n Node) ChartHas() Node {
	n.t.Helper()

	inputs := n.resource.Inputs
	file := filepath.Join("testdata", fmt.Sprintf("%s-%s.keys",
		path.Base(inputs["chart"].StringValue()), inputs["version"].StringValue()))

	text, err := os.ReadFile(file)
	require.NoError(n.t, err, "reading the keys of the chart of %s", n.resource.URN)

	values, set := n.lookUp("values")
	require.True(n.t, set && values.IsObject(), "%s sets no values", n.resource.URN)

	known := strings.Split(string(text), "\n")
	for _, key := range keysOf(nil, values.ObjectValue()) {
		assert.True(n.t, slices.Contains(known, key), "%s is not in %s, whose head describes how to check a key", key, file)
	}

	return n
}

// keysOf returns the paths of values. A list is one value, because Helm does not merge lists.
func keysOf(at resource.PropertyPath, values resource.PropertyMap) []string {
	var keys []string

	for key, value := range values {
		path := slices.Concat(at, resource.PropertyPath{string(key)})
		if value.IsObject() {
			keys = append(keys, keysOf(path, value.ObjectValue())...)
		} else {
			keys = append(keys, path.String())
		}
	}

	return keys
}
