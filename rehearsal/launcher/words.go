package launcher

import (
	"context"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// making is what one types to carry out a command on the stack.
func (o Options) making(command string) string {
	switch {
	case o.Make != "":
		return o.Make + command
	case o.Stack != DefaultStack:
		return "make " + command + " STACK=" + o.Stack
	}

	return "make " + command
}

// nextCommands are worth trying once a stack is up.
func nextCommands(options Options, reportFile string) string {
	return strings.Join([]string{
		"Next:",
		"  " + options.making("preview") + "   what another up would change: nothing, until you edit " +
			stackFile(options.Stack),
		"  " + options.making("shell") + "     a shell in which pulumi itself talks to this rehearsal",
		"  " + options.making("destroy") + "   delete all of it",
		"The report is in " + reportFile + ", and for a pull request in report.md beside it.",
	}, "\n")
}

// listed names resources of the account, each in a line of its own after the first.
func listed(resources []account.Resource) string {
	var lines strings.Builder
	for _, held := range resources {
		lines.WriteString("\n  " + held.Type + " " + held.ID)
	}

	return lines.String()
}

// stackOf returns the stack whose run made the resource.
func stackOf(held account.Resource) string {
	if held.URN == "" {
		return ""
	}

	return resource.URN(held.URN).Stack().String()
}

// commit names what is checked out in the project's folder; it is empty outside of git.
func (s *Session) commit(ctx context.Context) string {
	describe := exec.CommandContext(ctx, "git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty")
	describe.Dir = s.options.Folders.Project

	name, err := describe.Output()
	if err != nil {
		return ""
	}

	return strings.TrimSpace(string(name))
}
