package scenarios_test

import (
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

// standIn answers for the AWS CLI as far as the sweep calls it. Its account is a file with a line for each object: its
// region, its name, and its filters. As with the real CLI, the first version reads one variable for the region, the
// second another. The call that FAILS names fails.
const standIn = `#!/bin/sh
set -eu
call="$1 $2" name=$4
[ "$AWS_REGION" = "$AWS_DEFAULT_REGION" ] || { echo "$call: two regions" >&2; exit 252; }
region=$AWS_REGION
if [ "$call" = "${FAILS%%:*}" ]; then echo "An error occurred ${FAILS#*:}" >&2; exit 254; fi

one() {
	grep -q "^$region $1$name " "$ACCOUNT" || { echo "An error occurred ($2) when calling it: no $name" >&2; exit 254; }
}
list() {
	found=$(grep "^$region $1" "$ACCOUNT" || true)
	shift
	for filter; do
		case $filter in Name=*,Values=*) filter=${filter#Name=} ;; *) continue ;; esac
		found=$(echo "$found" | grep -F -- " ${filter%%,*}=${filter#*,Values=} " || true)
	done
	echo "$found" | cut -d ' ' -f 2
}
delete() {
	one "" "$1"
	grep -v "^$region $name " "$ACCOUNT" >"$ACCOUNT.new" || true
	mv "$ACCOUNT.new" "$ACCOUNT"
}

case $call in
"sts get-caller-identity") echo 123456789012 ;;
"eks describe-cluster") one cluster: ResourceNotFoundException ;;
"rds describe-db-instances") one database: DBInstanceNotFound ;;
"ec2 describe-vpcs") list vpc- "$@" ;;
"ec2 describe-network-interfaces") list eni- "$@" ;;
"ec2 describe-security-groups") list sg- "$@" ;;
"logs delete-log-group") delete ResourceNotFoundException ;;
"ec2 delete-network-interface") delete InvalidNetworkInterfaceID.NotFound ;;
"ec2 delete-security-group") delete InvalidGroup.NotFound ;;
*) echo "the stand-in does not know $*" >&2; exit 2 ;;
esac
`

// swept is an account, and the conditions of a sweep of its sandbox.
type swept struct {
	// held is what the account holds in us-east-1.
	held []string
	// config is the sandbox's stack file, where it is not the project's own.
	config string
	// fails is a call that fails, and its error: "ec2 describe-vpcs:(Throttling) when calling it".
	fails string
}

// sweep runs the project's sweep of a sandbox over an account, and returns what remains in it, and the output.
func (s swept) sweep(t *testing.T) ([]string, string, error) {
	t.Helper()

	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), mode))
	}

	config := s.config
	if config == "" {
		own, err := os.ReadFile(filepath.Join(repository(t), "Pulumi.sandbox.yaml"))
		require.NoError(t, err)

		config = string(own)
	}

	const here, after = "us-east-1 ", " \n"

	write("account", here+strings.Join(s.held, after+here)+after, 0o600)
	write("Pulumi.sandbox.yaml", config, 0o600)
	write("aws", standIn, 0o700)

	command := exec.CommandContext(t.Context(), filepath.Join(repository(t), "tools", "sweep.sh"), "sandbox")
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "FAILS="+s.fails,
		"ACCOUNT="+filepath.Join(folder, "account"), "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1")
	output, err := command.CombinedOutput()

	text, readErr := os.ReadFile(filepath.Join(folder, "account"))
	require.NoError(t, readErr)

	var remaining []string
	for line := range strings.Lines(string(text)) {
		remaining = append(remaining, strings.TrimSuffix(strings.TrimPrefix(line, here), after))
	}

	return remaining, string(output), err
}

// ofProgram returns the names that the program gives to its resources of a type.
func ofProgram(t *testing.T, resourceType string, name func(state.Resource) any) []string {
	t.Helper()

	text, err := os.ReadFile("../../stacks/testdata/sandbox.json")
	require.NoError(t, err)

	graph, err := state.Parse(text)
	require.NoError(t, err)

	var names []string

	for _, r := range graph.Resources {
		if text, is := name(r).(string); is && string(r.Type) == resourceType {
			names = append(names, text)
		}
	}

	require.NotEmpty(t, names)

	return names
}

// logGroups are the program's: AWS services create them again after a destroy. RDS creates the last one too.
func logGroups(t *testing.T) []string {
	t.Helper()

	groups := ofProgram(t, "aws:cloudwatch/logGroup:LogGroup", func(r state.Resource) any { return r.Inputs["name"] })
	require.Greater(t, len(groups), 3)

	groups = append(groups, "/aws/rds/instance/sandbox-database/iam-db-auth-error")
	slices.Sort(groups)

	return slices.Compact(groups)
}

// leftovers are what nodes and EKS leave behind.
func leftovers() []string {
	return []string{
		"eni-1 status=available tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-2 tag:cluster.k8s.amazonaws.com/name=sandbox status=available",
		"sg-1 tag:aws:eks:cluster-name=sandbox",
		"sg-2 tag:aws:eks:cluster-name=sandbox",
	}
}

// decoys are objects of another owner. Each differs in one point from an object that the sweep deletes.
func decoys(groups []string) []string {
	others := []string{
		"/aws/eks/staging/cluster", "/aws/eks/sandbox2/cluster", "/aws/rds/instance/sandbox-other/error", "RDSOSMetrics",
		"sandbox-network", "cluster:staging", "database:staging-database", "vpc-2 tag:Name=staging-network-vpc",
		"vpc-3 tag:Name=sandbox-network-vpc-2", "eni-3 status=in-use tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-4 status=available tag:cluster.k8s.amazonaws.com/name=staging", "eni-5 status=available",
		"eni-6 status=available tag:cluster.k8s.amazonaws.com/name=sandbox-2",
		"eni-7 status=available tag:Name=sandbox",
		"sg-3 tag:aws:eks:cluster-name=staging", "sg-4 tag:Name=sandbox-network-nodes",
		"sg-5 tag:aws:eks:cluster-name=sandbox-2", "sg-6 tag:eks:cluster-name=sandbox",
	}
	for _, group := range groups {
		others = append(others, group+"-archive", group+"/archive", "archive-"+group)
	}

	return others
}

func TestTheSweepDeletesWhatComesBackAndNothingElse(t *testing.T) {
	t.Parallel()

	others := decoys(logGroups(t))

	for name, config := range map[string]string{
		"the sandbox's":      "",
		"quoted":             "config:\n  \"aws:region\": \"us-east-1\" # the nearest\n",
		"of the account":     "config:\n  aws:region: 'us-east-1'\n  aws:allowedAccountIds: [210987654321, '123456789012']\n",
		"of it, in a list":   "config:\n  aws:allowedAccountIds:\n    - \"123456789012\"\n  aws:region: us-east-1\n",
		"of it, as pulumi's": "config:\n  aws:allowedAccountIds: '[\"123456789012\"]'\n  aws:region: us-east-1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			remaining, output, err := swept{held: slices.Concat(logGroups(t), others, leftovers()), config: config}.sweep(t)
			require.NoError(t, err, output)
			assert.ElementsMatch(t, others, remaining)

			for _, deleted := range []string{"/aws/eks/sandbox/cluster", "eni-2", "sg-1"} {
				assert.Contains(t, output, deleted)
			}
		})
	}
}

// AWS and the sweep delete the same objects at the same time.
func TestAnObjectThatIsGoneByItsDeletionIsSwept(t *testing.T) {
	t.Parallel()

	for call, code := range map[string]string{
		"ec2 delete-network-interface": "InvalidNetworkInterfaceID.NotFound",
		"ec2 delete-security-group":    "InvalidGroup.NotFound",
		"logs delete-log-group":        "ResourceNotFoundException",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()

			_, output, err := swept{
				held: slices.Concat(logGroups(t), leftovers()), fails: call + ":(" + code + ") when calling it",
			}.sweep(t)
			require.NoError(t, err, output)
			assert.NotContains(t, output, code)
		})
	}
}

func TestASweepThatFailsDeletesTheRestAndCanBeRunAgain(t *testing.T) {
	t.Parallel()

	kept := map[string]string{
		"ec2 delete-network-interface": "eni-",
		"ec2 delete-security-group":    "sg-",
		"logs delete-log-group":        "network-flow-logs",
	}

	for call, object := range kept {
		for _, failure := range []string{"(DependencyViolation) when calling it", "(Throttling) when calling it"} {
			t.Run(call+failure, func(t *testing.T) {
				t.Parallel()

				held := slices.Concat(logGroups(t), leftovers())
				remaining, output, err := swept{held: held, fails: call + ":" + failure}.sweep(t)
				require.Error(t, err)
				assert.Contains(t, output, failure)
				assert.Contains(t, output, object)
				assert.Contains(t, output, "run again: tools/sweep.sh sandbox")
				assert.Less(t, len(remaining), len(held))

				remaining, output, err = swept{held: remaining}.sweep(t)
				require.NoError(t, err, output)
				assert.Empty(t, remaining)
			})
		}
	}
}

func TestASweepThatCannotListCanBeRunAgain(t *testing.T) {
	t.Parallel()

	for _, call := range []string{"ec2 describe-network-interfaces", "ec2 describe-security-groups"} {
		_, output, err := swept{
			held: slices.Concat(logGroups(t), leftovers()), fails: call + ":(RequestLimitExceeded) when calling it",
		}.sweep(t)
		require.Error(t, err, call)
		assert.Contains(t, output, "run again: tools/sweep.sh sandbox", call)
	}
}

// After an incomplete destroy, log groups may still be in the state, and interfaces block the next one.
func TestTheSweepKeepsTheLogGroupsOfAVPCThatIsThere(t *testing.T) {
	t.Parallel()

	vpc := ofProgram(t, "aws:ec2/vpc:Vpc", func(r state.Resource) any {
		tags, _ := r.Inputs["tags"].(map[string]any)

		return tags["Name"]
	})
	held := append(logGroups(t), "vpc-1 tag:Name="+vpc[0])

	remaining, output, err := swept{held: slices.Concat(held, leftovers())}.sweep(t)
	require.NoError(t, err, output)
	assert.ElementsMatch(t, held, remaining)
	assert.Contains(t, output, "vpc-1")
	assert.Contains(t, output, "pulumi destroy --stack sandbox")
}

// unsure is a sweep that deletes nothing, and what it reports.
type unsure struct {
	swept

	want string
}

func TestTheSweepDeletesNothingUnlessItIsSure(t *testing.T) {
	t.Parallel()

	const here = "config:\n  aws:region: us-east-1\n"

	held := slices.Clip(slices.Concat(logGroups(t), leftovers()))
	database := ofProgram(t, "aws:rds/instance:Instance", func(r state.Resource) any { return r.Inputs["identifier"] })[0]

	cases := map[string]unsure{
		"a cluster lives":  {swept{held: append(held, "cluster:sandbox")}, "pulumi destroy --stack sandbox"},
		"a database lives": {swept{held: append(held, "database:"+database)}, "the database " + database + " exists"},
		"no region":        {swept{held: held, config: "config: {}\n"}, "aws:region of Pulumi.sandbox.yaml: got nothing"},
		"an empty region":  {swept{held: held, config: "config:\n  aws:region: \"\"\n"}, "aws:region of"},
		"a word on none":   {swept{held: held, config: "config:\n  aws:region: # ours\n"}, "aws:region of"},
		"another account": {
			swept{held: held, config: here + "  aws:allowedAccountIds:\n    - \"210987654321\"\n  a:b:\n    - 123456789012\n"},
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
			cases[call+" "+failure] = unsure{swept{held: held, fails: call + ":" + failure}, failure}
		}
	}

	for name, given := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			remaining, output, err := given.sweep(t)
			require.Error(t, err)
			assert.Contains(t, output, given.want)
			assert.Equal(t, given.held, remaining)
		})
	}
}
