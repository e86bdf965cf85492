package account_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/infra/bootstrap/permissions"
)

// reference is the part of permissions/testdata/reference.yaml with the resources of each action.
type reference struct {
	Resources map[string]string `yaml:"resources"`
	Actions   map[string]struct {
		Types []string `yaml:"types"`
	} `yaml:"actions"`
}

func loadReference(t *testing.T) reference {
	t.Helper()

	text, err := os.ReadFile("../permissions/testdata/reference.yaml")
	require.NoError(t, err)

	var read reference
	require.NoError(t, yaml.Unmarshal(text, &read))

	return read
}

// arns returns examples of an action's resources in an environment: "*" for reads, and for writes without a resource.
func (r reference) arns(action, environment string) []string {
	types := r.Actions[action].Types
	if reads.MatchString(action) || len(types) == 0 {
		return []string{"*"}
	}

	service, _, _ := strings.Cut(action, ":")
	fill := strings.NewReplacer(
		"{partition}", "aws", "{region}", "us-east-1", "{account}", "123456789012", "{environment}", environment)

	var arns []string
	for _, kind := range types {
		arns = append(arns, fill.Replace(r.Resources[service+"/"+kind]))
	}

	return arns
}

var reads = regexp.MustCompile(":(BatchGet|Describe|Get|List)")

// deploying is the context of each request while the role deploys an environment.
func deploying(more ...string) map[string]string {
	context := map[string]string{
		"iam:PermissionsBoundary": boundaryARN, "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
	}
	for i := 0; i+1 < len(more); i += 2 {
		context[more[i]] = more[i+1]
	}

	return context
}

// In each environment, the role can create, read, update and delete each type, with all actions that AWS requires.
func TestTheDeployRoleCanDeployEachType(t *testing.T) {
	t.Parallel()

	table, err := permissions.Load()
	require.NoError(t, err)

	known, configured := loadReference(t), configured(t)
	deploy := powerOf(t, run(t, configured), "platform-deploy")

	for _, environment := range configured.Environments {
		for name, row := range table.Rows {
			for _, action := range row.Actions() {
				for _, arn := range known.arns(action, environment) {
					assert.True(t, deploy.allows(request{action, arn, deploying()}), "%s: %s on %s", name, action, arn)
				}
			}

			for _, service := range row.Passes {
				service = strings.ReplaceAll(service, "{ec2}", "ec2.amazonaws.com")
				assert.True(t, deploy.allows(passes(environment+"-role", service)), "%s: a role for %s", name, service)
			}

			for _, service := range row.ServiceLinkedRoles {
				assert.True(t, deploy.allows(request{
					"iam:CreateServiceLinkedRole", iamARN + "role/aws-service-role/" + service + "/Role",
					deploying("iam:AWSServiceName", service),
				}), "%s: the role of %s", name, service)
			}
		}
	}
}

// Each role that runs the program can call its functions, and the drift role can read every resource.
func TestRolesCanCallTheFunctionsOfTheProgram(t *testing.T) {
	t.Parallel()

	table, err := permissions.Load()
	require.NoError(t, err)

	g := run(t, configured(t))
	preview, drift, deploy := powerOf(t, g, "platform-preview"), powerOf(t, g, "platform-drift"),
		powerOf(t, g, "platform-deploy")

	for name, row := range table.Functions {
		for _, action := range row.Actions() {
			for role, power := range map[string]power{"preview": preview, "drift": drift, "deploy": deploy} {
				assert.True(t, power.allows(request{action: action, resource: "*"}), "%s: %s for %s", role, action, name)
			}
		}
	}

	for name, row := range table.Rows {
		for _, action := range row.Read {
			assert.True(t, drift.allows(request{action: action, resource: "*"}), "%s: %s", name, action)
		}
	}
}

// The ARNs of the recorded environments are within the scopes of the deploy role.
func TestTheDeployRoleCanDeleteEachType(t *testing.T) {
	t.Parallel()

	table, err := permissions.Load()
	require.NoError(t, err)

	deploy := powerOf(t, run(t, configured(t)), "platform-deploy")
	recordings, err := filepath.Glob(root + "/rehearsal/scenarios/testdata/recorded/*")
	require.NoError(t, err)
	require.NotEmpty(t, recordings)

	files, err := filepath.Glob(slices.Max(recordings) + "/*/state.json")
	require.NoError(t, err)

	deleted := 0

	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)

		var state struct {
			Deployment struct {
				Resources []struct {
					Type    string `json:"type"`
					Outputs struct {
						ARN string `json:"arn"`
					} `json:"outputs"`
				} `json:"resources"`
			} `json:"deployment"`
		}
		require.NoError(t, json.Unmarshal(text, &state), file)

		for _, r := range state.Deployment.Resources {
			row := table.Rows[r.Type]
			if r.Outputs.ARN == "" || len(row.Delete) == 0 {
				continue
			}

			service, _, _ := strings.Cut(row.Delete[0], ":")
			if !strings.HasPrefix(r.Outputs.ARN, "arn:aws:"+service+":") {
				continue // the ARN belongs to another resource, as that of a rule to its security group
			}

			deleted++

			assert.True(t, deploy.allows(request{row.Delete[0], r.Outputs.ARN, deploying()}),
				"%s on %s", row.Delete[0], r.Outputs.ARN)
		}
	}

	assert.NotZero(t, deleted)
}
