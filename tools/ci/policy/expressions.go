package policy

import (
	"regexp"
	"strings"
)

// deployKey is the key that pushes to branches that are closed to everybody else.
const deployKey = "${{ secrets.DEPLOY_KEY }}"

// trusted are the expressions that a workflow may have anywhere but in `run`, which has none. Everything else that
// GitHub knows of an event somebody may have chosen: titles, texts, names of branches, addresses of mail.
func trusted() *regexp.Regexp {
	return regexp.MustCompile(`^(` + strings.Join([]string{
		// What the repository itself says.
		`vars\.[A-Z_]+`, `matrix\.[a-z.]+`, `needs\.[a-z]+\.outputs\.[a-z]+`, `steps\.[a-z]+\.outputs\.[a-z]+`,
		`fromJSON\(needs\.[a-z]+\.outputs\.[a-z]+\)`,
		runnerLabel(`vars\.STAGING_RUNNER`), runnerLabel(`matrix\.runner`),
		// The job's own token, and the one secret that somebody has to keep.
		`github\.token`, `secrets\.DEPLOY_KEY`,
		// What GitHub makes up: numbers, commits, and the reference that ran, which is refs/pull/<number>/merge for a pull
		// request.
		`github\.ref`, `github\.event_name == 'pull_request'`,
		`github\.event\.pull_request\.(number|base\.sha)`, `github\.event\.workflow_run\.head_sha`,
	}, `|`) + `)$`)
}

// runnerLabel is the label of a runner that the repository names; CodeBuild's includes the run.
func runnerLabel(runner string) string {
	return `startsWith\(` + runner + `, 'codebuild-'\) && ` +
		`format\('\{0\}-\{1\}-\{2\}', ` + runner + `, github\.run_id, github\.run_attempt\) \|\| ` + runner
}

// expressions looks at every ${{ }}, wherever it is: in `run` it would become part of the script before a shell reads
// it.
func (c *checker) expressions() {
	text, allowed := strings.Join(c.lines, "\n"), trusted()

	for _, at := range regexp.MustCompile(`(?s)\$\{\{\s*(.*?)\s*\}\}`).FindAllStringSubmatchIndex(text, -1) {
		if found := text[at[2]:at[3]]; !allowed.MatchString(found) {
			line := 1 + strings.Count(text[:at[0]], "\n")
			c.wrongf(line, "got ${{ %s }}, want what nobody outside can choose: %s", found, allowed)
		}
	}

	for i, line := range c.lines {
		code, _, _ := strings.Cut(line, "#")
		if strings.Contains(code, "secrets") && strings.TrimSpace(code) != "ssh-key: "+deployKey {
			c.wrongf(i+1, "got a secret, want none but the key of a checkout that pushes: roles are assumed by OIDC, and "+
				"the job's token is github.token")
		}
	}
}
