package launcher

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSuggestedCommandsUseTheUsersVariables(t *testing.T) {
	t.Parallel()

	for want, options := range map[string]Options{
		"make preview":               {Stack: DefaultStack},
		"make preview STACK=staging": {Stack: "staging"},
		"make bootstrap DO=preview":  {Stack: "account", Make: "make bootstrap DO="},
		"make other DO=preview":      {Stack: DefaultStack, Make: "make other DO="},
	} {
		assert.Equal(t, want, options.command("preview"))
		assert.Contains(t, nextCommands(options), "  "+want+"   show what `up` would change")
	}

	commands := nextCommands(Options{Stack: "staging"})
	assert.Contains(t, commands, "until you edit Pulumi.staging.yaml")
}

func TestEachProjectHasAProtectionSetting(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "platform:environment.protect", protectSetting("platform"))
	assert.Equal(t, "bootstrap:state.protect", protectSetting("bootstrap"))
}
