package policy

import (
	"regexp"
	"strings"
)

// deployKey is the key for pushing to protected branches.
const deployKey = "${{ secrets.DEPLOY_KEY }}"

// trusted matches the expressions that a workflow may contain, except in `run`, which may contain none. Other parts of
// an event may be chosen by a stranger: titles, bodies, branch names, email addresses.
func trusted() *regexp.Regexp {
	return regexp.MustCompile(`^(` + strings.Join([]string{
		// Values from the repository itself.
		`vars\.[A-Z_]+`, `matrix\.[a-z.]+`, `needs\.[a-z]+\.outputs\.[a-z]+`, `steps\.[a-z]+\.outputs\.[a-z]+`,
		`fromJSON\(needs\.[a-z]+\.outputs\.[a-z]+\)`,
		`toJSON\((vars|needs)\)`, runnerLabel(`matrix\.runner`),
		// The job's own token, and the only stored secret.
		`github\.token`, `secrets\.DEPLOY_KEY`,
		// Values that GitHub generates: numbers, commits, and the ref, which is refs/pull/<number>/merge for a pull request.
		`github\.ref`, `github\.event_name == 'pull_request'`,
		`github\.event\.pull_request\.(number|base\.sha)`, `github\.event\.workflow_run\.head_sha`,
	}, `|`) + `)$`)
}

// runnerLabel matches the label of a runner that the repository configures. The label of a CodeBuild runner includes
// the run.
func runnerLabel(runner string) string {
	return `startsWith\(` + runner + `, 'codebuild-'\) && ` +
		`format\('\{0\}-\{1\}-\{2\}', ` + runner + `, github\.run_id, github\.run_attempt\) \|\| ` + runner
}

// expressions checks every ${{ }}. In `run`, its value would become part of the script before the shell parses it.
func (c *checker) expressions() {
	text, allowed := strings.Join(c.lines, "\n"), trusted()

	for _, at := range regexp.MustCompile(`(?s)\$\{\{\s*(.*?)\s*\}\}`).FindAllStringSubmatchIndex(text, -1) {
		if found := text[at[2]:at[3]]; !allowed.MatchString(found) {
			line := 1 + strings.Count(text[:at[0]], "\n")
			c.problemf(line, "${{ %s }} may be chosen by a stranger: expected %s", found, allowed)
		}
	}

	for i, line := range c.lines {
		code, _, _ := strings.Cut(line, "#")
		if strings.Contains(code, "secrets") && strings.TrimSpace(code) != "ssh-key: "+deployKey {
			c.problemf(i+1, "only the ssh-key of a checkout may be a secret: assume roles with OIDC, and use github.token as "+
				"the job's token")
		}
	}
}
