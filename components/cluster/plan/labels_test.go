package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
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
		labelled, tainted := general(), general()
		labelled.Labels = map[string]string{key: "x"}
		tainted.Taints = []plan.Taint{{Key: key, Effect: plan.PreferNoSchedule}}

		assert.Equal(t, want.label, len(problems(labelled)) == 0, "label %q", key)
		assert.Equal(t, want.taint, len(problems(tainted)) == 0, "taint %q", key)
	}

	for value, want := range map[string]struct{ label, taint bool }{
		"a": {true, true}, "a.b-c_D": {true, true}, "": {false, true}, "data science": {}, "a/b": {}, "-a": {},
		strings.Repeat("a", long): {},
	} {
		labelled, tainted := general(), general()
		labelled.Labels = map[string]string{"x": value}
		tainted.Taints = []plan.Taint{{Key: "x", Value: value, Effect: plan.PreferNoSchedule}}

		assert.Equal(t, want.label, len(problems(labelled)) == 0, "label's value %q", value)
		assert.Equal(t, want.taint, len(problems(tainted)) == 0, "taint's value %q", value)
	}
}

func TestATaintIsIdentifiedByItsKeyAndEffect(t *testing.T) {
	t.Parallel()

	kind := general()
	kind.Taints = []plan.Taint{
		{Key: "a", Effect: plan.NoSchedule},
		{Key: "a", Effect: plan.NoExecute},
		{Key: "a", Value: "b", Effect: plan.NoSchedule},
	}

	assert.Equal(t, map[string]string{"taints[2]": ""}, problems(kind))
}
