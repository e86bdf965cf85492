package stacks_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
)

// Only services that use MySQL need the certificates.
func TestARegionWithoutCertificatesWarns(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		region, apps string
		want         int
	}{
		{"us-gov-west-1", `{"flights": {"path": "/flights", "needs": ["mysql"]}}`, 1},
		{"us-gov-west-1", `{"reservations": {"path": "/reservations", "needs": ["redis"]}}`, 0},
		{"ap-northeast-1", `{"flights": {"path": "/flights", "needs": ["mysql"]}}`, 0},
	} {
		warnings := warningsOf(t, "staging", configuration(t, "staging", map[string]string{
			"aws:region": test.region, "platform:apps": test.apps,
		}), day(2026, time.November, 1))
		require.Len(t, warnings, test.want, test.region)

		for _, warning := range warnings {
			assert.Contains(t, warning, "apps/chassis/mysql/roots/us-gov-west-1.pem")
			assert.Contains(t, warning, "flights")
		}
	}
}

func TestAnExceptionThatHasEndedWarns(t *testing.T) {
	t.Parallel()

	values := configuration(t, "staging", map[string]string{
		"platform:exceptions": `{"K1": {"reason": "a trial", "until": "2026-11-01"}}`,
	})

	assert.Empty(t, warningsOf(t, "staging", values, day(2026, time.November, 1)))

	warnings := warningsOf(t, "staging", values, day(2026, time.November, 2))
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], config.RemoveCommand("staging", "platform:exceptions.K1"))
}

func TestTheEndOfSupportIsAnnouncedInTime(t *testing.T) {
	t.Parallel()

	const path, second = "platform:cluster.version", time.Second

	to := func(minor string) string { return config.SetCommand("staging", path, minor) }

	tests := map[string]struct {
		version string
		now     time.Time
		// want are parts of the one expected warning, or empty if none is expected.
		want []string
	}{
		"supported":      {"1.35", day(2026, time.November, 1), nil},
		"60 days before": {"1.35", day(2027, time.January, 26), nil},
		"a second later": {
			"1.35", day(2027, time.January, 26).Add(second), []string{"1.35 ends on 2027-03-27", to("1.36")},
		},
		"on its last day": {
			"1.35", day(2027, time.March, 28).Add(-second), []string{"1.35 ends on 2027-03-27", to("1.36")},
		},
		"the day after": {"1.35", day(2027, time.March, 28), []string{"1.35 ended on 2027-03-27", to("1.36")}},
		"long ago":      {"1.34", day(2028, time.January, 1), []string{"1.34 ended on 2026-12-02", to("1.35")}},
		"the last that is known": {
			"1.36", day(2027, time.August, 1), []string{"1.36 ends on 2027-08-02", "update this platform"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := configuration(t, "staging", nil)
			warnings := warningsOf(t, "staging", configuration(t, "staging", changed(t, values, path, test.version)), test.now)

			if test.want == nil {
				assert.Empty(t, warnings)

				return
			}

			require.Len(t, warnings, 1)

			for _, want := range append(test.want, path) {
				assert.Contains(t, warnings[0], want)
			}
		})
	}
}

// day is the start of a day.
func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestAnOpenAPICausesAWarningInEveryRun(t *testing.T) {
	const path = "platform:cluster.publicAccessCidrs"

	open := configuration(t, "sandbox", withSetting(t, path, []any{"203.0.113.0/24", "0.0.0.0/0"}))

	// Mocks decide by an environment variable whether the run is a preview.
	for _, preview := range []string{"false", "true"} {
		t.Run("preview "+preview, func(t *testing.T) {
			t.Setenv(pulumi.EnvDryRun, preview)

			warnings := warningsOf(t, "sandbox", open, now())
			require.Len(t, warnings, 1)
			assert.Contains(t, warnings[0], "whole internet")
			assert.Contains(t, warnings[0], "--path '"+path+"[1]'")
			assert.Contains(t, warnings[0], ` "$(curl -s`, "the shell finds out the address")
		})
	}
}

// The program cannot deploy into a cluster that it creates with a private API server. One that is private already does
// not warn: its operators know.
func TestAnAPIServerThatTheRunClosesCausesAWarning(t *testing.T) {
	t.Parallel()

	const path = "platform:cluster.publicAccessCidrs"

	fresh := graphtest.Answering(clustersFunction, map[string]any{"names": []any{}})
	public := graphtest.Answering(clusterFunction, map[string]any{"vpcConfig": map[string]any{
		"vpcId": "vpc-1", "endpointPublicAccess": true,
	}})

	for name, test := range map[string]struct {
		cidrs   []any
		options []graphtest.Option
		want    string
	}{
		"private already":            {nil, nil, ""},
		"a new one":                  {nil, []graphtest.Option{fresh}, "before this run creates it"},
		"an empty list":              {[]any{}, []graphtest.Option{fresh}, "before this run creates it"},
		"a public one":               {nil, []graphtest.Option{public}, "in vpc-1 and"},
		"a new one with a range":     {[]any{"203.0.113.0/24"}, []graphtest.Option{fresh}, ""},
		"a public one with a range":  {[]any{"203.0.113.0/24"}, []graphtest.Option{public}, ""},
		"a private one with a range": {[]any{"203.0.113.0/24"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := configuration(t, "sandbox", withSetting(t, path, test.cidrs))
			warnings := warningsOf(t, "sandbox", values, now(), test.options...)

			if test.want == "" {
				assert.Empty(t, warnings)

				return
			}

			require.Len(t, warnings, 1)
			assert.Contains(t, warnings[0], test.want)
			assert.Contains(t, warnings[0], "--path '"+path+`[0]' "$(curl -s`)
		})
	}
}

func TestARepositoryThatIsNeverPublicNeedsCredentials(t *testing.T) {
	t.Parallel()

	const path, secret = "platform:gitops.repository", "platform:gitops.credentialsSecret"

	for _, url := range []string{
		"git@github.com:acme/platform.git", "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/platform",
	} {
		values := configuration(t, "sandbox", withSetting(t, path, url))
		assert.Contains(t, strings.Join(warningsOf(t, "sandbox", values, now()), "\n"), secret, url)

		maps.Copy(values, changed(t, values, secret, "repository"))
		assert.NotContains(t, strings.Join(warningsOf(t, "sandbox", values, now()), "\n"), secret, url)
	}
}

func TestEachWarningIsAMessageOfItsOwn(t *testing.T) {
	t.Parallel()

	assert.Len(t, warningsOf(t, "sandbox", configuration(t, "sandbox", nil), now().AddDate(1, 0, 0)), 2)
}

// warningsOf returns the warnings of a run at a time. The environment is deployed, with a private API server.
func warningsOf(
	t *testing.T, stack string, values config.Values, at time.Time, options ...graphtest.Option,
) []string {
	t.Helper()

	environment, err := stacks.Load(stack, values, project, at)
	require.NoError(t, err)

	var log warnings

	options = append(deployedStack(stack, environment.Settings.Network.CIDR.String(), ""), options...)
	options = append(options, graphtest.InStack(stack))

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		ctx.Log = &log

		_, err := stacks.Deploy(ctx, environment)

		return err
	}, options...)

	return log
}

// warnings records the warnings that a program logs.
type warnings []string

// Warn implements pulumi.Log.
func (w *warnings) Warn(text string, _ *pulumi.LogArgs) error {
	*w = append(*w, text)

	return nil
}

// Debug implements pulumi.Log.
func (*warnings) Debug(string, *pulumi.LogArgs) error { return nil }

// Info implements pulumi.Log.
func (*warnings) Info(string, *pulumi.LogArgs) error { return nil }

// Error implements pulumi.Log.
func (*warnings) Error(string, *pulumi.LogArgs) error { return nil }

func TestAnInstanceTypeWithUnknownRoomCausesAWarning(t *testing.T) {
	t.Parallel()

	const path = "platform:cluster.nodes.general.instanceTypes"

	values := configuration(t, "sandbox", withSetting(t, path, []any{"t4g.large", "m99g.large"}))
	values = configuration(t, "sandbox", changed(t, values, "platform:cluster.publicAccessCidrs", []any{}))

	warnings := warningsOf(t, "sandbox", values, now())
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], path+"[1]")
	assert.Contains(t, warnings[0], "components/cluster/plan/allocatable.yaml")
	assert.FileExists(t, "../components/cluster/plan/allocatable.yaml")
}
