package scenarios_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

// sweep is a sweep of an account's sandbox.
type sweep struct {
	// objects are the account's objects in us-east-1.
	objects []string
	// config is the sandbox's stack file, if it is not the project's.
	config string
	// fails is a call that fails and its error: "ec2 describe-vpcs:(Throttling) when calling it".
	fails string
}

// run runs tools/sweep.sh, and returns the remaining objects and the output.
func (s sweep) run(t *testing.T) ([]string, string, error) {
	t.Helper()

	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), mode))
	}

	const prefix, suffix = "us-east-1 ", " \n"

	write("account", prefix+strings.Join(s.objects, suffix+prefix)+suffix, 0o600)
	write("Pulumi.sandbox.yaml", cmp.Or(s.config, readText(t, filepath.Join(repository(t), "Pulumi.sandbox.yaml"))), 0o600)
	write("aws", readText(t, "testdata/aws.sh"), 0o700)

	command := exec.CommandContext(t.Context(), filepath.Join(repository(t), "tools", "sweep.sh"), "sandbox")
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "FAILS="+s.fails,
		"ACCOUNT="+filepath.Join(folder, "account"), "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1")
	output, err := command.CombinedOutput()

	var remaining []string
	for line := range strings.Lines(readText(t, filepath.Join(folder, "account"))) {
		remaining = append(remaining, strings.TrimSuffix(strings.TrimPrefix(line, prefix), suffix))
	}

	return remaining, string(output), err
}

func readText(t *testing.T, file string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	return string(text)
}

// programNames returns the names that the program gives to its resources of a type.
func programNames(t *testing.T, resourceType string, name func(state.Resource) any) []string {
	t.Helper()

	graph, err := state.Parse([]byte(readText(t, "../../stacks/testdata/sandbox.json")))
	require.NoError(t, err)

	var names []string

	for _, r := range graph.Resources {
		if text, ok := name(r).(string); ok && string(r.Type) == resourceType {
			names = append(names, text)
		}
	}

	require.NotEmpty(t, names)

	return names
}

// logGroups returns the program's log groups, which AWS services create again after a destroy, and one more of RDS.
func logGroups(t *testing.T) []string {
	t.Helper()

	groups := programNames(t, "aws:cloudwatch/logGroup:LogGroup", func(r state.Resource) any { return r.Inputs["name"] })
	require.Greater(t, len(groups), 3)

	groups = append(groups, "/aws/rds/instance/sandbox-database/iam-db-auth-error")
	slices.Sort(groups)

	return slices.Compact(groups)
}

// leftovers returns objects that Karpenter, nodes and EKS leave behind.
func leftovers() []string {
	const karpenter = " tag:eks:eks-cluster-name=sandbox tag-key=karpenter.sh/nodepool"

	return []string{
		"i-1" + karpenter + " instance-state-name=running",
		"i-2 instance-state-name=stopped" + karpenter,
		"lt-1" + karpenter,
		"eni-1 status=available tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-2 tag:cluster.k8s.amazonaws.com/name=sandbox status=available",
		"sg-1 tag:aws:eks:cluster-name=sandbox",
		"sg-2 tag:aws:eks:cluster-name=sandbox",
	}
}

// decoys returns objects of other owners. Each differs in one point from an object that the sweep deletes.
func decoys(groups []string) []string {
	others := []string{
		"/aws/eks/staging/cluster", "/aws/eks/sandbox2/cluster", "/aws/rds/instance/sandbox-other/error", "RDSOSMetrics",
		"sandbox-network", "cluster:staging", "database:staging-database", "vpc-2 tag:Name=staging-network-vpc",
		"vpc-3 tag:Name=sandbox-network-vpc-2", "eni-3 status=in-use tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-4 status=available tag:cluster.k8s.amazonaws.com/name=staging", "eni-5 status=available",
		"eni-6 status=available tag:cluster.k8s.amazonaws.com/name=sandbox-2",
		"eni-7 status=available tag:Name=sandbox", "lt-2 tag:eks:eks-cluster-name=sandbox",
		"i-3 tag:eks:eks-cluster-name=staging tag-key=karpenter.sh/nodepool instance-state-name=running",
		"i-4 tag:eks:eks-cluster-name=sandbox instance-state-name=running",
		"i-5 tag:eks:eks-cluster-name=sandbox tag-key=karpenter.sh/nodepool instance-state-name=terminated",
		"sg-3 tag:aws:eks:cluster-name=staging", "sg-4 tag:Name=sandbox-network-nodes",
		"sg-5 tag:aws:eks:cluster-name=sandbox-2", "sg-6 tag:eks:cluster-name=sandbox",
	}
	for _, group := range groups {
		others = append(others, group+"-archive", group+"/archive", "archive-"+group)
	}

	return others
}

func TestTheSweepDeletesLeftoversAndNothingElse(t *testing.T) {
	t.Parallel()

	others := decoys(logGroups(t))

	for name, config := range map[string]string{
		"the sandbox's file": "",
		"a quoted region":    "config:\n  \"aws:region\": \"us-east-1\" # a comment\n",
		"an inline list":     "config:\n  aws:region: 'us-east-1'\n  aws:allowedAccountIds: [210987654321, '123456789012']\n",
		"a block list":       "config:\n  aws:allowedAccountIds:\n    - \"123456789012\"\n  aws:region: us-east-1\n",
		"a JSON list":        "config:\n  aws:allowedAccountIds: '[\"123456789012\"]'\n  aws:region: us-east-1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			remaining, output, err := sweep{objects: slices.Concat(logGroups(t), others, leftovers()), config: config}.run(t)
			require.NoError(t, err, output)
			assert.ElementsMatch(t, others, remaining)

			for _, deleted := range []string{"/aws/eks/sandbox/cluster", "eni-2", "sg-1"} {
				assert.Contains(t, output, deleted)
			}
		})
	}
}

// AWS and the sweep delete the same objects at the same time.
func TestTheSweepIgnoresObjectsThatAWSHasDeleted(t *testing.T) {
	t.Parallel()

	for call, code := range map[string]string{
		"ec2 delete-network-interface": "InvalidNetworkInterfaceID.NotFound",
		"ec2 delete-launch-template":   "InvalidLaunchTemplateId.NotFound",
		"ec2 terminate-instances":      "InvalidInstanceID.NotFound",
		"ec2 delete-security-group":    "InvalidGroup.NotFound",
		"logs delete-log-group":        "ResourceNotFoundException",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()

			_, output, err := sweep{
				objects: slices.Concat(logGroups(t), leftovers()), fails: call + ":(" + code + ") when calling it",
			}.run(t)
			require.NoError(t, err, output)
			assert.NotContains(t, output, code)
		})
	}
}

func TestAFailedSweepDeletesTheRestAndCanBeRunAgain(t *testing.T) {
	t.Parallel()

	remainingObjects := map[string]string{
		"ec2 delete-network-interface": "eni-",
		"ec2 delete-launch-template":   "lt-",
		"ec2 terminate-instances":      "i-",
		"ec2 delete-security-group":    "sg-",
		"logs delete-log-group":        "network-flow-logs",
	}

	for call, object := range remainingObjects {
		for _, failure := range []string{"(DependencyViolation) when calling it", "(Throttling) when calling it"} {
			t.Run(call+failure, func(t *testing.T) {
				t.Parallel()

				objects := slices.Concat(logGroups(t), leftovers())
				remaining, output, err := sweep{objects: objects, fails: call + ":" + failure}.run(t)
				require.Error(t, err)
				assert.Contains(t, output, failure)
				assert.Contains(t, output, object)
				assert.Contains(t, output, "run again: tools/sweep.sh sandbox")
				assert.Less(t, len(remaining), len(objects))

				remaining, output, err = sweep{objects: remaining}.run(t)
				require.NoError(t, err, output)
				assert.Empty(t, remaining)
			})
		}
	}
}

func TestASweepThatCannotListCanBeRunAgain(t *testing.T) {
	t.Parallel()

	for _, listed := range []string{"instances", "launch-templates", "network-interfaces", "security-groups"} {
		call := "ec2 describe-" + listed
		_, output, err := sweep{
			objects: slices.Concat(logGroups(t), leftovers()), fails: call + ":(RequestLimitExceeded) when calling it",
		}.run(t)
		require.Error(t, err, call)
		assert.Contains(t, output, "run again: tools/sweep.sh sandbox", call)
	}
}

// After an incomplete destroy, log groups may still be in the state, and interfaces block the next one.
func TestTheSweepKeepsTheLogGroupsOfAnExistingVPC(t *testing.T) {
	t.Parallel()

	vpc := programNames(t, "aws:ec2/vpc:Vpc", func(r state.Resource) any {
		tags, _ := r.Inputs["tags"].(map[string]any)

		return tags["Name"]
	})
	objects := append(logGroups(t), "vpc-1 tag:Name="+vpc[0])

	remaining, output, err := sweep{objects: slices.Concat(objects, leftovers())}.run(t)
	require.NoError(t, err, output)
	assert.ElementsMatch(t, objects, remaining)
	assert.Contains(t, output, "vpc-1")
	assert.Contains(t, output, "pulumi destroy --stack sandbox")
}

func TestTheSweepDeletesNothingUnlessTheEnvironmentIsGone(t *testing.T) {
	t.Parallel()

	type test struct {
		sweep

		message string
	}

	const region = "config:\n  aws:region: us-east-1\n"

	objects := slices.Clip(slices.Concat(logGroups(t), leftovers()))
	database := programNames(t, "aws:rds/instance:Instance", func(r state.Resource) any {
		return r.Inputs["identifier"]
	})[0]

	tests := map[string]test{
		"a cluster exists":  {sweep{objects: append(objects, "cluster:sandbox")}, "pulumi destroy --stack sandbox"},
		"a database exists": {sweep{objects: append(objects, "database:"+database)}, "the database " + database + " exists"},
		"no region":         {sweep{objects: objects, config: "config: {}\n"}, "aws:region"},
		"an empty region":   {sweep{objects: objects, config: "config:\n  aws:region: \"\"\n"}, "aws:region"},
		"a comment only":    {sweep{objects: objects, config: "config:\n  aws:region: # ours\n"}, "aws:region"},
		"another account": {
			sweep{
				objects: objects,
				config:  region + "  aws:allowedAccountIds:\n    - \"210987654321\"\n  a:b:\n    - 123456789012\n",
			},
			"account 123456789012, expected one of aws:allowedAccountIds in Pulumi.sandbox.yaml: 210987654321",
		},
	}

	for _, call := range []string{
		"sts get-caller-identity", "eks describe-cluster", "rds describe-db-instances", "ec2 describe-vpcs",
	} {
		for _, failure := range []string{
			"(AccessDeniedException) when calling it", "(ThrottlingException) when calling it: Rate exceeded",
			"Could not connect to the endpoint URL",
		} {
			tests[call+" "+failure] = test{sweep{objects: objects, fails: call + ":" + failure}, failure}
		}
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			remaining, output, err := test.run(t)
			require.Error(t, err)
			assert.Contains(t, output, test.message)
			assert.Equal(t, test.objects, remaining)
		})
	}
}
