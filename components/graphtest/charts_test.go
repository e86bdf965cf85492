package graphtest_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
)

const releaseType = "kubernetes:helm.sh/v3:Release"

// release returns a program with a release of a version of the chart web. testdata has the keys of 1.2.3.
func release(version string, values pulumi.Map) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		var made pulumi.CustomResourceState

		return ctx.RegisterResource(releaseType, "web", pulumi.Map{
			"chart": pulumi.String("web"), "version": pulumi.String(version), "values": values,
		}, &made)
	}
}

func TestChartHasRequiresTheKeysOfTheChartsVersion(t *testing.T) {
	t.Parallel()

	known := pulumi.Map{
		"ports":       pulumi.Map{"web": pulumi.Map{"expose.me": pulumi.Bool(true)}},
		"tolerations": pulumi.Array{pulumi.Map{"operator": pulumi.String("Exists")}},
	}
	misspelt := pulumi.Map{"ports": pulumi.Map{"web": pulumi.Map{"exposeMe": pulumi.Bool(true)}}}

	graphtest.Run(t, release("1.2.3", known)).One(t, releaseType, "web").ChartHas()

	for name, program := range map[string]pulumi.RunFunc{
		"an unknown key":     release("1.2.3", misspelt),
		"an unknown version": release("1.2.4", known),
		"no values":          release("1.2.3", nil),
	} {
		g := graphtest.Run(t, program)
		assert.True(t, fails(t, func(t testing.TB) { g.One(t, releaseType, "web").ChartHas() }), name)
	}
}
