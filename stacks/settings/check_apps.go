package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/ingress"
)

const (
	gitOpsPath = "platform:gitops"
	appsPath   = "platform:apps"
)

var (
	hostForm       = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	repositoryForm = regexp.MustCompile(`^(https://|ssh://([a-z]+@)?)[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+$`)
	revisionForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)
	pathForm       = regexp.MustCompile(`^(/[a-z0-9]+(-[a-z0-9]+)*)+$`)
)

// redisNodes are how many nodes a highly available Argo CD needs: each of its Redises is on another one (argo-helm,
// "High Availability").
const redisNodes = 3

func (l *loader) checkGitOps() {
	gitOps := l.settings.GitOps

	if !repositoryForm.MatchString(gitOps.Repository) {
		l.problem(gitOpsPath + ".repository")
	}

	if !revisionForm.MatchString(gitOps.Revision) {
		l.problem(gitOpsPath + ".revision")
	}

	if secret := gitOps.CredentialsSecret; secret != "" && !kindForm.MatchString(secret) {
		l.problem(gitOpsPath + ".credentialsSecret")
	}

	if least := l.leastNodes(); gitOps.HighlyAvailable && least < redisNodes {
		path := gitOpsPath + ".highlyAvailable"
		l.tell(path, fmt.Sprintf("false, or %d nodes at least (there may be %d)", redisNodes, least), l.set(path, "false"))
	}
}

// leastNodes is how many nodes there are when there are fewest.
func (l *loader) leastNodes() int {
	least := 0
	for _, kind := range l.settings.Cluster.Nodes {
		least += kind.Min * len(l.settings.Network.Zones)
	}

	return least
}

// checkApps wants names that everything called after an application can have, and paths that lead to one alone.
func (l *loader) checkApps() {
	paths := make(map[string]string)

	for _, name := range slices.Sorted(maps.Keys(l.settings.Apps)) {
		l.checkApp(name)

		path := l.settings.Apps[name].Path
		if other, taken := paths[path]; taken && path != "" {
			at := Member(appsPath, name) + ".path"
			l.tell(at, fmt.Sprintf("a path of its own (%s has %s)", other, path), l.set(at, "/"+name))
		}

		paths[path] = name
	}
}

func (l *loader) checkApp(name string) {
	at := Member(appsPath, name)

	switch longest := longestApp(l.stack); {
	case !kindForm.MatchString(name) || len(name) > longest:
		l.tell(at, fmt.Sprintf("another name: a small letter, then small letters, digits and single dashes, "+
			"at most %d in all", longest), l.remove(at))

		return
	case name == MigrationAccount, strings.HasSuffix(name, "-"+MigrationAccount):
		l.tell(at, fmt.Sprintf("another name: what ends in %s is that of a migration's role", MigrationAccount), l.remove(at))

		return
	case isTaken(name):
		l.tell(at, "another name: this is that of a namespace of the cluster's own", l.remove(at))

		return
	}

	app := l.settings.Apps[name]
	if !pathForm.MatchString(app.Path) {
		l.tell(at+".path", keyOf(at+".path").wants, l.set(at+".path", "/"+name))
	}

	for i, need := range app.Needs {
		at := fmt.Sprintf("%s.needs[%d]", at, i)

		switch {
		case !slices.Contains(Needs(), need):
			l.problem(at)
		case slices.Contains(app.Needs[:i], need):
			l.tell(at, "each store once", l.remove(at))
		}
	}
}

// isTaken reports whether a namespace is there that is no application's.
func isTaken(namespace string) bool {
	return strings.HasPrefix(namespace, "kube-") ||
		slices.Contains([]string{gitops.Namespace, "default", ingress.Namespace}, namespace)
}
