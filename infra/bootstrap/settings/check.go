package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What texts look like.
var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[1-9]$`)
	// GitHub's own rules for names of organizations, of repositories, and ids.
	organizationForm = regexp.MustCompile(`^[A-Za-z0-9](-?[A-Za-z0-9])*$`)
	repositoryForm   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	idForm           = regexp.MustCompile(`^[1-9][0-9]*$`)
	branchForm       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)
	// A * anywhere but at the end of a tag would trust more than anybody means.
	deployerForm = regexp.MustCompile(
		`^((environment|branch)/[A-Za-z0-9][A-Za-z0-9._/-]*|tag/[A-Za-z0-9][A-Za-z0-9._/-]*\*?)$`)
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)
)

// reserved start the names of roles that are no environment's: those that are made here, and AWS's own. Whoever deploys
// an environment of that name could change them.
func reserved() []string { return []string{"platform", "aws"} }

// wants says what a key is to be, for whoever got it wrong.
func wants(path string) string {
	known := map[string]string{
		"aws:region":                   "an AWS region",
		"aws:allowedAccountIds":        "a list of account ids of 12 digits, in quotes where one starts with 0",
		"aws:defaultTags":              "an object of tags",
		"bootstrap:github":             "an object of texts, ids in quotes, and deployers as a list",
		"bootstrap:environments":       "a list of the names of the stacks that are deployed to the account",
		"bootstrap:images":             "a list of the services' names",
		"bootstrap:serviceLinkedRoles": "a list of services, such as eks.amazonaws.com",
		"bootstrap:state":              "an object of protect, which is true or false",
	}

	return known[path]
}

func (l *loader) check() {
	l.text("aws:region", l.settings.Region, regionForm, wants("aws:region"), "us-east-1")
	l.list("aws:allowedAccountIds", l.settings.AllowedAccountIDs, accountForm, "an account's id of 12 digits")
	l.checkTags()
	l.checkGitHub()
	l.required("bootstrap:environments", l.settings.Environments, "sandbox")
	l.list("bootstrap:environments", l.settings.Environments, nameForm, "the name of a stack, such as sandbox")
	l.checkReserved()
	l.list("bootstrap:images", l.settings.Images, nameForm, "the name of a service, such as flights")
	l.list("bootstrap:serviceLinkedRoles", l.settings.ServiceLinkedRoles, serviceForm,
		"a service, such as eks.amazonaws.com")
}

// checkTags wants the tags by which costs and drift are told apart.
func (l *loader) checkTags() {
	for name, right := range map[string]string{"Project": "platform", "ManagedBy": "pulumi"} {
		if path := "aws:defaultTags.tags." + name; l.settings.DefaultTags.Tags[name] == "" {
			l.tell(path, "a text", l.set(path, right))
		}
	}
}

func (l *loader) checkGitHub() {
	const path = "bootstrap:github."

	github := l.settings.GitHub

	l.text(path+"organization", github.Organization, organizationForm, "an organization or user of GitHub", "<name>")
	l.text(path+"repository", github.Repository, repositoryForm, "a repository's name, without its organization", "<name>")
	l.text(path+"organizationId", github.OrganizationID, idForm,
		"the number that `gh api users/<organization> --jq .id` prints, in quotes", "<number>")
	l.text(path+"repositoryId", github.RepositoryID, idForm,
		"the number that `gh api repos/<organization>/<repository> --jq .id` prints, in quotes", "<number>")
	l.text(path+"branch", github.Branch, branchForm, "a branch", "main")
	l.required(path+"deployers", github.Deployers, "environment/sandbox")
	l.list(path+"deployers", github.Deployers, deployerForm,
		"environment/<name>, branch/<name>, or tag/<name>, which alone may end with a *")
}

// checkReserved wants names of environments that are told from what is made here, and from one another.
func (l *loader) checkReserved() {
	for i, environment := range l.settings.Environments {
		path := fmt.Sprintf("bootstrap:environments[%d]", i)

		for _, taken := range reserved() {
			if environment == taken || strings.HasPrefix(environment, taken+"-") {
				l.tell(path, "a name that does not start with "+taken+", as roles do that are no environment's", l.remove(path))
			}
		}

		for _, other := range l.settings.Environments {
			if strings.HasPrefix(environment, other+"-") {
				l.tell(path, "a name that does not start with another environment's ("+other+")", l.remove(path))
			}
		}
	}
}

// text wants a text of a form.
func (l *loader) text(path, value string, form *regexp.Regexp, want, example string) {
	if !form.MatchString(value) {
		l.tell(path, want, l.set(path, example))
	}
}

// required wants a list that is not empty.
func (l *loader) required(path string, values []string, example string) {
	if len(values) == 0 {
		l.tell(path, "at least one", l.set(path+"[0]", example))
	}
}

// list wants each element once and in a form.
func (l *loader) list(path string, values []string, form *regexp.Regexp, want string) {
	for i, value := range values {
		at := fmt.Sprintf("%s[%d]", path, i)

		switch {
		case !form.MatchString(value):
			l.tell(at, want, l.remove(at))
		case slices.Contains(values[:i], value):
			l.tell(at, "each once", l.remove(at))
		}
	}
}
