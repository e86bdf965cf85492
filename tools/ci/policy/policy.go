// Package policy checks rules of our own that every workflow must satisfy, such as protection against running input
// from strangers. Control A6 of the score card, in rehearsal/controls, checks permissions and pinned actions.
package policy

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

// checker collects the problems of one workflow.
type checker struct {
	workflow *actionlint.Workflow
	lines    []string
	problems []error
}

// Check returns all problems of a workflow, one per line.
func Check(text []byte) error {
	workflow, syntax := actionlint.Parse(text)

	problems := make([]error, 0, len(syntax))
	for _, problem := range syntax {
		problems = append(problems, problem)
	}

	if len(problems) > 0 {
		return errors.Join(problems...)
	}

	c := &checker{workflow: workflow, lines: strings.Split(string(text), "\n")}
	c.top()

	for _, name := range slices.Sorted(maps.Keys(workflow.Jobs)) {
		c.job(workflow.Jobs[name])
	}

	return errors.Join(c.problems...)
}

// problemf adds a problem and its line.
func (c *checker) problemf(line int, format string, values ...any) {
	c.problems = append(c.problems, fmt.Errorf("line %d: %w", line, fmt.Errorf(format, values...)))
}

// top checks the part of the workflow above the jobs, and all expressions.
func (c *checker) top() {
	if c.workflow.Defaults != nil {
		c.problemf(1, "defaults are not allowed: a step must be readable on its own")
	}

	c.expressions()
}

// on reports whether an event starts the workflow.
func (c *checker) on(name string) bool {
	return slices.ContainsFunc(c.workflow.On, func(event actionlint.Event) bool { return event.EventName() == name })
}

// job checks the limits of a job, and its steps.
func (c *checker) job(job *actionlint.Job) {
	line := job.Pos.Line

	if job.WorkflowCall != nil {
		c.problemf(line, "reusable workflows are not allowed: they have permissions of their own; use steps")
	}

	if job.TimeoutMinutes == nil {
		c.problemf(line, "timeout-minutes is missing: a job that hangs would run for six hours")
	}

	if job.Concurrency == nil && c.workflow.Concurrency == nil {
		c.problemf(line, "concurrency is missing: set a group for the job or the workflow")
	}

	c.deploys(job)
	c.plans(job)

	for _, step := range job.Steps {
		c.step(job, step)
	}
}

// deploys checks that deployments to one environment never overlap and are never cancelled.
func (c *checker) deploys(job *actionlint.Job) {
	if job.Environment == nil {
		return
	}

	group := job.Concurrency
	if group == nil {
		group = c.workflow.Concurrency
	}

	name := job.Environment.Name.Value

	if group == nil || group.Group.Value != name || group.CancelInProgress == nil || group.CancelInProgress.Value ||
		group.CancelInProgress.Expression != nil {
		c.problemf(job.Pos.Line, "a job with an environment needs concurrency group %s and cancel-in-progress: false", name)
	}
}

func (c *checker) step(job *actionlint.Job, step *actionlint.Step) {
	switch exec := step.Exec.(type) {
	case *actionlint.ExecRun:
		c.run(step.Pos.Line, exec)
	case *actionlint.ExecAction:
		c.action(job, exec)
	}
}

// run checks that a step runs one target or one script, which also run on a laptop and are tested here.
func (c *checker) run(line int, exec *actionlint.ExecRun) {
	command := regexp.MustCompile(`^(make [a-z0-9-]+|tools/(ci/)?[a-z-]+\.sh)$`)
	if !command.MatchString(exec.Run.Value) {
		c.problemf(line, "run is %q, expected one make target or one script of tools, without arguments: pass values in env",
			exec.Run.Value)
	}

	if exec.Shell != nil || exec.WorkingDirectory != nil {
		c.problemf(line, "shell and working-directory are not allowed")
	}
}

// action checks the inputs of an action.
func (c *checker) action(job *actionlint.Job, exec *actionlint.ExecAction) {
	line := exec.Uses.Pos.Line

	if exec.Inputs["script"] != nil {
		c.problemf(line, "inline scripts are not allowed: use a script of tools, which is tested")
	}

	if strings.HasPrefix(exec.Uses.Value, "actions/checkout@") {
		c.checkout(job, line, exec)
	}
}

// checkout checks that a checkout does not leave credentials on the disk for later steps.
func (c *checker) checkout(job *actionlint.Job, line int, exec *actionlint.ExecAction) {
	c.pushes(job, line, exec)

	if exec.Inputs["allow-unsafe-pr-checkout"] != nil {
		c.problemf(line, "allow-unsafe-pr-checkout is not allowed")
	}

	if c.on("workflow_run") && (exec.Inputs["ref"] != nil || exec.Inputs["repository"] != nil) {
		c.problemf(line, "ref and repository are not allowed after a run of strangers' code: check out the main branch")
	}
}

// pushes checks that a job pushes with the deploy key of an environment. If the job's token could push to a branch, so
// could anyone who pushes another branch with a workflow in it.
func (c *checker) pushes(job *actionlint.Job, line int, exec *actionlint.ExecAction) {
	persist, key := exec.Inputs["persist-credentials"], exec.Inputs["ssh-key"]

	switch {
	case persist == nil:
		c.problemf(line, "persist-credentials is missing: set it to false unless the job pushes")
	case persist.Value.Value == "true" && (key == nil || key.Value.Value != deployKey):
		c.problemf(line, "persist-credentials: true needs ssh-key: %s", deployKey)
	}

	if key != nil && job.Environment == nil {
		c.problemf(line, "ssh-key needs an environment for the job, which protects the key")
	}
}
