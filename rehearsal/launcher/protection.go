package launcher

import (
	"context"
	"fmt"
	"strings"
)

// protectSetting gives up the protection of whatever a project's stacks protect: of an environment, or of an account.
func protectSetting(project string) string {
	if project == "bootstrap" {
		return "bootstrap:state.protect"
	}

	return "platform:environment.protect"
}

// unprotect makes sure that nothing stands in the way of a destroy. It gives protection up where CONFIRM names the
// stack, in the way that a person does: by the setting, and an up.
func (s *Session) unprotect(ctx context.Context) error {
	protected, err := s.protected()
	if err != nil || len(protected) == 0 {
		return err
	}

	setting := protectSetting(s.project.name)

	if s.options.Confirm != s.options.Stack {
		return fmt.Errorf("%[1]s is protected, and nothing was touched: %[2]s would go. To give that up:\n"+
			"  pulumi config set --stack %[1]s --path %[3]s false\n"+
			"  pulumi up --stack %[1]s\n"+
			"and then destroy. In the rehearsal, `%[4]s CONFIRM=%[1]s` does all of it",
			s.options.Stack, strings.Join(protected, ", "), setting, s.options.making("destroy"))
	}

	s.sayf("Giving up the protection of %s: %s false, and up.\n", s.options.Stack, setting)

	_, err = s.engine.quietly(ctx, nil, "config", "set", "--stack", s.options.Stack, "--path", setting, "false")
	if err != nil {
		return fmt.Errorf("giving up the protection of %s: %w", s.options.Stack, err)
	}

	if err := s.engine.run(ctx, s.operation("up", "--yes")...); err != nil {
		return fmt.Errorf("the protection of %s is not given up: %w", s.options.Stack, err)
	}

	return nil
}

// protected are the names of what the engine refuses to delete.
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
