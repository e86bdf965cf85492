package policy

import (
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

// plans checks that tools/ci/check-plan.sh, which fails for a plan that loses data, runs before each `up` and in each
// job with a preview.
func (c *checker) plans(job *actionlint.Job) {
	for i, step := range job.Steps {
		exec, ok := step.Exec.(*actionlint.ExecAction)
		if !ok || !strings.HasPrefix(exec.Uses.Value, "pulumi/actions@") {
			continue
		}

		checks := checksPlan(value(exec.Inputs["stack-name"]))

		switch command := value(exec.Inputs["command"]); command {
		case "":
		case "preview":
			if !slices.ContainsFunc(job.Steps, checks) {
				c.problemf(step.Pos.Line, "a preview needs a step tools/ci/check-plan.sh in its job, with the stack as STACK")
			}
		case "up":
			if !slices.ContainsFunc(job.Steps[:i], checks) {
				c.problemf(step.Pos.Line, "an up needs a step tools/ci/check-plan.sh before it, with the stack as STACK")
			}
		default:
			c.problemf(step.Pos.Line, "command is %q, expected preview or up", command)
		}
	}
}

// checksPlan returns a function that reports whether a step checks the plan of a stack.
func checksPlan(stack string) func(*actionlint.Step) bool {
	return func(step *actionlint.Step) bool {
		exec, ok := step.Exec.(*actionlint.ExecRun)
		if !ok || exec.Run.Value != "tools/ci/check-plan.sh" || step.If != nil || step.ContinueOnError != nil ||
			step.Env == nil {
			return false
		}

		variable := step.Env.Vars["stack"] // actionlint lower-cases the names

		return variable != nil && variable.Value.Value == stack
	}
}

// value returns an action's input, or "".
func value(input *actionlint.Input) string {
	if input == nil {
		return ""
	}

	return input.Value.Value
}
