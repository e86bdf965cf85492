package launcher

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/page"
	"github.com/msur/platform/rehearsal/simulation/account"
)

// Up deploys the stack and writes a report. It first recovers from a killed run.
func (s *Session) Up(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	if err := s.operate(ctx, "up", "--yes"); err != nil {
		return err
	}

	return s.report(ctx)
}

// Preview shows the changes that Up would make, and fails if they would lose data.
func (s *Session) Preview(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	saved := s.file("plan")
	if err := makePrivate(saved); err != nil {
		return err
	}

	if err := s.operate(ctx, "preview", "--save-plan", saved); err != nil {
		return err
	}

	goals, err := plan.ReadGoals(saved)
	if err != nil {
		return err
	}

	// A refused plan is worth a report, too.
	written, file, err := s.writeReport(ctx, "preview", goals)
	if err != nil {
		return err
	}

	s.printf("%s", s.summary(written, file))

	return s.checkPlan()
}

// Refresh updates the state from the account.
func (s *Session) Refresh(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	return s.operate(ctx, "refresh", "--yes")
}

// Destroy deletes all resources of the stack, and verifies that none remains in the account.
func (s *Session) Destroy(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	if err := s.unprotect(ctx); err != nil {
		return err
	}

	if err := s.remember(); err != nil {
		return err
	}

	if err := s.operate(ctx, "destroy", "--yes"); err != nil {
		return err
	}

	if _, _, err := s.writeReport(ctx, "destroy", nil); err != nil {
		return err
	}

	return s.finish()
}

// finish verifies that the account contains nothing of a destroyed stack except resources that are kept on purpose.
func (s *Session) finish() error {
	if err := s.remember(); err != nil {
		return err
	}

	left, err := s.Orphans()
	if err != nil {
		return err
	}

	if len(left) > 0 {
		return fmt.Errorf("the account still contains %d resources of %s, which the state does not contain:%s",
			len(left), s.options.Stack, list(left))
	}

	s.reportLeftovers()

	kept := slices.DeleteFunc(s.account.Resources(), func(r account.Resource) bool { return !r.Kept || r.URN != "" })
	if len(kept) > 0 {
		s.printf("\nKept in the account on purpose:%s", list(kept))
	}

	s.printf("\nNothing else of %s remains, neither in the state nor in the account.", s.options.Stack)

	return nil
}

// begin creates the stack if it is new, recovers from a killed run, and builds the program.
func (s *Session) begin(ctx context.Context) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}

	s.introduce(settings)
	s.join(ctx)

	if err := errors.Join(s.checkAccount(), s.copyProject()); err != nil {
		return err
	}

	restored, err := s.restoreCheckpoint()
	if err != nil {
		return err
	}

	if err := s.makeStack(ctx); err != nil {
		return err
	}

	if err := s.remember(); err != nil {
		return err
	}

	if err := s.recover(ctx, restored); err != nil {
		return err
	}

	s.before, err = s.State()
	if err != nil {
		return err
	}

	built, err := s.build(ctx)
	if err != nil {
		return err
	}

	s.engine.environment = append(s.engine.environment, language.BuiltVariable+"="+built)

	return nil
}

// build builds the program, and prints a line if that takes long.
func (s *Session) build(ctx context.Context) (string, error) {
	if s.options.Built != "" {
		return s.options.Built, nil
	}

	notice := time.AfterFunc(3*time.Second, func() { s.printf("Building the program…") })
	defer notice.Stop()

	built, err := language.Build(ctx, s.project.program, s.options.Folders.programs(), s.options.Stderr)
	if err != nil {
		return "", fmt.Errorf("preparing %s: %w", s.options.Stack, err)
	}

	return built, nil
}

// operate runs an operation of the engine on the stack and records its events.
func (s *Session) operate(ctx context.Context, name string, flags ...string) error {
	if err := makePrivate(s.eventsFile()); err != nil {
		return err
	}

	args := append([]string{name, "--stack", s.options.Stack, "--event-log", s.eventsFile()}, flags...)

	err := s.engine.run(ctx, args...)
	if errors.Is(err, ErrEngine) {
		return fmt.Errorf("%s of %s failed: %w, then run `%s` again (the pulumi commands in them work in `make shell`)",
			name, s.options.Stack, err, s.options.command(name))
	}

	if err != nil {
		return fmt.Errorf("%s of %s: %w", name, s.options.Stack, err)
	}

	return nil
}

// report writes the report of an `up`, and prints a table of the resources and the commands to try next.
func (s *Session) report(ctx context.Context) error {
	written, file, err := s.writeReport(ctx, "up", nil)
	if err != nil {
		return err
	}

	s.printf("\n%s", written.Table())

	if len(written.Changes) == 0 {
		s.printf("Nothing changed: %s was up to date.\n", s.options.Stack)
	}

	s.printf("%s\n%s", s.summary(written, file), nextCommands(s.options))

	return nil
}

// summary returns the time, the cost and the file of a report.
func (s *Session) summary(written *report.Report, file string) string {
	if short, err := filepath.Rel(s.options.Folders.Project, file); err == nil {
		file = short
	}

	return written.Summary() + "Report: " + file + "\n"
}

// writeReport writes the report of an operation, and returns it with its page. The goals of a preview are what the
// program wants.
func (s *Session) writeReport(ctx context.Context, operation string, goals plan.Goals) (*report.Report, string, error) {
	known, err := s.State()
	if err != nil {
		return nil, "", err
	}

	events, err := s.events()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}

	operations := lastOperation(events)
	run := report.Run{
		Stack: s.options.Stack, Operation: operation, Commit: s.commit(ctx), Before: s.before, After: known,
		Steps: plan.Of(operations), Changes: lastSummary(events), Outputs: known.Outputs(), Assumptions: s.assumptions,
		Base: s.base, Repository: os.DirFS(repository(s.options.Folders.Project)), Now: time.Now(),
	}

	if operation == "preview" {
		run.After = plan.Result(known, operations, goals)
	}

	folder := filepath.Join(s.options.Folders.Out, s.options.Stack)
	// There may be none, or one of an earlier version. After a destroy, everything would differ.
	last, err := report.Read(filepath.Join(folder, "report.json"))
	if err == nil && last.Operation != "destroy" {
		run.Last = last
	}

	written := report.New(run)
	if _, err := written.Write(folder); err != nil {
		return nil, "", err
	}

	file, err := page.Write(written, folder)

	return written, file, err
}

// repository returns the folder of the repository that contains a project, or the project's folder outside of git.
func repository(project string) string {
	for folder := project; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, ".git")); err == nil {
			return folder
		}

		if folder == filepath.Dir(folder) {
			return project
		}
	}
}

// printf prints a line to the user.
func (s *Session) printf(format string, args ...any) {
	fmt.Fprintf(s.options.Stdout, format+"\n", args...)
}
