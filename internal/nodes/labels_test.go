package nodes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/nodes"
)

func TestKeysAndValuesOfLabelsAndTaints(t *testing.T) {
	t.Parallel()

	const long = 64

	tests := map[string]struct{ label, taint bool }{
		"a":                                  {label: true, taint: true},
		"A.b-c_D":                            {label: true, taint: true},
		"example.com/a":                      {label: true, taint: true},
		"node.kubernetes.io/pool":            {label: true, taint: true},
		"x.kubelet.kubernetes.io/a":          {label: true, taint: true},
		"notkubernetes.io/a":                 {label: true, taint: true},
		"node-role.kubernetes.io/worker":     {label: false, taint: true},
		"topology.kubernetes.io/zone":        {label: false, taint: true},
		"scheduling.k8s.io/a":                {label: false, taint: true},
		"kubernetes.io/arch":                 {},
		"k8s.io/a":                           {},
		"eks.amazonaws.com/a":                {},
		"data science":                       {},
		"-a":                                 {},
		"a-":                                 {},
		"a/":                                 {},
		"/a":                                 {},
		"a/b/c":                              {},
		"Example.com/a":                      {},
		"example..com/a":                     {},
		"":                                   {},
		strings.Repeat("a", long):            {},
		"a.b/" + strings.Repeat("a", long-4): {},
	}

	for key, want := range tests {
		labels, taints := map[string]string{key: "x"}, []nodes.Taint{{Key: key, Effect: nodes.PreferNoSchedule}}

		assert.Equal(t, want.label, len(nodes.CheckLabels(labels)) == 0, "label %q", key)
		assert.Equal(t, want.taint, len(nodes.CheckTaints(taints)) == 0, "taint %q", key)
	}

	for value, want := range map[string]struct{ label, taint bool }{
		"a": {true, true}, "a.b-c_D": {true, true}, "": {false, true}, "data science": {}, "a/b": {}, "-a": {},
		strings.Repeat("a", long): {},
	} {
		labels := map[string]string{"x": value}
		taints := []nodes.Taint{{Key: "x", Value: value, Effect: nodes.PreferNoSchedule}}

		assert.Equal(t, want.label, len(nodes.CheckLabels(labels)) == 0, "label's value %q", value)
		assert.Equal(t, want.taint, len(nodes.CheckTaints(taints)) == 0, "taint's value %q", value)
	}
}

func TestATaintIsIdentifiedByItsKeyAndEffect(t *testing.T) {
	t.Parallel()

	problems := nodes.CheckTaints([]nodes.Taint{
		{Key: "a", Effect: nodes.NoSchedule},
		{Key: "a", Effect: nodes.NoExecute},
		{Key: "a", Value: "b", Effect: nodes.NoSchedule},
	})
	require.Len(t, problems, 1)
	assert.Equal(t, "taints[2]", problems[0].Path)
}
