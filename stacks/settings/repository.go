package settings

import (
	"regexp"
	"strings"
)

// repositoryForm matches what Argo CD can clone: HTTPS and SSH, also in the short form of SSH (util/git/client.go and
// util/git/ssh.go of Argo CD). A user of SSH is no secret.
var repositoryForm = regexp.MustCompile(`^(https://` + gitHost + `(:[0-9]+)?/|` +
	`ssh://(` + gitUser + `@)?` + gitHost + `(:[0-9]+)?/|` + gitUser + `@` + gitHost + `:)` + gitPath + `$`)

const (
	gitUser = `[A-Za-z0-9._-]+`
	gitHost = `[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?`
	gitPath = `[A-Za-z0-9._~%+-]+(/[A-Za-z0-9._~%+-]+)*/?`
)

// pageForm matches a page below a repository of GitHub.
var pageForm = regexp.MustCompile(`^(https://github\.com/[^/]+/[^/]+)/.+$`)

// rewriteURL turns another way to write a repository into its URL, step by step.
func rewriteURL(text string) string {
	for _, step := range [][2]string{
		{`\s`, "%20"},
		{`^(http|git)://`, "https://"},
		{`^https://[^/@]*@`, "https://"},   // a password, a token, or Azure DevOps' organization
		{`^ssh://[^/@]*:[^/]*@`, "ssh://"}, // a password
		// The helper of CodeCommit, which Argo CD does not have (AWS CodeCommit User Guide, "git-remote-codecommit").
		{`^codecommit::([a-z0-9-]+)://([^@/]*@)?`, "https://git-codecommit.$1.amazonaws.com/v1/repos/"},
		{`(\.cn-[a-z0-9-]+\.amazonaws\.com)/`, "$1.cn/"},
		{`^([A-Za-z0-9-]+\.[A-Za-z0-9.-]+/)`, "https://$1"},
		{`^([A-Za-z0-9-]+/[A-Za-z0-9._-]+)$`, "https://github.com/$1"},
		{pageForm.String(), "$1"},
	} {
		text = regexp.MustCompile(step[0]).ReplaceAllString(text, step[1])
	}

	return text
}

// checkRepository requires the URL of a Git repository. The fix of another way to write it is its URL.
func (c *checker) checkRepository(path, repository string) {
	if repositoryForm.MatchString(repository) && !pageForm.MatchString(repository) {
		return
	}

	url := rewriteURL(strings.TrimSpace(repository))
	if !repositoryForm.MatchString(url) {
		c.Invalid(path)

		return
	}

	c.Report(path, c.Expected(path), c.Set(path, url))
}
