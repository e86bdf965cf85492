package stacks_test

import (
	"errors"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
)

// EC2 offers m7g.large in every zone but f, and m9g.large in none.
func TestAnInstanceTypeThatAZoneDoesNotOfferIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const types = "platform:cluster.nodes.general.instanceTypes"

	set := func(i int, value string) string { return config.SetCommand("sandbox", config.Element(types, i), value) }

	tests := map[string]struct {
		zones string
		types []any
		want  map[string]string
	}{
		"in no zone": {`["a", "b"]`, []any{"m9g.large", "t4g.large"}, map[string]string{types + "[0]": set(0, "t4g.medium")}},
		"not in f":   {`["a", "f"]`, []any{"t4g.large", "m7g.large"}, map[string]string{types + "[1]": set(1, "t4g.medium")}},
		"both": {`["a", "f"]`, []any{"m9g.large", "m7g.large"}, map[string]string{
			types + "[0]": set(0, "t4g.medium"), types + "[1]": set(1, "t4g.large"),
		}},
		"with a zone that is not offered": {`["h", "b"]`, []any{"m9g.large", "t4g.large"}, map[string]string{
			types + "[0]":               set(0, "t4g.medium"),
			"platform:network.zones[0]": config.SetCommand("sandbox", "platform:network.zones[0]", "a"),
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := network(test.zones, "single")
			maps.Copy(values, withSetting(t, types, test.types))

			g, err := tryToDeploy(t, "sandbox", values)
			assert.Equal(t, test.want, fixes(t, err))
			nothingIsCreated(t, g)
		})
	}
}

func TestAPoolOfInstancesThatNoZoneOffersIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const path = "platform:cluster.autoscaling.services"

	pool := func(field string, names ...any) map[string]any {
		return map[string]any{field: names, "maxVcpus": 16, "maxMemoryGiB": 64}
	}
	remove := func(at string) map[string]string {
		return map[string]string{path + at: config.RemoveCommand("sandbox", path+at)}
	}

	for name, test := range map[string]struct {
		pool map[string]any
		want map[string]string
	}{
		"a family":                 {pool("instanceFamilies", "t4g", "m9g"), remove(".instanceFamilies[1]")},
		"a type":                   {pool("instanceTypes", "m9g.large", "t4g.large"), remove(".instanceTypes[0]")},
		"a type that one zone has": {pool("instanceTypes", "m7g.large"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := network(`["a", "f"]`, "single")
			maps.Copy(values, withSetting(t, path, test.pool))

			g, err := tryToDeploy(t, "sandbox", values)
			if test.want == nil {
				require.NoError(t, err)

				return
			}

			assert.Equal(t, test.want, fixes(t, err))
			nothingIsCreated(t, g)
		})
	}
}

// EKS's latest version of each add-on is v2.0.0-eksbuild.1.
func TestAnAddonVersionThatEKSDoesNotHaveIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const (
		coredns = "platform:cluster.addons.coredns"
		weather = "platform:cluster.addons.weather"
		latest  = "v2.0.0-eksbuild.1"
	)

	set := config.SetCommand("sandbox", coredns+".version", latest)
	addon := func(name string) string { return "platform:cluster.addons." + name }
	rename := func(name, set string) string { return set + " && " + config.RemoveCommand("sandbox", addon(name)) }

	for name, test := range map[string]struct {
		addons map[string]any
		want   map[string]string
	}{
		"the latest":      {version("coredns", latest), nil},
		"an earlier one":  {version("coredns", "v1.14.2-eksbuild.4"), nil},
		"a later build":   {version("coredns", "v2.0.0-eksbuild.2"), map[string]string{coredns + ".version": set}},
		"a later release": {version("coredns", "v10.0.0-eksbuild.1"), map[string]string{coredns + ".version": set}},
		"no such add-on": {
			version("weather", "v1.0.0-eksbuild.1"), map[string]string{weather: config.RemoveCommand("sandbox", weather)},
		},
		"one that EKS does not have here": {
			version("adott", "v1.0.0-eksbuild.1"),
			map[string]string{addon("adott"): config.RemoveCommand("sandbox", addon("adott"))},
		},
		"a misspelt name": {
			version("aws-ebs-csi-drivers", latest), map[string]string{addon("aws-ebs-csi-drivers"): rename(
				"aws-ebs-csi-drivers", config.SetCommand("sandbox", addon("aws-ebs-csi-driver")+".version", latest))},
		},
		"a misspelt name without a version": {
			map[string]any{"ebs-csi-driver": map[string]any{}}, map[string]string{addon("ebs-csi-driver"): rename(
				"ebs-csi-driver", config.SetCommand("sandbox", addon("aws-ebs-csi-driver")+".version", "v1.35.0-eksbuild.1"))},
		},
		"a misspelt name of an essential one": {
			map[string]any{"core-dns": map[string]any{"values": map[string]any{"replicaCount": 3}}},
			map[string]string{addon("core-dns"): rename(
				"core-dns", config.SetCommand("sandbox", coredns+".values.replicaCount", "3"))},
		},
		"only the misspelt name of an essential one": {
			map[string]any{"core-dns": nil},
			map[string]string{addon("core-dns"): config.RemoveCommand("sandbox", addon("core-dns"))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g, err := tryToDeploy(t, "sandbox", withSetting(t, "platform:cluster.addons", test.addons))
			if test.want == nil {
				assert.NoError(t, err)

				return
			}

			assert.Equal(t, test.want, fixes(t, err))
			nothingIsCreated(t, g)
		})
	}
}

// EKS's default version is v1.35.0-eksbuild.1.
func TestAnEarlierAddonVersionThanEKSsDefaultCausesAWarning(t *testing.T) {
	t.Parallel()

	for configured, want := range map[string]int{"v1.35.0-eksbuild.1": 0, "v2.0.0-eksbuild.1": 0, "v1.0.0-eksbuild.1": 1} {
		values := configuration(t, "sandbox", withSetting(t, "platform:cluster.addons", version("coredns", configured)))
		values = configuration(t, "sandbox", changed(t, values, "platform:cluster.publicAccessCidrs", []any{}))

		warnings := warningsOf(t, "sandbox", values, now())
		require.Len(t, warnings, want, configured)

		if want > 0 {
			assert.Contains(t, warnings[0], "platform:cluster.addons.coredns.version")
		}
	}
}

// version returns the add-ons of the settings: one with a version.
func version(name, version string) map[string]any {
	return map[string]any{name: map[string]any{"version": version}}
}

// The same commit makes the same plan on any day.
func TestThePinsOfThePlatformAreNotLookedUp(t *testing.T) {
	t.Parallel()

	_, err := tryToDeploy(t, "sandbox", nil, graphtest.Failing(addonFunction, errors.New("no connection")))
	assert.NoError(t, err)
}
