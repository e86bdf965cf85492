package policy_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/policy"
)

// good is a workflow without problems.
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

func TestAGoodWorkflowHasNoProblem(t *testing.T) {
	t.Parallel()

	require.NoError(t, policy.Check([]byte(good)))
}

func TestEachViolationIsAProblem(t *testing.T) {
	t.Parallel()

	cases := deployments()
	maps.Copy(cases, steps())

	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			text := strings.Replace(good, change.old, change.new, 1)
			require.NotEqual(t, good, text)

			switch change.want {
			case "ref and repository":
				text = strings.Replace(text, "persist-credentials: false", "persist-credentials: false\n          ref: x", 1)
			case "needs an environment for the job":
				text = strings.Replace(text, "persist-credentials: false", pushes, 1)
			}

			assert.ErrorContains(t, policy.Check([]byte(text)), change.want)
		})
	}
}

// pushes are the inputs of a checkout that pushes.
const pushes = "persist-credentials: true\n          ssh-key: ${{ secrets.DEPLOY_KEY }}"

func TestAJobWithAnEnvironmentMayPush(t *testing.T) {
	t.Parallel()

	require.NoError(t, policy.Check([]byte(strings.Replace(good, "persist-credentials: false", pushes, 1))))
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	broken := strings.NewReplacer("make up", "echo", "vars.REGISTRY", "secrets.A", "    timeout-minutes: 10\n", "")
	err := policy.Check([]byte(broken.Replace(good)))

	for _, want := range []string{"run is", "may be a secret", "timeout-minutes"} {
		assert.ErrorContains(t, err, want)
	}
}

// change breaks the good workflow; want is part of the problem.
type change struct{ old, new, want string }

func deployments() map[string]change {
	return map[string]change{
		"no timeout": {"    timeout-minutes: 10\n", "", "line 8: timeout-minutes is missing"},
		"no group": {
			"concurrency:\n  group: sandbox\n  cancel-in-progress: false\n", "", "concurrency is missing",
		},
		"another group": {"group: sandbox", "group: deployments", "needs concurrency group sandbox"},
		"a deployment that is cancelled": {
			"cancel-in-progress: false", "cancel-in-progress: true", "cancel-in-progress: false",
		},
		"a deployment that may be cancelled": {"  cancel-in-progress: false\n", "", "cancel-in-progress: false"},
	}
}

func steps() map[string]change {
	const persist = "persist-credentials: false"

	return map[string]change{
		"credentials left on disk": {
			"persist-credentials: false", "fetch-depth: 0", "persist-credentials is missing",
		},
		"credentials without a key": {
			"persist-credentials: false", "persist-credentials: true", "persist-credentials: true needs ssh-key",
		},
		"another key": {
			persist, "persist-credentials: true\n          ssh-key: ${{ vars.KEY }}", "true needs ssh-key",
		},
		"a key without an environment": {
			"    environment: sandbox\n", "    # none\n", "needs an environment for the job",
		},
		"strangers' code": {
			persist, persist + "\n          allow-unsafe-pr-checkout: true", "allow-unsafe-pr-checkout is not allowed",
		},
		"another ref after strangers' code": {
			"{push: {branches: [main]}}", "{workflow_run: {workflows: [A]}}", "ref and repository",
		},
		"two commands":             {"run: make up", "run: make up && make preview", "line 18: run is"},
		"a script in the workflow": {"run: make up", "run: |\n          make up", "run is"},
		"an argument":              {"summarize-report.sh\n", "summarize-report.sh sandbox\n", "run is"},
		"another shell":            {"run: make up", "run: make up\n        shell: python", "shell and working-directory"},
		"a default": {
			"permissions: {}\n", "permissions: {}\ndefaults: {run: {shell: bash}}\n", "defaults are not allowed",
		},
		"a secret":          {"vars.REGISTRY", "secrets.REGISTRY", "line 21: only the ssh-key"},
		"the key elsewhere": {"vars.REGISTRY", "secrets.DEPLOY_KEY", "line 21: only the ssh-key"},
		"all secrets":       {"vars.REGISTRY", "toJSON(secrets)", "line 21: only the ssh-key"},
		"a secret in a condition": {
			"- run: make up", "- if: secrets.A != ''\n        run: make up", "only the ssh-key",
		},
		"a title": {
			"vars.REGISTRY", "github.event.pull_request.title", "may be chosen by a stranger",
		},
		"a branch": {"vars.REGISTRY", "github.head_ref", "may be chosen by a stranger"},
		"a branch over several lines": {
			"${{ vars.REGISTRY }}", "|\n            ${{ vars.A ||\n            github.head_ref }}", "chosen by a stranger",
		},
		"a branch in a longer expression": {
			"vars.REGISTRY", "vars.A || github.event.workflow_run.head_branch", "chosen by a stranger",
		},
		"a branch in a concurrency group": {
			"group: sandbox", "group: ${{ github.head_ref }}", "may be chosen by a stranger",
		},
		"an inline script": {
			persist, persist + "\n          script: x", "inline scripts",
		},
		"no workflow": {"jobs:", "works:", "works"},
	}
}
