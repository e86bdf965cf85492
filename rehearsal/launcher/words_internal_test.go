package launcher

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCommandsAreThoseThatOneTypes(t *testing.T) {
	t.Parallel()

	for want, options := range map[string]Options{
		"make preview":                {Stack: DefaultStack},
		"make preview STACK=staging":  {Stack: "staging"},
		"make bootstrap DO=preview":   {Stack: "account", Make: "make bootstrap DO="},
		"make elsewhere what=preview": {Stack: DefaultStack, Make: "make elsewhere what="},
	} {
		assert.Equal(t, want, options.command("preview"))
		assert.Contains(t, nextCommands(options, "report.json"), "  "+want+"   show what `up` would change")
	}

	said := nextCommands(Options{Stack: "staging"}, "out/staging/report.json")
	assert.Contains(t, said, "until you edit Pulumi.staging.yaml")
	assert.Contains(t, said, "out/staging/report.json")
}

func TestEachProjectHasItsOwnProtection(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "platform:environment.protect", protectSetting("platform"))
	assert.Equal(t, "bootstrap:state.protect", protectSetting("bootstrap"))
}
