package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/msur/platform/apps/chassis/command"

	"github.com/msur/platform/apps/dev/chart"
	"github.com/msur/platform/apps/dev/front"
	"github.com/msur/platform/apps/dev/process"
	"github.com/msur/platform/apps/dev/requests"
	"github.com/msur/platform/apps/dev/stores"
)

// laptop runs all services.
type laptop struct {
	front    *front.Front
	log      *process.Log
	services []*service

	// waiting counts the services that have not listened yet. Then welcome is printed.
	waiting sync.WaitGroup
	welcome string
}

// service is one service.
type service struct {
	*laptop
	chart.Service

	run    chart.Run
	binary string
	// variables override those of the chart.
	variables []string
	// database is the database that its migration changes.
	database stores.Store
	// watched are the folders with its code.
	watched []string
	// listened is called when the service listens.
	listened func()
}

func newLaptop(found []chart.Service, opened stores.Stores, address, built string) (*laptop, error) {
	l := &laptop{front: front.New()}

	width := 0
	welcome := []string{"", "Every service is running at " + address + ". Press Ctrl-C to stop. Requests to try:", ""}

	for _, one := range found {
		run, err := one.Render(opened)
		if err != nil {
			return nil, err
		}

		for _, path := range run.Paths {
			if err := l.front.Route(path, one.Name); err != nil {
				return nil, err
			}
		}

		examples, err := requests.Curl(filepath.Join(one.Folder, "api", "openapi.yaml"), address, run.Paths)
		if err != nil {
			return nil, err
		}

		l.waiting.Add(1)

		s := &service{
			laptop: l, Service: one, run: run, binary: filepath.Join(built, one.Name), database: opened["mysql"],
			watched: []string{
				filepath.Join(one.Folder, "service"), filepath.Join(one.Folder, "api"),
				filepath.Join(filepath.Dir(one.Folder), "chassis"),
			},
			listened: sync.OnceFunc(l.waiting.Done),
		}
		for _, store := range one.Needs {
			s.variables = append(s.variables, opened[store].Variables...)
		}

		welcome = append(welcome, examples...)
		width = max(width, len(s.Name))
		l.services = append(l.services, s)
	}

	l.log = process.NewLog(os.Stdout, width)
	l.welcome = strings.Join(append(welcome, ""), "\n")

	return l, nil
}

// loop builds and starts the service, and again whenever its code changes. After a failed build, the running service
// stays.
func (s *service) loop(ctx context.Context) error {
	stop := func() {}
	defer func() { stop() }()

	running := false

	for ctx.Err() == nil {
		seen, err := process.See(s.watched...)
		if err != nil {
			return err
		}

		s.log.Printf(s.Name, "building")

		if s.build(ctx) {
			stop()
			stop, running = s.start(ctx), true
		} else if !running {
			s.front.Stopped(s.Name)
		}

		if process.Changed(ctx, seen, s.watched...) == nil {
			s.log.Printf(s.Name, "the code has changed")
		}
	}

	return nil
}

// build reports whether the build succeeded.
func (s *service) build(ctx context.Context) bool {
	build := exec.CommandContext(ctx, "go", "build", "-o", s.binary, ".")
	build.Dir = s.watched[0]

	output := &process.Output{Log: s.log, Name: s.Name, Watch: ignore}
	build.Stdout, build.Stderr = output, output

	err := build.Run()
	if err == nil || ctx.Err() != nil {
		return err == nil
	}

	s.log.Printf(s.Name, "the build failed (%v): the next change of the code builds again", err)

	return false
}

// start runs the migration, inserts the sample, and runs the service. The function that it returns stops all of it, and
// waits until it has stopped.
func (s *service) start(ctx context.Context) func() {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})

	s.front.Starting(s.Name)

	go func() {
		defer close(done)
		defer s.front.Stopped(s.Name)

		err := s.prepare(ctx)
		if err == nil {
			err = s.command(ctx, s.run.Serve, s.listening)
		}

		if ctx.Err() == nil {
			s.log.Printf(s.Name, "the service ended (%v): the next change of the code starts it again", err)
		}
	}()

	return func() {
		cancel()
		<-done
	}
}

// prepare migrates the database, if there is one, and inserts the sample. A real database gets no sample, and is
// migrated only if the variables name its admin.
func (s *service) prepare(ctx context.Context) error {
	if s.run.Migrate.Args == nil {
		return nil
	}

	if !s.database.Administered() {
		s.log.Printf(s.Name, "the database is not migrated: set MYSQL_ADMIN_USER to migrate it")

		return nil
	}

	if err := s.command(ctx, s.run.Migrate, ignore); err != nil || !s.database.Embedded() {
		return err
	}

	// The chart does not tell whether the service has a sample. It inserts none beside rows of the user's own.
	sample := chart.Command{Args: []string{"seed"}, Environ: s.run.Migrate.Environ}

	err := s.command(ctx, sample, ignore)
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		if ended.ExitCode() != command.Misused {
			s.log.Printf(s.Name, "the database has no sample: its log above says why")
		}

		return nil
	}

	return err
}

func ignore([]byte) {}

// listening reads the address of the service from a line of its log.
func (s *service) listening(line []byte) {
	var event struct {
		Message string `json:"msg"`
		Address string `json:"address"`
	}

	if json.Unmarshal(line, &event) != nil || event.Message != "listening" {
		return
	}

	if _, port, err := net.SplitHostPort(event.Address); err == nil {
		s.front.Up(s.Name, net.JoinHostPort(loopback, port))
		s.listened()
	}
}

func (s *service) command(ctx context.Context, command chart.Command, watch func([]byte)) error {
	output := &process.Output{Log: s.log, Name: s.Name, Watch: watch}
	environ := environ(os.Environ(), command.Environ, s.variables)

	if err := process.Run(ctx, output, environ, s.binary, command.Args...); err != nil {
		return fmt.Errorf("%s %s: %w", s.Name, strings.Join(command.Args, " "), err)
	}

	return nil
}
