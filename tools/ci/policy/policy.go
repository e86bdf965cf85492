// Package policy holds what is true of every workflow here, whoever writes the next one: row A6 of the score card, and
// what keeps words of strangers from being run.
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

// checker collects what is wrong with one workflow.
type checker struct {
	workflow *actionlint.Workflow
	lines    []string
	problems []error
}

// Check tells everything that is wrong with a workflow, a line each.
func Check(text []byte) error {
	workflow, syntax := actionlint.Parse(text)

	problems := make([]error, 0, len(syntax))
	for _, one := range syntax {
		problems = append(problems, one)
	}

	if len(problems) > 0 {
		return errors.Join(problems...)
	}

	c := &checker{workflow: workflow, lines: strings.Split(string(text), "\n")}
	c.whole()

	for _, name := range slices.Sorted(maps.Keys(workflow.Jobs)) {
		c.job(workflow.Jobs[name])
	}

	return errors.Join(c.problems...)
}

// wrongf notes a problem and where it is.
func (c *checker) wrongf(line int, format string, values ...any) {
	c.problems = append(c.problems, fmt.Errorf("line %d: %w", line, fmt.Errorf(format, values...)))
}

// whole looks at what stands above the jobs, and at every expression.
func (c *checker) whole() {
	w := c.workflow

	if w.Permissions == nil || w.Permissions.All != nil || len(w.Permissions.Scopes) > 0 {
		c.wrongf(1, "permissions: want {} for the workflow, and each job's own")
	}

	if c.on("pull_request_target") {
		c.wrongf(1, "on: got pull_request_target, which gives strangers' code our rights; see comment.yml for the other way")
	}

	if w.Defaults != nil {
		c.wrongf(1, "defaults: want none: a step is a target or a script, and reads so")
	}

	c.expressions()
}

// on reports whether an event starts the workflow.
func (c *checker) on(name string) bool {
	return slices.ContainsFunc(c.workflow.On, func(event actionlint.Event) bool { return event.EventName() == name })
}

// job looks at what a job may do, and for how long.
func (c *checker) job(job *actionlint.Job) {
	line := job.Pos.Line

	switch {
	case job.WorkflowCall != nil:
		c.wrongf(line, "uses: want steps: what is called has rights of its own")
	case job.Permissions == nil || job.Permissions.All != nil:
		c.wrongf(line, "permissions: want them by name, as contents: read")
	}

	if job.TimeoutMinutes == nil {
		c.wrongf(line, "timeout-minutes: want one: without, a job that hangs costs six hours")
	}

	if job.Concurrency == nil && c.workflow.Concurrency == nil {
		c.wrongf(line, "concurrency: want a group, for the job or for the workflow")
	}

	c.deploys(job)
	c.plans(job)

	for _, step := range job.Steps {
		c.step(job, step)
	}
}

// deploys wants a deployment to be alone in its environment, and never to be cut off.
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
		c.wrongf(job.Pos.Line, "concurrency: want the group %s and cancel-in-progress: false, for it deploys there", name)
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

// run wants one thing that can be run on a laptop too, and that is tested here.
func (c *checker) run(line int, exec *actionlint.ExecRun) {
	one := regexp.MustCompile(`^(make [a-z0-9-]+|tools/(ci/)?[a-z-]+\.sh)$`)
	if !one.MatchString(exec.Run.Value) {
		c.wrongf(line, "run: got %q, want one target of make or one script, without arguments: what it needs is in env",
			exec.Run.Value)
	}

	if exec.Shell != nil || exec.WorkingDirectory != nil {
		c.wrongf(line, "run: want neither shell nor working-directory")
	}
}

// action wants what is used to be what was looked at: a tag can be moved, a commit cannot.
func (c *checker) action(job *actionlint.Job, exec *actionlint.ExecAction) {
	line := exec.Uses.Pos.Line
	pinned := regexp.MustCompile(`uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

	if !pinned.MatchString(c.lines[line-1]) {
		c.wrongf(line, "uses: got %s, want a full commit and its version beside it: owner/name@<40 digits> # v1.2.3",
			strings.TrimSpace(c.lines[line-1]))
	}

	if exec.Inputs["script"] != nil {
		c.wrongf(line, "script: want a script of this repository, which is tested")
	}

	if strings.HasPrefix(exec.Uses.Value, "actions/checkout@") {
		c.checkout(job, line, exec)
	}
}

// checkout leaves the token on the disk unless it is told not to, for whatever runs next.
func (c *checker) checkout(job *actionlint.Job, line int, exec *actionlint.ExecAction) {
	c.pushes(job, line, exec)

	if exec.Inputs["allow-unsafe-pr-checkout"] != nil {
		c.wrongf(line, "allow-unsafe-pr-checkout: want it left out")
	}

	if c.on("workflow_run") && (exec.Inputs["ref"] != nil || exec.Inputs["repository"] != nil) {
		c.wrongf(line, "ref, repository: want neither after a run of strangers' code: only the main branch is ours")
	}
}

// pushes wants whatever pushes to do it with the key that an environment hands out. Branches that the job's token may
// push to are open to whoever may push any branch, with a workflow of his own in it.
func (c *checker) pushes(job *actionlint.Job, line int, exec *actionlint.ExecAction) {
	persist, key := exec.Inputs["persist-credentials"], exec.Inputs["ssh-key"]

	switch {
	case persist == nil:
		c.wrongf(line, "persist-credentials: want it said: false, unless the job pushes")
	case persist.Value.Value == "true" && (key == nil || key.Value.Value != deployKey):
		c.wrongf(line, "persist-credentials: got true without ssh-key: %s", deployKey)
	}

	if key != nil && job.Environment == nil {
		c.wrongf(line, "ssh-key: want an environment for the job, which says who gets the key")
	}
}
