package stacks_test

import (
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/components/graphtest"
)

const (
	roleType           = "aws:iam/role:Role"
	associationType    = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	applicationSetType = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
)

// inApp adds an application with these needs to the sandbox.
func inApp(t *testing.T, app map[string]any) map[string]string {
	t.Helper()

	return withSetting(t, "platform:apps.baggage", app)
}

func TestANewApplicationAddsFewResources(t *testing.T) {
	t.Parallel()

	before := len(deploy(t, "sandbox", nil).Customs())

	for _, test := range []struct {
		needs []any
		costs int
	}{
		{nil, 1}, // a namespace
		{[]any{"mysql"}, 5},
		{[]any{"redis"}, 4},
		{[]any{"mysql", "redis"}, 6},
	} {
		app := map[string]any{"path": "/baggage"}
		if test.needs != nil {
			app["needs"] = test.needs
		}

		after := deploy(t, "sandbox", inApp(t, app))
		assert.Len(t, after.Customs(), before+test.costs, "%v", test.needs)
	}
}

// An application has only the permissions that it needs, and each of its two roles has one service account.
func TestAnApplicationHasThePermissionsOfItsStores(t *testing.T) {
	t.Parallel()

	g := deploy(t, "sandbox", inApp(t, map[string]any{"path": "/baggage", "needs": []any{"mysql", "redis"}}))

	const document = "inlinePolicies[0].policy"

	g.One(t, roleType, "app-baggage").
		Has("name", "sandbox-baggage-baggage").
		JSON(document, `{"Version": "2012-10-17", "Statement": [
			{"Sid": "LogsInToMySQL", "Effect": "Allow", "Action": ["rds-db:connect"],
				"Resource": ["arn:aws:rds-db:us-east-1:123456789012:dbuser:db-database-instance/baggage"]},
			{"Sid": "LogsInToTheCache", "Effect": "Allow", "Action": ["elasticache:Connect"], "Resource": [
				"arn:aws:elasticache:us-east-1:123456789012:ReplicationGroup-cache-nodes",
				"arn:aws:elasticache:us-east-1:123456789012:User-cache-user-baggage"]}
		]}`)
	g.One(t, roleType, "app-baggage-migrate").
		Has("name", "sandbox-baggage-migrate").
		JSON(document, `{"Version": "2012-10-17", "Statement": [
			{"Sid": "ReadsThePasswordOfTheAdmin", "Effect": "Allow",
				"Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
				"Resource": ["arn:aws:secretsmanager:us-east-1:123456789012:rds!db-database-instance"]},
			{"Sid": "DecryptsIt", "Effect": "Allow", "Action": ["kms:Decrypt"],
				"Resource": ["arn:aws:kms:us-east-1:123456789012:Key-encryption-key"]}
		]}`)

	for name, account := range map[string]string{"app-baggage": "baggage", "app-baggage-migrate": "migrate"} {
		g.One(t, associationType, name).Has("namespace", "baggage").Has("serviceAccount", account)
		g.One(t, applicationSetType, "gitops-applications").DependsOn(associationType + "::" + name)
	}
}

// The program's values for each chart are in a golden, which the tests of the chart render.
func TestTheValuesOfEachChart(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		for name, values := range valuesByApp(t, deploy(t, environment, nil)) {
			text, err := yaml.Marshal(values)
			require.NoError(t, err)
			graphtest.GoldenText(t, filepath.Join(project, "apps", name, "chart", "ci", environment+".yaml"), text)
		}
	}
}

// valuesByApp returns the values of each application.
func valuesByApp(t *testing.T, g *graphtest.Graph) map[string]any {
	t.Helper()

	sets := g.All(applicationSetType)
	require.Len(t, sets, 1)

	path, err := resource.ParsePropertyPath("spec.generators[0].list.elements")
	require.NoError(t, err)

	elements, found := path.Get(resource.NewProperty(sets[0].Inputs))
	require.True(t, found)

	values := make(map[string]any)

	for _, element := range elements.ArrayValue() {
		object, is := element.Mappable().(map[string]any)
		require.True(t, is)

		name, is := object["name"].(string)
		require.True(t, is)

		values[name] = object["values"]
	}

	return values
}
