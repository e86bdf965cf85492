package launcher

import (
	"context"
	"fmt"
	"strings"
)

// protectSetting returns the setting that protects the resources of a project's stacks.
func protectSetting(project string) string {
	if project == "bootstrap" {
		return "bootstrap:state.protect"
	}

	return "platform:environment.protect"
}

// unprotect prepares a protected stack for a destroy: it fails unless CONFIRM names the stack. It then removes the
// protection as a user would, with the setting and an update.
func (s *Session) unprotect(ctx context.Context) error {
	protected, err := s.protected()
	if err != nil || len(protected) == 0 {
		return err
	}

	setting := protectSetting(s.project.name)

	if s.options.Confirm != s.options.Stack {
		return fmt.Errorf("%[1]s is protected: a destroy would delete %[2]s. Nothing was changed.\n"+
			"To remove the protection, run these commands before the destroy:\n"+
			"  pulumi config set --stack %[1]s --path %[3]s false\n"+
			"  pulumi up --stack %[1]s\n"+
			"In the rehearsal, `%[4]s CONFIRM=%[1]s` does all of this",
			s.options.Stack, strings.Join(protected, ", "), setting, s.options.command("destroy"))
	}

	s.printf("Removing the protection of %s: setting %s to false, then `up`.\n", s.options.Stack, setting)

	_, err = s.engine.quietly(ctx, nil, "config", "set", "--stack", s.options.Stack, "--path", setting, "false")
	if err != nil {
		return fmt.Errorf("removing the protection of %s: %w", s.options.Stack, err)
	}

	return s.operate(ctx, "up", "--yes")
}

// protected returns the names of the protected resources.
func (s *Session) protected() ([]string, error) {
	known, err := s.State()
	if err != nil {
		return nil, err
	}

	var names []string

	for _, r := range known.Resources {
		if r.Protect {
			names = append(names, r.URN.Name())
		}
	}

	return names, nil
}
