package policy

import (
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

// plans wants whatever the engine is about to do to a stack to be looked at, for what it would lose: before `up`, and
// beside a preview.
func (c *checker) plans(job *actionlint.Job) {
	for i, step := range job.Steps {
		exec, is := step.Exec.(*actionlint.ExecAction)
		if !is || !strings.HasPrefix(exec.Uses.Value, "pulumi/actions@") {
			continue
		}

		look := looksAt(value(exec.Inputs["stack-name"]))

		switch command := value(exec.Inputs["command"]); command {
		case "":
		case "preview":
			if !slices.ContainsFunc(job.Steps, look) {
				c.wrongf(step.Pos.Line, "command: got preview, want tools/ci/check-plan.sh in the job, with the stack as STACK")
			}
		case "up":
			if !slices.ContainsFunc(job.Steps[:i], look) {
				c.wrongf(step.Pos.Line, "command: got up, want tools/ci/check-plan.sh before it, with the stack as STACK")
			}
		default:
			c.wrongf(step.Pos.Line, "command: got %s, want preview or up", command)
		}
	}
}

// looksAt finds the step that fails where a stack's plan would lose data.
func looksAt(stack string) func(*actionlint.Step) bool {
	return func(step *actionlint.Step) bool {
		exec, is := step.Exec.(*actionlint.ExecRun)
		if !is || exec.Run.Value != "tools/ci/check-plan.sh" || step.If != nil || step.ContinueOnError != nil || step.Env == nil {
			return false
		}

		told := step.Env.Vars["stack"]

		return told != nil && told.Value.Value == stack
	}
}

// value is what an action is given as an input; empty without one.
func value(input *actionlint.Input) string {
	if input == nil {
		return ""
	}

	return input.Value.Value
}
