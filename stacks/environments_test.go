package stacks_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// row is a row of the table in docs/environments.md.
type row struct {
	title string
	// about matches the differences that the row covers, as "type::name path". Without a path, the resource exists in one
	// environment only.
	about string
	// shows is a difference whose values are in the cells of the row.
	shows string
}

func rows() []row {
	return []row{
		{
			"CIDR", `^aws:ec2/(vpc:Vpc|subnet:Subnet)::\S+ cidrBlock$|^kubernetes:helm\S+::ingress-traefik .*\.trustedIPs$` +
				`|::gitops-applications spec\.generators$`, // with the ranges and zones for the charts
			"aws:ec2/vpc:Vpc::network-vpc cidrBlock",
		},
		{
			"Zones", `^aws:(ec2/(subnet|route|routeTable|routeTableAssociation)|eks/nodeGroup|autoscaling/attachment):\S+-c$` +
				`| (vpcConfig\.)?subnet(Id)?s$| routeTableIds$| spec\.subnetSelectorTerms$`, "",
		},
		{
			"NAT", `^aws:ec2/(natGateway|eip):\S+$|^aws:ec2/route:Route::network-private-b (natGatewayId|dependencies)$`, "",
		},
		{"API endpoint", ` (vpcConfig\.)?(publicAccessCidrs|endpointPublicAccess)$`, ""},
		{"Nodes", `^aws:eks/nodeGroup:NodeGroup::\S+-[ab] (capacityType|instanceTypes)$`, ""},
		{"Nodes that Karpenter launches", `::autoscaling-pool-services spec\.template\.spec\.`, ""},
		{
			"Karpenter", `^kubernetes:helm\S+::autoscaling-karpenter values\.replicas$`,
			"kubernetes:helm.sh/v3:Release::autoscaling-karpenter values.replicas",
		},
		{
			"MySQL", `^aws:rds/instance:Instance::database-instance (instanceClass|multiAz)$`,
			"aws:rds/instance:Instance::database-instance instanceClass",
		},
		{
			"Cache", `^aws:elasticache/\S+::cache-nodes (automaticFailoverEnabled|multiAzEnabled|numCacheClusters)$`,
			"aws:elasticache/replicationGroup:ReplicationGroup::cache-nodes numCacheClusters",
		},
		{"Data when the stack is destroyed", ` (finalSnapshotIdentifier|skipFinalSnapshot|retainOnDelete)$`, ""},
		{"Protected", ` (protect|deletionProtection)$`, ""},
		{
			"Traefik", `^kubernetes:helm\S+::ingress-traefik values\.(deployment|podDisruptionBudget|topologySpread)`,
			"kubernetes:helm.sh/v3:Release::ingress-traefik values.deployment.replicas",
		},
		{
			"Argo CD", `^kubernetes:\S+::gitops-(argocd values\.|applications spec\.template\.spec\.source\.targetRevision$)`,
			"kubernetes:argoproj.io/v1alpha1:ApplicationSet::gitops-applications spec.template.spec.source.targetRevision",
		},
		{
			"Logs kept", `^aws:cloudwatch/logGroup:LogGroup::\S+ retentionInDays$`,
			"aws:cloudwatch/logGroup:LogGroup::cluster-logs retentionInDays",
		},
		{
			"A deleted key can be restored", `^aws:kms/key:Key::encryption-key deletionWindowInDays$`,
			"aws:kms/key:Key::encryption-key deletionWindowInDays",
		},
	}
}

func TestTheTableOfEnvironmentsHasEveryDifference(t *testing.T) {
	t.Parallel()

	sandbox, staging := factsOf(t, "sandbox"), factsOf(t, "staging")
	found := make(map[string]int)

	for _, difference := range differences(sandbox, staging) {
		var about []string

		for _, row := range rows() {
			if regexp.MustCompile(row.about).MatchString(difference) {
				about = append(about, row.title)
				found[row.title]++
			}
		}

		assert.Len(t, about, 1, "rows about %s: sandbox has %s, staging has %s",
			difference, sandbox.at(difference), staging.at(difference))
	}

	for _, row := range rows() {
		assert.Positive(t, found[row.title], "%s is different", row.title)
	}
}

func TestTheTableOfEnvironmentsShowsDifferences(t *testing.T) {
	t.Parallel()

	sandbox, staging := factsOf(t, "sandbox"), factsOf(t, "staging")
	table := tableOf(t, filepath.Join(project, "docs", "environments.md"))

	var titles []string
	for _, row := range rows() {
		titles = append(titles, row.title)
	}

	require.ElementsMatch(t, titles, slices.Collect(maps.Keys(table)), "rows that are not planned")

	for _, row := range rows() {
		if row.shows != "" {
			assert.Contains(t, table[row.title][0], sandbox.at(row.shows), row.title)
			assert.Contains(t, table[row.title][1], staging.at(row.shows), row.title)
		}
	}
}

// tableOf reads the cells of a table in a document, by the title of their row. It omits planned rows.
func tableOf(t *testing.T, file string) map[string][]string {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	table := make(map[string][]string)

	line := regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)

	for _, cells := range line.FindAllStringSubmatch(string(text), -1) {
		if title := cells[1]; !strings.HasSuffix(title, "(planned)") {
			table[title] = cells[2:]
		}
	}

	return table
}

// facts are the properties of a golden's resources, by type and name, and by path.
type facts map[string]map[string]string

// at returns the property at "type::name path". Without a path, it returns whether the resource exists.
func (f facts) at(fact string) string {
	name, path, _ := strings.Cut(fact, " ")

	switch said, there := f[name]; {
	case !there:
		return "none"
	case path == "":
		return "it"
	case said[path] == "":
		return "nothing"
	default:
		return strings.Trim(said[path], `"`)
	}
}

// factsOf reads the golden of an environment, and replaces the environment's name.
func factsOf(t *testing.T, environment string) facts {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(filepath.Join("testdata", environment+".json")))
	require.NoError(t, err)

	var golden struct {
		Deployment struct {
			Resources []map[string]any `json:"resources"`
		} `json:"deployment"`
	}

	nameless := strings.ReplaceAll(string(text), environment, "<environment>")
	require.NoError(t, json.Unmarshal([]byte(nameless), &golden))

	found := make(facts)

	for _, r := range golden.Deployment.Resources {
		if r["type"] == string(resource.RootStackType) {
			continue // its outputs repeat the policy, and properties of the other resources
		}

		name := nameOf(r["urn"])
		require.NotContains(t, found, name)

		found[name] = make(map[string]string)

		inputs, _ := r["inputs"].(map[string]any)
		maps.DeleteFunc(r, func(key string, _ any) bool { return slices.Contains([]string{"urn", "id", "inputs"}, key) })
		maps.Copy(r, inputs)
		flatten(found[name], "", r)
	}

	return found
}

// nameOf returns the type and name of a URN, which are the same in each environment.
func nameOf(urn any) string {
	text, _ := urn.(string)

	return string(resource.URN(text).Type()) + "::" + resource.URN(text).Name()
}

// flatten writes the members of a value by path. A list is one value.
func flatten(into map[string]string, path string, value any) {
	object, isObject := value.(map[string]any)
	if !isObject {
		text, _ := json.Marshal(value)
		into[path] = string(text)
	}

	for key, member := range object {
		flatten(into, strings.TrimPrefix(path+"."+key, "."), member)
	}
}

// differences returns the sorted paths at which two environments differ. It ignores dependencies on a resource that
// only one of them has.
func differences(one, other facts) []string {
	var found []string

	for _, name := range slices.Sorted(maps.Keys(union(one, other))) {
		if one[name] == nil || other[name] == nil {
			found = append(found, name)

			continue
		}

		for _, path := range slices.Sorted(maps.Keys(union(one[name], other[name]))) {
			mine, others := one[name][path], other[name][path]
			if path == "dependencies" {
				mine, others = shared(mine, one, other), shared(others, one, other)
			}

			if mine != others {
				found = append(found, name+" "+path)
			}
		}
	}

	return found
}

// union returns the keys of both maps.
func union[V any](one, other map[string]V) map[string]V {
	both := maps.Clone(one)
	maps.Copy(both, other)

	return both
}

// shared returns the dependencies on resources that both environments have.
func shared(dependencies string, one, other facts) string {
	var urns []string

	_ = json.Unmarshal([]byte(dependencies), &urns) // an empty string has no dependencies

	return strings.Join(slices.DeleteFunc(urns, func(urn string) bool {
		return one[nameOf(urn)] == nil || other[nameOf(urn)] == nil
	}), " ")
}

// A file that remains after its environment was removed would describe nothing, and nothing would update it.
func TestFilesOfEnvironmentsBelongToStackFiles(t *testing.T) {
	t.Parallel()

	for _, pattern := range []string{
		"stacks/testdata/*.json", "apps/*/environments/*.yaml", "apps/*/chart/ci/*.yaml",
	} {
		files, err := filepath.Glob(filepath.Join(project, pattern))
		require.NoError(t, err)

		for folder, names := range byFolder(files) {
			assert.Subset(t, environments(t), names,
				"%s: delete the values of a removed environment, and run make golden", folder)
		}
	}
}

// byFolder returns the names of files, without their extension, by folder.
func byFolder(files []string) map[string][]string {
	names := make(map[string][]string)

	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		names[filepath.Dir(file)] = append(names[filepath.Dir(file)], name)
	}

	return names
}
