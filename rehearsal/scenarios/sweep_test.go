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

// standIn answers for the AWS CLI as far as the sweep asks it: of an account that is a file with a line for each thing,
// its region, its name, and what filters look at. It takes no region from the environment, as the CLI's first version,
// and fails the call that FAILS names.
const standIn = `#!/bin/sh
set -eu
asked="$1 $2" name=$4
for argument; do region=$argument; done
case "$*" in *" --region $region") ;; *) echo "$asked: You must specify a region" >&2; exit 252 ;; esac
if [ "$asked" = "${FAILS%%:*}" ]; then echo "An error occurred: ${FAILS#*:}" >&2; exit 254; fi

one() {
	grep -q "^$region $1:$name " "$ACCOUNT" || { echo "An error occurred ($2) when calling it: no $name" >&2; exit 254; }
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

case $asked in
"sts get-caller-identity") echo 123456789012 ;;
"eks describe-cluster") one cluster ResourceNotFoundException ;;
"rds describe-db-instances") one database DBInstanceNotFound ;;
"ec2 describe-vpcs") list vpc- "$@" ;;
"ec2 describe-network-interfaces") list eni- "$@" ;;
"ec2 describe-security-groups") list sg- "$@" ;;
"logs describe-log-groups") list "$name" ;;
"logs delete-log-group" | "ec2 delete-network-interface" | "ec2 delete-security-group")
	grep -q "^$region $name " "$ACCOUNT"
	grep -v "^$region $name " "$ACCOUNT" >"$ACCOUNT.new" || true
	mv "$ACCOUNT.new" "$ACCOUNT" ;;
*) echo "the stand-in knows no $*" >&2; exit 2 ;;
esac
`

// swept is an account, and what a sweep of its sandbox meets.
type swept struct {
	// held is what the account holds in us-east-1.
	held []string
	// config is the sandbox's, where it is not the project's own.
	config string
	// fails is the call that fails, and how.
	fails string
}

// sweep runs the project's sweep of a sandbox over an account, and returns what is left of that, and what it said.
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
	said, err := command.CombinedOutput()

	text, readErr := os.ReadFile(filepath.Join(folder, "account"))
	require.NoError(t, readErr)

	var left []string
	for line := range strings.Lines(string(text)) {
		left = append(left, strings.TrimSuffix(strings.TrimPrefix(line, here), after))
	}

	return left, string(said), err
}

// ofProgram are the names that the program gives to what it makes of a type.
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

// logGroups are those that services write to: they come back.
func logGroups(t *testing.T) []string {
	t.Helper()

	groups := ofProgram(t, "aws:cloudwatch/logGroup:LogGroup", func(r state.Resource) any { return r.Inputs["name"] })
	require.Greater(t, len(groups), 3)

	return groups
}

// ofServices is what nodes and EKS leave behind.
func ofServices() []string {
	return []string{
		"eni-1 status=available tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-2 tag:cluster.k8s.amazonaws.com/name=sandbox status=available",
		"sg-1 tag:aws:eks:cluster-name=sandbox",
	}
}

func TestTheSweepDeletesWhatComesBackAndNothingElse(t *testing.T) {
	t.Parallel()

	others := []string{
		"/aws/eks/staging/cluster", "/aws/eks/sandbox2/cluster", "/aws/rds/instance/sandbox-other/error", "RDSOSMetrics",
		"sandbox-of-somebody", "cluster:staging", "database:staging-database", "vpc-2 tag:Name=staging-network-vpc",
		"eni-3 status=in-use tag:cluster.k8s.amazonaws.com/name=sandbox",
		"eni-4 status=available tag:cluster.k8s.amazonaws.com/name=staging", "eni-5 status=available",
		"sg-2 tag:aws:eks:cluster-name=staging", "sg-3 tag:Name=sandbox-network-nodes",
	}

	for name, config := range map[string]string{
		"the sandbox's":      "",
		"quoted":             "config:\n  \"aws:region\": \"us-east-1\" # the nearest\n",
		"of the account":     "config:\n  aws:region: 'us-east-1'\n  aws:allowedAccountIds: [210987654321, '123456789012']\n",
		"of it, in a list":   "config:\n  aws:allowedAccountIds:\n    - \"123456789012\"\n  aws:region: us-east-1\n",
		"of it, as pulumi's": "config:\n  aws:allowedAccountIds: '[\"123456789012\"]'\n  aws:region: us-east-1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			remain, said, err := swept{held: slices.Concat(logGroups(t), others, ofServices()), config: config}.sweep(t)
			require.NoError(t, err, said)
			assert.ElementsMatch(t, others, remain)

			for _, told := range []string{"/aws/eks/sandbox/cluster", "eni-2", "sg-1", "again in ten minutes"} {
				assert.Contains(t, said, told)
			}
		})
	}
}

// A destroy that did not end may find log groups in its state, and is held up by interfaces.
func TestTheSweepLeavesTheLogGroupsOfAVPCThatIsThere(t *testing.T) {
	t.Parallel()

	vpc := ofProgram(t, "aws:ec2/vpc:Vpc", func(r state.Resource) any {
		tags, _ := r.Inputs["tags"].(map[string]any)

		return tags["Name"]
	})
	held := append(logGroups(t), "vpc-1 tag:Name="+vpc[0])

	remain, said, err := swept{held: slices.Concat(held, ofServices())}.sweep(t)
	require.NoError(t, err, said)
	assert.ElementsMatch(t, held, remain)
	assert.Contains(t, said, "vpc-1")
	assert.Contains(t, said, "pulumi destroy --stack sandbox")
}

// unsure is a sweep that touches nothing, and what is said of it.
type unsure struct {
	swept

	want string
}

func TestTheSweepTouchesNothingUnlessItIsSure(t *testing.T) {
	t.Parallel()

	const here = "config:\n  aws:region: us-east-1\n"

	held := slices.Clip(slices.Concat(logGroups(t), ofServices()))
	database := ofProgram(t, "aws:rds/instance:Instance", func(r state.Resource) any { return r.Inputs["identifier"] })[0]

	cases := map[string]unsure{
		"a cluster lives":  {swept{held: append(held, "cluster:sandbox")}, "pulumi destroy --stack sandbox"},
		"a database lives": {swept{held: append(held, "database:"+database)}, "the database " + database + " is there"},
		"no region":        {swept{held: held, config: "config: {}\n"}, "aws:region of Pulumi.sandbox.yaml: got nothing"},
		"an empty region":  {swept{held: held, config: "config:\n  aws:region: \"\"\n"}, "aws:region of"},
		"a word on none":   {swept{held: held, config: "config:\n  aws:region: # ours\n"}, "aws:region of"},
		"another account": {
			swept{held: held, config: here + "  aws:allowedAccountIds:\n    - \"210987654321\"\n  a:b:\n    - 123456789012\n"},
			"account 123456789012, want one of aws:allowedAccountIds in Pulumi.sandbox.yaml: 210987654321",
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

			remain, said, err := given.sweep(t)
			require.Error(t, err)
			assert.Contains(t, said, given.want)
			assert.Equal(t, given.held, remain)
		})
	}
}
