package graphtest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

// The test changes a flag of the process, so it does not run in parallel.
//
//nolint:paralleltest // it changes a flag of the process
func TestGoldenWritesTheFileOnlyWithUpdate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "testdata", "golden.json")
	g := graphtest.Run(t, program)
	before := flag.Lookup("update").Value.String()

	t.Cleanup(func() { require.NoError(t, flag.Set("update", before)) })

	require.NoError(t, flag.Set("update", "false"))
	assert.True(t, fails(t, func(t testing.TB) { g.Golden(t, file) }), "the file does not exist yet")

	require.NoError(t, flag.Set("update", "true"))
	g.Golden(t, file)

	written, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	require.NoError(t, flag.Set("update", "false"))
	graphtest.Run(t, program).Golden(t, file)

	for name, change := range changes() {
		changed := graphtest.Run(t, func(ctx *pulumi.Context) error {
			if err := program(ctx); err != nil {
				return err
			}

			return change(ctx)
		})
		assert.True(t, fails(t, func(t testing.TB) { changed.Golden(t, file) }), name)
	}

	after, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)
	assert.Equal(t, string(written), string(after), "without -update, the file must not change")
}

// changes returns programs that register additional resources.
func changes() map[string]pulumi.RunFunc {
	return map[string]pulumi.RunFunc{
		"one more resource": func(ctx *pulumi.Context) error {
			_, err := ec2.NewVpc(ctx, "other", &ec2.VpcArgs{})

			return err
		},
		"one more component": func(ctx *pulumi.Context) error {
			return ctx.RegisterComponentResource("test:index:Group", "other", &group{})
		},
	}
}

func TestAGoldenContainsOptionsAndInputs(t *testing.T) {
	t.Parallel()

	file := filepath.Join("testdata", "options.json")
	run := func(args *ec2.VpcArgs, options ...pulumi.ResourceOption) *graphtest.Graph {
		return graphtest.Run(t, func(ctx *pulumi.Context) error {
			_, err := ec2.NewVpc(ctx, "net", args, options...)

			return err
		})
	}
	inputs := &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")}

	run(inputs, pulumi.Protect(true), pulumi.RetainOnDelete(true)).Golden(t, file)

	if flag.Lookup("update").Value.String() == "true" {
		return
	}

	for name, other := range map[string]*graphtest.Graph{
		"another input": run(&ec2.VpcArgs{}, pulumi.Protect(true), pulumi.RetainOnDelete(true)),
		"unprotected":   run(inputs, pulumi.RetainOnDelete(true)),
		"not retained":  run(inputs, pulumi.Protect(true)),
	} {
		assert.True(t, fails(t, func(t testing.TB) { other.Golden(t, file) }), name)
	}
}

// The file is public, so it contains no secrets. A resource is written as its URN.
func TestAGoldenHidesSecretsAndNamesResources(t *testing.T) {
	t.Parallel()

	file := filepath.Join("testdata", "secretive.json")
	graphtest.Run(t, secretive).Golden(t, file)

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	assert.NotContains(t, string(text), "no JSON", "a secret")
	assert.Contains(t, string(text), `"assumeRolePolicy": "[secret]"`)
	assert.Contains(t, string(text), `"instanceRole": "urn:pulumi:test::platform::aws:iam/role:Role::plain"`)
}

func TestAGoldenContainsTheOutputsOfTheStack(t *testing.T) {
	t.Parallel()

	file := filepath.Join("testdata", "outputs.json")
	graphtest.Run(t, func(ctx *pulumi.Context) error {
		ctx.Export("policy", pulumi.BoolMap{"openAPI": pulumi.Bool(true)})
		ctx.Export("kubeconfig", pulumi.ToSecret(pulumi.String("not for the file")))

		return nil
	}).Golden(t, file)

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	assert.Contains(t, string(text), `"urn": "urn:pulumi:test::platform::pulumi:pulumi:Stack::platform-test"`)
	assert.Contains(t, string(text), `"openAPI": true`)
	assert.Contains(t, string(text), `"kubeconfig": "[secret]"`)
}
