package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// accountProgram is a stand-in for each program in docs/real-account.md. It records its command in CALLS. `pulumi` uses
// the rehearsal of the project in the current folder; both projects share one simulated account. The commands that need
// another backend, login and those that move the state, are only recorded.
const accountProgram = `#!/usr/bin/env bash
set -euo pipefail
name=$(basename "$0")
echo "$name $*" >>"$CALLS"

case $name in
aws)
	[ -n "$AWS_REGION" ] || { echo "You must specify a region" >&2; exit 252; }
	case "$1 $2" in
	"sts get-caller-identity") echo '{"Account": "123456789012"}' ;;
	"ecr get-login-password") echo token ;;
	*) exit 252 ;;
	esac ;;
docker) [ "$(cat)" = token ] ;;
gh)
	case "$*" in
	"repo fork --remote") git remote add origin "$ORIGIN" ;;
	"api user --jq .login") echo you ;;
	"api repos/you/platform --jq "*) echo 1001 2002 ;;
	*) exit 1 ;;
	esac ;;
make)
	[ "$1" = digests ] || exit 2
	export "${@:2}"
	for service in flights reservations; do
		echo "$service $REGISTRY/$service@sha256:$(printf '%064d' 7) pushed 10MB"
	done | tools/digests.sh "$STACK" ;;
kubectl) grep -q '"kind":"Config"\|kind: Config' "$KUBECONFIG" ;;
curl) echo '[]' ;;
pulumi)
	case $* in
	"login "* | "stack init "* | "stack change-secrets-provider "* | "stack import "*) exit ;;
	"stack export --file "*) touch "$4" && exit ;;
	"up "*) set -- "$@" --yes --skip-preview ;;
	esac
	STACK=sandbox
	[ "$PWD" = "$PROJECT" ] || STACK=account
	answer=$(mktemp)
	export STACK REHEARSAL_PROJECT=$PWD
	printf '%q ' pulumi "$@" | sed "s|$|>'$answer'|" | "$PROJECT/.rehearsal/bin/rehearsal" shell >&2
	cat "$answer" ;;
esac
`

// accountCheckout is a checkout for the commands of docs/real-account.md.
type accountCheckout struct {
	*checkout

	// calls is the file with the recorded commands, and origin the fork.
	calls, origin string
}

// newAccountCheckout returns a checkout that is a git repository, with the stand-ins.
func newAccountCheckout(t *testing.T) *accountCheckout {
	t.Helper()

	w := &accountCheckout{checkout: &checkout{t: t}}
	w.prepare()
	w.calls, w.origin = filepath.Join(w.scratch, "calls"), filepath.Join(w.scratch, "origin")

	for _, name := range []string{"aws", "curl", "docker", "gh", "kubectl", "make", "pulumi"} {
		file := filepath.Join(w.scratch, "bin", name)
		require.NoError(t, os.WriteFile(file, []byte(accountProgram), 0o700))
	}

	for _, command := range []string{
		"git init --quiet --initial-branch main", "git add --all", "git commit --quiet --message before",
		"git init --quiet --bare --initial-branch main " + w.origin,
	} {
		output, err := w.bash(command)
		require.NoError(t, err, output)
	}

	return w
}

// bash runs a script in the checkout.
func (w *accountCheckout) bash(script string) (string, error) {
	w.t.Helper()

	command := exec.CommandContext(w.t.Context(), "bash", "-euo", "pipefail", "-c", script)
	command.Dir = w.folder
	command.Env = append(w.environment(), "CALLS="+w.calls, "ORIGIN="+w.origin, "PROJECT="+w.folder,
		"REHEARSAL_FOLDER="+filepath.Join(w.folder, ".rehearsal"),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	output, err := command.CombinedOutput()

	return string(output), err
}

// The commands of the document, in one shell, lead from an empty account to the book's request.
func TestARealAccountAnswersTheBooksRequest(t *testing.T) {
	t.Parallel()

	if _, err := exec.LookPath("jq"); err != nil {
		lackf(t, "jq is missing: run tools/packages.sh")
	}

	const document, mark = "docs/real-account.md", testedBy + "rehearsal/scenarios.TestARealAccountAnswersTheBooksRequest"

	var script strings.Builder

	for _, b := range readDocuments(t)[document] {
		if b.mark == mark {
			script.WriteString(b.text)
		}
	}

	w := newAccountCheckout(t)
	output, err := w.bash(script.String())
	require.NoError(t, err, output)

	calls, err := os.ReadFile(w.calls)
	require.NoError(t, err)

	commands := string(calls)

	t.Log("images are pushed to the repositories from which the cluster pulls")

	const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

	assert.Contains(t, commands, "docker login --username AWS --password-stdin "+registry+"\n")
	assert.Contains(t, commands, "make digests STACK=sandbox REGISTRY="+registry+"/platform\n")

	for _, service := range []string{"flights", "reservations"} {
		values, err := os.ReadFile(filepath.Join(w.folder, "apps", service, "chart", "ci", "sandbox.yaml"))
		require.NoError(t, err)
		assert.Regexp(t, `imageRepository: "?`+regexp.QuoteMeta(registry+"/platform/"+service), string(values))
	}

	t.Log("the fork has the settings and the digests, and Argo CD follows it")

	for file, setting := range map[string]string{
		"Pulumi.sandbox.yaml":                         "repository: https://github.com/you/platform",
		"infra/bootstrap/Pulumi.account.yaml":         `organizationId: "1001"`,
		"apps/reservations/environments/sandbox.yaml": "digest: sha256:" + strings.Repeat("0", 63) + "7",
	} {
		pushed, err := w.bash("git --git-dir '" + w.origin + "' show main:" + file)
		require.NoError(t, err, pushed)
		assert.Contains(t, pushed, setting)
	}

	sources, err := w.bash("pulumi stack export -s sandbox | jq -r '.. | .repoURL? // empty' | sort -u")
	require.NoError(t, err, sources)
	assert.Contains(t, sources, "https://github.com/you/platform")

	t.Log("the book's request goes to the stack's load balancer")

	balancer, err := w.bash("pulumi stack output loadBalancerHostname -s sandbox")
	require.NoError(t, err, balancer)
	assert.Contains(t, commands,
		"curl --header Host: flightsvc.com http://"+lastLine(balancer)+"/flights?flight_no=AA2532\n")
}

// lastLine returns the output of a command, which follows the output of the rehearsal's shell.
func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")

	return lines[len(lines)-1]
}
