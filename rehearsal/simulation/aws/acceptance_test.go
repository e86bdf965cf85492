package aws_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

// configurations are inputs by type and by the name of the provider's test.
type configurations map[string]map[string][]map[string]any

// The rules and the catalogue refuse none of the configurations that the provider's tests create. What only the
// simulation does not know, and values that it requires, do not count.
func TestTheConfigurationsOfTheProvidersTestsAreAccepted(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("testdata/acceptance/*.yaml")
	require.NoError(t, err)

	checked, facts, known := 0, aws.Schema(), catalogue.AWS()

	for _, file := range files {
		if filepath.Base(file) == "refused.yaml" {
			continue
		}

		each(t, file, func(name, token string, inputs resource.PropertyMap) {
			checked++

			assert.Empty(t, refusals(facts, token, inputs), name)
			assert.Empty(t, known.CheckType(token, inputs), name)
		})
	}

	assert.Greater(t, checked, 1000)
}

// The rules refuse what the provider's tests expect to be refused.
func TestTheConfigurationsThatTheProvidersTestsExpectToFailAreRefused(t *testing.T) {
	t.Parallel()

	facts := aws.Schema()

	each(t, "testdata/acceptance/refused.yaml", func(name, token string, inputs resource.PropertyMap) {
		assert.NotEmpty(t, refusals(facts, token, inputs), name)
	})
}

// each calls a function with every configuration of a file.
func each(t *testing.T, file string, check func(name, token string, inputs resource.PropertyMap)) {
	t.Helper()

	text, err := os.ReadFile(file)
	require.NoError(t, err)

	var types configurations

	require.NoError(t, yaml.Unmarshal(text, &types), file)

	for token, tests := range types {
		for test, cases := range tests {
			for i, inputs := range cases {
				check(fmt.Sprintf("%s[%d] of %s", test, i, file), token, withUnknowns(inputs))
			}
		}
	}
}

// withUnknowns are inputs in which null is a value that is not known yet.
func withUnknowns(inputs map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMapRepl(inputs, nil, func(value any) (resource.PropertyValue, bool) {
		return enginetest.Unknown(), value == nil
	})
}

// refusals are the reasons with which the rules refuse inputs that AWS accepts.
func refusals(facts schema.Schema, token string, inputs resource.PropertyMap) []string {
	var (
		reasons   []string
		described = facts[token]
	)

	for _, of := range []*schema.Type{described, facts["tags"]} {
		for _, problem := range of.Problems(named(described, inputs)) {
			if !slices.Contains([]string{"required", "only", "known"}, problem.Rule) && !excused(problem.Reason) {
				reasons = append(reasons, problem.Reason)
			}
		}
	}

	return reasons
}

// excused reports whether a refusal is right although public material has the value: AWS refuses it today, or for what
// the simulation supports.
func excused(reason string) bool {
	return slices.ContainsFunc([]string{
		"CertificateNotFound: ",                                   // of another account
		"allocatedStorage: got 5, ", "allocatedStorage: got 10, ", // accepted for gp2, not for gp3
		"amiType: got AL2_",              // accepted before Kubernetes 1.33
		"bucket: got , ", "name: got , ", // the provider generates a name for an empty string
		"destinationCidrBlock: got 10.0.1.0/22, ",
		"mutualAuthentication.trustStoreArn: got ..., ",
		"source.location: got ",         // accepted for other types than GITHUB
		"enabledCloudwatchLogsExports[", // accepted for other engines than MySQL
	}, func(start string) bool { return strings.HasPrefix(reason, start) })
}
