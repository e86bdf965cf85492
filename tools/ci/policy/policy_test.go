package policy_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/policy"
)

// good is a workflow that nothing is wrong with.
const good = `name: Good
on: {push: {branches: [main]}}
permissions: {}
concurrency:
  group: sandbox
  cancel-in-progress: false
jobs:
  deploy:
    environment: sandbox
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - run: make up
      - run: tools/ci/summarize-report.sh
        env:
          REGISTRY: ${{ vars.REGISTRY }}
`

func TestAGoodWorkflowIsLeftAlone(t *testing.T) {
	t.Parallel()

	require.NoError(t, policy.Check([]byte(good)))
}

func TestEachRuleRefusesWhatBreaksIt(t *testing.T) {
	t.Parallel()

	cases := rights()
	maps.Copy(cases, deployments())
	maps.Copy(cases, steps())

	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			text := strings.Replace(good, change.old, change.new, 1)
			require.NotEqual(t, good, text)

			switch change.want {
			case "ref, repository":
				text = strings.Replace(text, "persist-credentials: false", "persist-credentials: false\n          ref: x", 1)
			case "want an environment for the job":
				text = strings.Replace(text, "persist-credentials: false", pushes, 1)
			}

			assert.ErrorContains(t, policy.Check([]byte(text)), change.want)
		})
	}
}

// pushes is a checkout that pushes.
const pushes = "persist-credentials: true\n          ssh-key: ${{ secrets.DEPLOY_KEY }}"

func TestAJobOfAnEnvironmentMayPush(t *testing.T) {
	t.Parallel()

	require.NoError(t, policy.Check([]byte(strings.Replace(good, "persist-credentials: false", pushes, 1))))
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()

	broken := strings.NewReplacer("make up", "echo", "vars.REGISTRY", "secrets.A", "    timeout-minutes: 10\n", "")
	err := policy.Check([]byte(broken.Replace(good)))

	for _, want := range []string{"run: got", "got a secret", "timeout-minutes"} {
		assert.ErrorContains(t, err, want)
	}
}

// change breaks the good workflow, and want is what is then said.
type change struct{ old, new, want string }

// rights is what breaks the rules of who may do what.
func rights() map[string]change {
	return map[string]change{
		"all rights": {
			"permissions: {}\n", "permissions: write-all\n", "line 1: permissions: want {}",
		},
		"rights for the workflow": {
			"permissions: {}\n", "permissions: {contents: read}\n", "line 1: permissions: want {}",
		},
		"rights by default": {"permissions: {}\n", "", "line 1: permissions: want {}"},
		"a job without rights": {
			"    permissions:\n      contents: read\n", "", "line 8: permissions: want them by name",
		},
		"a job with all rights": {
			"    permissions:\n      contents: read\n", "    permissions: read-all\n", "want them by name",
		},
		"strangers with rights": {
			"on: {push: {branches: [main]}}", "on: pull_request_target", "pull_request_target",
		},
	}
}

// deployments is what breaks the rules of when, and how long.
func deployments() map[string]change {
	return map[string]change{
		"no limit": {"    timeout-minutes: 10\n", "", "line 8: timeout-minutes: want one"},
		"no group": {
			"concurrency:\n  group: sandbox\n  cancel-in-progress: false\n", "", "concurrency: want a group",
		},
		"another group": {"group: sandbox", "group: deployments", "want the group sandbox"},
		"a deployment that is cut": {
			"cancel-in-progress: false", "cancel-in-progress: true", "cancel-in-progress: false",
		},
		"a deployment that may be": {"  cancel-in-progress: false\n", "", "cancel-in-progress: false"},
	}
}

// steps is what breaks the rules of what is run.
func steps() map[string]change {
	const persist = "persist-credentials: false"

	const pin, version = "3d3c42e5aac5ba805825da76410c181273ba90b1", " # v7.0.1"

	return map[string]change{
		"a tag":                    {pin + version, "v7.0.1", "line 15: uses: got"},
		"a short commit":           {pin, pin[:12], "want a full commit"},
		"a commit without version": {version, "", "want a full commit"},
		"a version in part":        {version, " # v7", "want a full commit"},
		"an action of ours": {
			"- uses: actions/checkout@" + pin, "- uses: ./.github/actions/own", "want a full commit",
		},
		"a token left behind": {
			"persist-credentials: false", "fetch-depth: 0", "persist-credentials: want it said",
		},
		"a token for nothing": {
			"persist-credentials: false", "persist-credentials: true", "got true without ssh-key",
		},
		"another key": {
			persist, "persist-credentials: true\n          ssh-key: ${{ vars.KEY }}", "got true without ssh-key",
		},
		"a key for whoever has a branch": {
			"    environment: sandbox\n", "    # none\n", "want an environment for the job",
		},
		"strangers' code": {
			persist, persist + "\n          allow-unsafe-pr-checkout: true", "want it left out",
		},
		"strangers' code, after it": {
			"{push: {branches: [main]}}", "{workflow_run: {workflows: [A]}}", "ref, repository",
		},
		"two commands":             {"run: make up", "run: make up && make preview", "line 18: run: got"},
		"a script in the workflow": {"run: make up", "run: |\n          make up", "run: got"},
		"an argument":              {"run: tools/ci/summarize-report.sh", "run: tools/ci/summarize-report.sh sandbox", "run: got"},
		"another shell":            {"run: make up", "run: make up\n        shell: python", "want neither shell"},
		"a default": {
			"permissions: {}\n", "permissions: {}\ndefaults: {run: {shell: bash}}\n", "defaults: want none",
		},
		"a secret":          {"vars.REGISTRY", "secrets.REGISTRY", "line 21: got a secret"},
		"the key elsewhere": {"vars.REGISTRY", "secrets.DEPLOY_KEY", "line 21: got a secret"},
		"all secrets":       {"vars.REGISTRY", "toJSON(secrets)", "line 21: got a secret"},
		"a secret in a condition": {
			"- run: make up", "- if: secrets.A != ''\n        run: make up", "got a secret",
		},
		"a title": {
			"vars.REGISTRY", "github.event.pull_request.title", "want what nobody outside can choose",
		},
		"a branch": {"vars.REGISTRY", "github.head_ref", "want what nobody outside can choose"},
		"a branch over lines": {
			"${{ vars.REGISTRY }}", "|\n            ${{ vars.A ||\n            github.head_ref }}", "nobody outside",
		},
		"a branch among others": {
			"vars.REGISTRY", "vars.A || github.event.workflow_run.head_branch", "nobody outside",
		},
		"a branch in a group": {
			"group: sandbox", "group: ${{ github.head_ref }}", "want what nobody outside can choose",
		},
		"an input that is a script": {
			persist, persist + "\n          script: x", "which is tested",
		},
		"no workflow": {"jobs:", "works:", "works"},
	}
}
