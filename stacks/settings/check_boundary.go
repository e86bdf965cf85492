package settings

import "regexp"

const boundaryPath = "platform:environment.permissionsBoundary"

// boundaryForm is that of IAM's policies (IAM API Reference, "CreatePolicy").
var boundaryForm = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,128}$`)

func (l *loader) checkBoundary() {
	if name := l.settings.Environment.PermissionsBoundary; name != "" && !boundaryForm.MatchString(name) {
		l.problem(boundaryPath)
	}
}
