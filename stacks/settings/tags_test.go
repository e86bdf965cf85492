package settings_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks/settings"
)

// tagged is a configuration with these tags beside the three that every environment has.
func tagged(t *testing.T, more map[string]string) settings.Config {
	t.Helper()

	tags := map[string]string{"Environment": stack, "Project": "platform", "ManagedBy": "pulumi"}
	maps.Copy(tags, more)

	text, err := json.Marshal(map[string]any{"tags": tags})
	require.NoError(t, err)

	return with(t, map[string]string{"aws:defaultTags": string(text)})
}

func TestTagsThatAWSAcceptsOnEverything(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, tagged(t, map[string]string{
		"cost centre": "", "example.com/owner": "team-a+b@example.com", "größe": "1 = 2_3:4",
		strings.Repeat("k", 128): strings.Repeat("v", 256),
	}), neighbours())
	assert.Empty(t, problems)
}

func TestAReservedTagIsRemovedByHand(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, tagged(t, map[string]string{"AWS:owner": "x"}), neighbours())
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Mend, "Pulumi.sandbox.yaml", "no path of pulumi's leads to a key with a colon")
}

func TestMoreTagsThanAResourceCanHaveAreRefused(t *testing.T) {
	t.Parallel()

	many := make(map[string]string)
	for i := range 44 {
		many[fmt.Sprintf("tag-%02d", i)] = "x"
	}

	_, problems := settings.Load(stack, tagged(t, many), neighbours())
	assert.Empty(t, problems, "47 and the three of a subnet's own are 50")

	many["tag-44"] = "x"
	_, problems = settings.Load(stack, tagged(t, many), neighbours())
	require.Len(t, problems, 1)
	assert.Equal(t, "aws:defaultTags.tags", problems[0].Path)
}
