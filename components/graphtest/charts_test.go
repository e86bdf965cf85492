package graphtest_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
)

const releaseType = "kubernetes:helm.sh/v3:Release"

// release registers a release of testdata/web-1.2.3.keys' chart, or of another.
func release(version string, values pulumi.Map) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		var made pulumi.CustomResourceState

		return ctx.RegisterResource(releaseType, "web", pulumi.Map{
			"chart": pulumi.String("web"), "version": pulumi.String(version), "values": values,
		}, &made)
	}
}

func TestAChartHasTheKeysOfItsVersion(t *testing.T) {
	t.Parallel()

	known := pulumi.Map{
		"ports":       pulumi.Map{"web": pulumi.Map{"expose.me": pulumi.Bool(true)}},
		"tolerations": pulumi.Array{pulumi.Map{"operator": pulumi.String("Exists")}},
	}
	misspelt := pulumi.Map{"ports": pulumi.Map{"web": pulumi.Map{"exposeMe": pulumi.Bool(true)}}}

	graphtest.Run(t, release("1.2.3", known)).One(t, releaseType, "web").ChartHas()

	for what, program := range map[string]pulumi.RunFunc{
		"a key that it has not":   release("1.2.3", misspelt),
		"a version not looked at": release("1.2.4", known),
		"no values":               release("1.2.3", nil),
	} {
		g := graphtest.Run(t, program)
		assert.True(t, fails(t, func(t testing.TB) { g.One(t, releaseType, "web").ChartHas() }), what)
	}
}
