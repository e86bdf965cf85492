package launcher

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
)

// Up brings the stack up: it recovers what a killed run left, runs the program, and reports.
func (s *Session) Up(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	if err := s.engine.run(ctx, s.operation("up", "--yes")...); err != nil {
		return fmt.Errorf("%s is not up: %w", s.options.Stack, err)
	}

	return s.report(ctx)
}

// Preview tells what Up would do.
func (s *Session) Preview(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	if err := s.engine.run(ctx, s.operation("preview")...); err != nil {
		return fmt.Errorf("%s has no preview: %w", s.options.Stack, err)
	}

	// The plan is worth a look, above all where it is refused.
	if _, err := s.writeReport(ctx, "preview"); err != nil {
		return err
	}

	return s.checkPlan()
}

// Refresh takes into the state what the account holds.
func (s *Session) Refresh(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	if err := s.engine.run(ctx, s.operation("refresh", "--yes")...); err != nil {
		return fmt.Errorf("%s is not refreshed: %w", s.options.Stack, err)
	}

	return nil
}

// Destroy deletes whatever the stack holds, and makes sure that the account holds nothing of it either.
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

	if err := s.engine.run(ctx, s.operation("destroy", "--yes")...); err != nil {
		return fmt.Errorf("%s is not destroyed: %w", s.options.Stack, err)
	}

	if _, err := s.writeReport(ctx, "destroy"); err != nil {
		return err
	}

	return s.finish()
}

// finish makes sure that the account holds nothing of a stack that is destroyed but what is kept, and says so.
func (s *Session) finish() error {
	if err := s.remember(); err != nil {
		return err
	}

	left, err := s.Orphans()
	if err != nil {
		return err
	}

	if len(left) > 0 {
		return fmt.Errorf("the account still holds %d resources of %s that its state does not know:%s",
			len(left), s.options.Stack, listed(left))
	}

	s.reportLeftovers()

	if kept := s.keptNow(); len(kept) > 0 {
		s.sayf("\nKept in the account on purpose:%s", listed(kept))
	}

	s.sayf("\nNothing else of %s is left, neither in the state nor in the account.", s.options.Stack)

	return nil
}

// begin makes the stack where it is new, mends what a killed run left, and builds the program.
func (s *Session) begin(ctx context.Context) error {
	if err := s.copyProject(); err != nil {
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

	built, err := s.build(ctx)
	if err != nil {
		return err
	}

	s.engine.environment = append(s.engine.environment, language.BuiltVariable+"="+built)

	return nil
}

// build builds the program, and says so where it takes a while.
func (s *Session) build(ctx context.Context) (string, error) {
	if s.options.Built != "" {
		return s.options.Built, nil
	}

	const while = 3 * time.Second

	patience := time.AfterFunc(while, func() { s.sayf("Building the program…") })
	defer patience.Stop()

	built, err := language.Build(ctx, s.project.program, s.options.Folders.programs(), s.options.Stderr)
	if err != nil {
		return "", fmt.Errorf("before the engine starts: %w", err)
	}

	return built, nil
}

// operation is the command line of an engine operation on the stack, with the engine's events to be read
// afterwards.
func (s *Session) operation(name string, flags ...string) []string {
	return append([]string{name, "--stack", s.options.Stack, "--event-log", s.eventsFile()}, flags...)
}

// report writes the report of what is up, and tells the user what there is, and what to try next.
func (s *Session) report(ctx context.Context) error {
	file, err := s.writeReport(ctx, "up")
	if err != nil {
		return err
	}

	written, err := report.Read(file)
	if err != nil {
		return fmt.Errorf("reporting on %s: %w", s.options.Stack, err)
	}

	s.sayf("\n%s", written.Table())

	if len(written.Changes) == 0 {
		s.sayf("Nothing changed: %s was up already.\n", s.options.Stack)
	}

	if short, err := filepath.Rel(s.options.Folders.Project, file); err == nil {
		file = short
	}

	s.sayf("%s", nextCommands(s.options, file))

	return nil
}

// writeReport writes the report of an operation, and returns its file.
func (s *Session) writeReport(ctx context.Context, operation string) (string, error) {
	known, err := s.State()
	if err != nil {
		return "", err
	}

	events, err := s.events()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}

	written := report.New(report.Run{
		Stack: s.options.Stack, Operation: operation, Commit: s.commit(ctx), State: known,
		Steps: plan.Of(lastOperation(events)), Changes: lastSummary(events), Now: time.Now(),
	})

	file, err := written.Write(filepath.Join(s.options.Folders.Out, s.options.Stack))
	if err != nil {
		return "", fmt.Errorf("reporting on %s: %w", s.options.Stack, err)
	}

	return file, nil
}

// sayf prints a line to the user.
func (s *Session) sayf(format string, args ...any) {
	fmt.Fprintf(s.options.Stdout, format+"\n", args...)
}
