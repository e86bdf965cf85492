package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
)

// EKS's schemas have more values than the platform lists, so only a misspelt one is suspicious.
func TestAMisspeltValueOfAnAddonCausesAWarning(t *testing.T) {
	t.Parallel()

	const addons = "platform:cluster.addons"

	type object = map[string]any

	for name, test := range map[string]struct {
		addon  string
		values object
		from   string
		fix    string
	}{
		"known": {"coredns", object{"replicaCount": 2, "resources": object{"limits": object{"memory": "1Gi"}}}, "", ""},
		"misspelt": {
			"coredns",
			object{"replicasCount": 2},
			".replicasCount",
			"--path '" + addons + ".coredns.values.replicaCount' 2",
		},
		"misspelt below another": {
			"coredns",
			object{"autoScaling": object{"enabled": true, "minReplica": 2}},
			".autoScaling.minReplica",
			"--path '" + addons + ".coredns.values.autoScaling.minReplicas' 2",
		},
		"beside the right one":    {"coredns", object{"replicasCount": 2, "replicaCount": 2}, "", ""},
		"any name of a variable":  {"vpc-cni", object{"env": object{"WARM_IP_TARGT": "2"}}, "", ""},
		"not listed":              {"vpc-cni", object{"init": object{}, "nodeAgent": object{}}, "", ""},
		"of an add-on not listed": {"metrics-server", object{"replicas": 2}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			addon := object{"values": test.values}
			if test.addon == "metrics-server" {
				addon["version"] = "v0.8.1-eksbuild.6"
			}

			values := configuration(t, "staging", nil)
			warnings := warningsOf(t, "staging",
				configuration(t, "staging", changed(t, values, addons, object{test.addon: addon})), now())

			if test.fix == "" {
				assert.Empty(t, warnings)

				return
			}

			require.Len(t, warnings, 1)
			assert.Contains(t, warnings[0], test.fix)
			assert.Contains(t, warnings[0],
				config.RemoveCommand("staging", addons+"."+test.addon+".values"+test.from))
		})
	}
}
