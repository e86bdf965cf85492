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

// laptop is what all services share.
type laptop struct {
	front    *front.Front
	log      *process.Log
	services []*service

	// waiting are those that have not been up yet; then welcome is printed.
	mutex   sync.Mutex
	waiting map[string]bool
	welcome string
}

// service is one of them.
type service struct {
	*laptop
	chart.Service

	run    chart.Run
	binary string
	// variables come before those of the chart.
	variables []string
	// database is what its migration changes.
	database stores.Store
	// watched are the folders of its code.
	watched []string
}

func newLaptop(found []chart.Service, with stores.Stores, address, built string) (*laptop, error) {
	l := &laptop{front: front.New(), waiting: make(map[string]bool)}

	width := 0
	welcome := []string{"", "Everything is up at " + address + ". Ctrl-C stops it. Paste one of these:", ""}

	for _, one := range found {
		run, err := one.Render(with)
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

		s := &service{
			laptop: l, Service: one, run: run, binary: filepath.Join(built, one.Name), database: with["mysql"],
			watched: []string{
				filepath.Join(one.Folder, "service"), filepath.Join(one.Folder, "api"),
				filepath.Join(filepath.Dir(one.Folder), "chassis"),
			},
		}
		for _, store := range one.Needs {
			s.variables = append(s.variables, with[store].Variables...)
		}

		welcome = append(welcome, examples...)
		width = max(width, len(s.Name))
		l.waiting[s.Name] = true
		l.services = append(l.services, s)
	}

	l.log = process.NewLog(os.Stdout, width)
	l.welcome = strings.Join(append(welcome, ""), "\n")

	return l, nil
}

// up tells that a service answers at host:port, and says how to ask once all do.
func (l *laptop) up(name, address string) {
	l.front.Up(name, address)

	l.mutex.Lock()
	defer l.mutex.Unlock()

	if l.waiting[name] {
		delete(l.waiting, name)

		if len(l.waiting) == 0 {
			l.log.Print(l.welcome)
		}
	}
}

// loop builds and starts the service, and does it again whenever its code changes. What cannot be built leaves the one
// that runs alone.
func (s *service) loop(ctx context.Context) error {
	stop := func() {}
	defer func() { stop() }()

	for ctx.Err() == nil {
		seen, err := process.See(s.watched...)
		if err != nil {
			return err
		}

		s.log.Printf(s.Name, "building")

		if s.build(ctx) {
			stop()
			stop = s.start(ctx)
		}

		if process.Changed(ctx, seen, s.watched...) == nil {
			s.log.Printf(s.Name, "the code has changed")
		}
	}

	return nil
}

// build tells whether that worked.
func (s *service) build(ctx context.Context) bool {
	build := exec.CommandContext(ctx, "go", "build", "-o", s.binary, ".")
	build.Dir = s.watched[0]

	text, err := build.CombinedOutput()
	if err == nil || ctx.Err() != nil {
		return err == nil
	}

	for line := range strings.Lines(string(text)) {
		s.log.Printf(s.Name, "%s", strings.TrimSuffix(line, "\n"))
	}

	s.log.Printf(s.Name, "building failed (%v): it is tried again when the code changes", err)

	return false
}

// start runs the migration, the sample and the service, one after the other, until the function that it returns is
// called, which waits for their end.
func (s *service) start(ctx context.Context) func() {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})

	go func() {
		defer close(done)
		defer s.front.Up(s.Name, "")

		if err := s.inOrder(ctx); ctx.Err() == nil {
			s.log.Printf(s.Name, "it ended (%v): it is started again when the code changes", err)
		}
	}()

	return func() {
		cancel()
		<-done
	}
}

func (s *service) inOrder(ctx context.Context) error {
	if s.run.Migrate.Args != nil {
		if err := s.prepare(ctx); err != nil {
			return err
		}
	}

	return s.command(ctx, s.run.Serve, s.listening)
}

// prepare migrates the database and puts the sample into it. A real one is somebody's: it gets no sample, and is
// migrated only where its admin is named.
func (s *service) prepare(ctx context.Context) error {
	if !s.database.Administered() {
		s.log.Printf(s.Name, "the database is taken as it is: it is migrated where MYSQL_ADMIN_USER says as whom")

		return nil
	}

	if err := s.command(ctx, s.run.Migrate, ignore); err != nil || !s.database.Embedded() {
		return err
	}

	// The sample is for whoever has one: the chart says nothing of it.
	sample := chart.Command{Args: []string{"seed"}, Environ: s.run.Migrate.Environ}

	err := s.command(ctx, sample, ignore)
	if ended, is := errors.AsType[*exec.ExitError](err); is && ended.ExitCode() == command.Misused {
		return nil
	}

	return err
}

func ignore([]byte) {}

// listening reads where the service listens from its log.
func (s *service) listening(line []byte) {
	var event struct {
		Message string `json:"msg"`
		Address string `json:"address"`
	}

	if json.Unmarshal(line, &event) != nil || event.Message != "listening" {
		return
	}

	if _, port, err := net.SplitHostPort(event.Address); err == nil {
		s.up(s.Name, net.JoinHostPort(loopback, port))
	}
}

func (s *service) command(ctx context.Context, what chart.Command, watch func([]byte)) error {
	program := process.Program{
		Name: s.Name, Path: s.binary, Args: what.Args,
		Environ: environ(os.Environ(), what.Environ, s.variables),
	}

	if err := program.Run(ctx, s.log, watch); err != nil {
		return fmt.Errorf("%s %s: %w", s.Name, strings.Join(what.Args, " "), err)
	}

	return nil
}
