package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded is part of the engine's output for an account in which a tag was changed and an alias was deleted.
const recorded = `Previewing refresh (sandbox):

 ~  pulumi:pulumi:Stack platform-sandbox refreshing 
    pulumi:pulumi:Stack platform-sandbox running 
 ~  aws:ec2:Vpc network-vpc refreshing 
 ~  aws:kms:Alias encryption-alias refreshing 
    aws:kms:Key encryption-key  
 ~  aws:ec2:Vpc network-vpc update [diff: ~tags]
 -  aws:kms:Alias encryption-alias delete 
Resources:
    ~ 1 to update
    - 1 to delete
    120 unchanged

error: no changes were expected for refresh but changes were proposed
`

func TestScriptsPassShellcheck(t *testing.T) {
	t.Parallel()

	program, err := exec.LookPath("shellcheck")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("shellcheck is missing: run apt-get install shellcheck")
	}

	require.NoError(t, err)

	for _, pattern := range []string{"../*.sh", "*.sh"} {
		scripts, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, scripts)

		findings, err := exec.CommandContext(t.Context(), program, scripts...).CombinedOutput()
		require.NoError(t, err, string(findings))
	}
}

func TestDetectDriftDistinguishesDriftFromFailure(t *testing.T) {
	t.Parallel()

	for name, given := range map[string]struct {
		exit   string
		report bool
		fails  bool
	}{
		"no drift": {exit: "0"},
		"drift":    {exit: "7", report: true},
		"failure":  {exit: "255", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=sandbox")
			c.write("out/sandbox/drift.txt", "an older report")
			c.standIn("pulumi", `case "$*" in
"refresh --preview-only --expect-no-changes "*" --stack sandbox") ;;
*) exit 3 ;;
esac
cat <<'lines'
`+recorded+`lines
exit `+given.exit)

			out, err := c.script("ci/detect-drift.sh")
			assert.Equal(t, given.fails, err != nil)
			assert.Contains(t, out, recorded)

			content, err := os.ReadFile(filepath.Join(c.folder, "out/sandbox/drift.txt"))
			if !given.report {
				require.ErrorIs(t, err, os.ErrNotExist)

				return
			}

			require.NoError(t, err)
			assert.Equal(t, " ~  aws:ec2:Vpc network-vpc update [diff: ~tags]\n"+
				" -  aws:kms:Alias encryption-alias delete\n    ~ 1 to update\n    - 1 to delete\n",
				strings.ReplaceAll(string(content), " \n", "\n"))
		})
	}
}

func TestSummarizeReportShowsOnlyTheReportOfThePreview(t *testing.T) {
	t.Parallel()

	const (
		plan   = "## preview of staging: 2 create\n\nAt commit `1234`, in the rehearsal.\n"
		failed = "## preview of staging: failed\n\nThe log of the run has the errors.\n"
	)

	for name, given := range map[string]struct{ report, want string }{
		"a preview":              {plan, plan},
		"no report":              {"", failed},
		"an up":                  {"## up of staging: 122 create\n", failed},
		"another stack's report": {"## preview of sandbox: no changes\n", failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=staging")

			if given.report != "" {
				c.write("out/staging/report.md", given.report)
			}

			c.write("out/staging/report.sarif", "{}")

			out, err := c.script("ci/summarize-report.sh")
			require.NoError(t, err, out)

			results, err := filepath.Glob(filepath.Join(c.folder, "out", "staging", "*.sarif"))
			require.NoError(t, err)
			assert.Equal(t, given.want != plan, len(results) == 0, "results of an earlier run")
			assert.Equal(t, given.want, c.file("summary"))

			report, err := os.ReadFile(filepath.Join(c.folder, "out", "staging", "report.md"))
			require.NoError(t, err)
			assert.Equal(t, given.want, string(report))
		})
	}
}

func TestFuzzDistinguishesAFindingFromTheEndOfItsTime(t *testing.T) {
	t.Parallel()

	const ended = "--- FAIL: FuzzBody (30.09s)\n    context deadline exceeded\nFAIL\n"

	for name, given := range map[string]struct {
		output, exit string
		fails        bool
	}{
		"no finding":               {"fuzz: elapsed: 30s\nPASS\nok  \ta\t30.1s\n", "0", false},
		"end of time":              {"fuzz: elapsed: 30s\n" + ended, "1", false},
		"finding":                  {"--- FAIL: FuzzBody (1s)\n    --- FAIL: x\n    Failing input written to x\n", "1", true},
		"finding at end of time":   {"fuzz: minimizing 30-byte failing input file\n" + ended, "1", true},
		"deadline within the test": {"--- FAIL: FuzzBody (0s)\n        a_test.go:9: context deadline exceeded\n", "1", true},
		"failed build":             {"a_test.go:9: undefined: x\nFAIL\ta [build failed]\n", "1", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.write("apps/a/b/a_test.go", "package b\n\nfunc FuzzBody(f *testing.F) {}\nfunc FuzzBody_Two(f *testing.F) {}\n")
			c.standIn("go", `echo "$*" >>calls
[ -z "$(cat)" ] || exit 9
cat <<'lines'
`+given.output+`lines
exit `+given.exit)

			out, err := c.script("fuzz.sh", "apps/a", "30s")
			assert.Equal(t, given.fails, err != nil, out)
			assert.Contains(t, out, "fuzzing apps/a/b FuzzBody for 30s\n")

			calls, err := os.ReadFile(filepath.Join(c.folder, "apps", "a", "calls"))
			require.NoError(t, err)
			assert.Contains(t, string(calls), "test -run ^$ -fuzz ^FuzzBody$ -fuzztime 30s ./b\n")

			if given.fails {
				assert.Contains(t, out, given.output)
			} else {
				assert.Contains(t, string(calls), "-fuzz ^FuzzBody_Two$ ", "the next target must run")
			}
		})
	}
}

func TestAnInstalledPulumiIsUsedIfItIsNewEnough(t *testing.T) {
	t.Parallel()

	for printed, used := range map[string]bool{
		"v3.257.0": true, "v3.257.1": true, "v3.300.0": true, "3.257.0-dev.1": true,
		"v3.256.9": false, "v3.99.0": false, "v4.0.0": false, "v2.300.0": false, "": false, "unknown": false,
	} {
		c := newCheckout(t)
		c.standIn("pulumi", "echo "+printed)

		out, err := c.script("installed-pulumi.sh", "v3.257.0")
		require.NoError(t, err, out)
		assert.Equal(t, used, out == filepath.Join(c.bin, "pulumi")+"\n", "%q: %s", printed, out)

		if !used {
			assert.Empty(t, out)
		}
	}
}

func TestPackagesInstallsOnlyMissingPackages(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("id", "echo 1001")
	c.standIn("sudo", `echo "sudo $*"`)

	for _, program := range []string{
		"ip", "unshare", "mariadbd", "mysqlslap", "gcc", "shellcheck", "jq", "aws", "google-chrome",
	} {
		c.standIn(program, "")
	}

	c.environ = append(c.environ, "PATH="+c.bin+":"+folderOf(t, c, "env", "bash", "tee"))

	out, err := c.script("packages.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "sudo apt-get update -qq\n")
	assert.Contains(t, out, "apt-get install -y -qq --no-install-recommends redis-server\n")

	c.standIn("redis-server", "")

	out, err = c.script("packages.sh")
	require.NoError(t, err, out)
	assert.NotContains(t, out, "apt-get")
}

// folderOf returns a folder that contains only some of this machine's programs.
func folderOf(t *testing.T, c *checkout, programs ...string) string {
	t.Helper()

	folder := t.TempDir()

	for _, program := range programs {
		out, err := c.execute("sh", "-c", "command -v "+program)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(strings.TrimSpace(out), filepath.Join(folder, program)))
	}

	return folder
}

func TestCheckVulnerabilitiesChecksEveryModule(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.write("go.mod", "module a\n")
	c.write("tools/pins/go.mod", "module b\n")
	c.commit("modules")
	c.standIn("go", `case "$*" in
"list ./...") case $PWD in */pins) ;; *) echo a ;; esac ;;
*"build -o "*) printf '#!/bin/sh\necho "$PWD checks $*"\n[ ! -f vulnerable ]\n' >"$5" && chmod +x "$5" ;;
esac`)

	out, err := c.script("ci/check-vulnerabilities.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "/clone checks ./...\n")
	assert.Contains(t, out, "/clone/tools/pins checks tool\n")

	c.write("vulnerable", "")

	out, err = c.script("ci/check-vulnerabilities.sh")
	require.Error(t, err)
	assert.Contains(t, out, "/clone/tools/pins checks tool\n", "a finding must not end the check")
}
