package nodes_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/internal/nodes"
)

func TestArchitecturesOfInstanceTypes(t *testing.T) {
	t.Parallel()

	tests := map[nodes.Architecture][]string{
		nodes.ARM64: {
			"t4g.medium", "m7g.large", "m7gd.metal", "m6g.4xlarge", "c7gn.16xlarge", "c8g.48xlarge", "r8g.metal-24xl",
			"x2gd.metal", "im4gn.large", "is4gen.medium", "i8g.large", "g5g.xlarge", "hpc7g.4xlarge", "a1.medium",
		},
		nodes.AMD64: {
			"t3.medium", "t3a.nano", "m7i.large", "m7i-flex.large", "m7a.metal-48xl", "c6id.32xlarge", "r5dn.24xlarge",
			"g5.xlarge", "g4dn.metal", "p4d.24xlarge", "trn1.2xlarge", "i3en.metal", "z1d.large", "hpc7a.12xlarge",
			"u-6tb1.metal", "u7i-12tb.224xlarge", "m8i-flex.4xlarge", "p5en.48xlarge", "mac1.metal",
		},
	}
	for want, names := range tests {
		for _, name := range names {
			architecture, known := nodes.ArchitectureOf(name)
			assert.True(t, known, name)
			assert.Equal(t, want, architecture, name)
		}
	}
}

func TestInvalidInstanceTypesHaveNoArchitecture(t *testing.T) {
	t.Parallel()

	for _, name := range []string{
		"", "t4g", "t4g.", ".medium", "medium", "t4g.huge", "T4G.medium", "t4g.medium ", "t.medium", "4g.medium",
		"t4g medium", "db.t4g.medium", "cache.t4g.micro", "t4g.xxlarge", "t4g.medium.large",
	} {
		_, known := nodes.ArchitectureOf(name)
		assert.False(t, known, "%q", name)
	}
}
