package launcher

import (
	"context"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// command returns what the user types to run a command on the stack.
func (o Options) command(name string) string {
	switch {
	case o.Make != "":
		return o.Make + name
	case o.Stack != DefaultStack:
		return "make " + name + " STACK=" + o.Stack
	}

	return "make " + name
}

// nextCommands lists commands to try after `up`.
func nextCommands(options Options) string {
	return strings.Join([]string{
		"Next:",
		"  " + options.command("preview") + "   show what `up` would change: nothing until you edit " +
			stackFile(options.Stack),
		"  " + options.command("shell") + "     open a shell in which pulumi uses this rehearsal",
		"  " + options.command("destroy") + "   delete everything",
	}, "\n")
}

// list formats resources, each on a line of its own that starts with a line break.
func list(resources []account.Resource) string {
	var lines strings.Builder
	for _, held := range resources {
		lines.WriteString("\n  " + held.Type + " " + held.ID)
	}

	return lines.String()
}

// stackOf returns the stack that created a resource.
func stackOf(held account.Resource) string {
	if held.URN == "" {
		return ""
	}

	return resource.URN(held.URN).Stack().String()
}

// commit returns the commit that is checked out in the project's folder, or "" outside of git.
func (s *Session) commit(ctx context.Context) string {
	describe := exec.CommandContext(ctx, "git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty")
	describe.Dir = s.options.Folders.Project

	name, err := describe.Output()
	if err != nil {
		return ""
	}

	return strings.TrimSpace(string(name))
}
