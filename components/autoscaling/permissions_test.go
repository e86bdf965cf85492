package autoscaling_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/components/autoscaling"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/policy"
)

func TestThePermissionsAreThoseThatKarpenterPublishes(t *testing.T) {
	t.Parallel()

	omitted := map[string]string{
		"AllowScopedInstanceProfileCreationActions": "the program owns the instance profile",
		"AllowScopedInstanceProfileTagActions":      "the program owns the instance profile",
		"AllowScopedInstanceProfileActions":         "the program owns the instance profile",
		"AllowZonalShiftStatusReadOnly":             "zonal shifts are off",
	}

	type statement struct {
		Sid       string                    `yaml:"Sid"`
		Action    any                       `yaml:"Action"`
		Resource  any                       `yaml:"Resource"`
		Condition map[string]map[string]any `yaml:"Condition"`
	}

	list := func(value any) []any {
		if many, is := value.([]any); is {
			return many
		}

		return []any{value}
	}
	normal := func(s statement) statement {
		s.Action, s.Resource = list(s.Action), list(s.Resource)
		for _, keys := range s.Condition {
			for key, values := range keys {
				keys[key] = list(values)
			}
		}

		return s
	}

	text, err := os.ReadFile("testdata/published.yaml")
	require.NoError(t, err)

	var published []statement

	require.NoError(t, yaml.Unmarshal(text, &published))

	document, err := policy.JSON(autoscaling.Permissions("sandbox", graphtest.Place())...)
	require.NoError(t, err)

	var ours struct {
		Statement []statement `yaml:"Statement"`
	}

	require.NoError(t, yaml.Unmarshal([]byte(document), &ours), "JSON is YAML")

	granted := make(map[string]statement)
	for _, one := range ours.Statement {
		granted[one.Sid] = normal(one)
	}

	for _, one := range published {
		if omitted[one.Sid] != "" {
			assert.NotContains(t, granted, one.Sid)

			continue
		}

		want, got := normal(one), granted[one.Sid]
		if one.Sid == "AllowPassingInstanceRole" { // the template serves all partitions
			want.Condition["StringEquals"]["iam:PassedToService"] = []any{"ec2.amazonaws.com"}
		}

		assert.ElementsMatch(t, want.Action, got.Action, one.Sid)
		assert.ElementsMatch(t, want.Resource, got.Resource, one.Sid)
		assert.Equal(t, want.Condition, got.Condition, one.Sid)
	}

	assert.Len(t, granted, len(published)-len(omitted))
}
