package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	tick = 50 * time.Millisecond
	// patience covers a build of both services from empty caches.
	patience = 5 * time.Minute
	soon     = 30 * time.Second
)

// program is the executable, built once.
var program string

func TestMain(m *testing.M) { os.Exit(tests(m)) }

func tests(m *testing.M) int {
	folder, err := os.MkdirTemp("", "dev")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)

	program = filepath.Join(folder, "dev")
	build := exec.Command("go", "build", "-o", program, ".")

	if text, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("building: %v\n%s", err, text))
	}

	return m.Run()
}

// laptop is a running program.
type laptop struct {
	*exec.Cmd

	url   string
	mutex sync.Mutex
	text  bytes.Buffer
	ended chan error
}

// Write records its output.
func (l *laptop) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	return l.text.Write(text)
}

func (l *laptop) printed() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	return l.text.String()
}

// start starts the program for a folder of services, and waits until every service runs.
func start(t *testing.T, apps string, environ ...string) *laptop {
	t.Helper()

	port := free(t)
	l := &laptop{
		url: "http://127.0.0.1:" + port, ended: make(chan error, 1),
		Cmd: exec.CommandContext(t.Context(), program, apps, t.TempDir()),
	}

	l.Env = append(os.Environ(), append([]string{"PORT=" + port}, environ...)...)
	l.Stdout, l.Stderr = l, l

	require.NoError(t, l.Start())

	go func() { l.ended <- l.Wait() }()

	t.Cleanup(func() {
		l.Process.Kill()

		if t.Failed() {
			t.Log(l.printed())
		}
	})
	l.await(t, "Every service is running at "+l.url)

	return l
}

// await waits for a text in the output.
func (l *laptop) await(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(l.printed(), text) }, patience, tick,
		"waiting for %q", text)
}

// ports returns the ports of the services.
func (l *laptop) ports() []string {
	found := regexp.MustCompile(`"msg":"listening".*"address":"127\.0\.0\.1:(\d+)"`).FindAllStringSubmatch(l.printed(), -1)

	ports := make([]string, len(found))
	for i, one := range found {
		ports[i] = one[1]
	}

	return ports
}

// gone waits until every port is closed.
func gone(t *testing.T, ports []string) {
	t.Helper()
	require.NotEmpty(t, ports)

	for _, port := range ports {
		require.Eventually(t, func() bool {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
			if err == nil {
				conn.Close()
			}

			return err != nil
		}, soon, tick, "waiting for port %s to close", port)
	}
}

func free(t *testing.T) string {
	t.Helper()

	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())

	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)

	return port
}

// ask sends a request, and returns status and body.
func (l *laptop) ask(t *testing.T, path string) (int, string) {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.url+path, nil)
	require.NoError(t, err)

	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)

	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)

	return response.StatusCode, string(body)
}

func TestEachPrintedRequestWorksAndCtrlCStopsEverything(t *testing.T) {
	t.Parallel()

	l := start(t, "..")

	services, err := filepath.Glob("../*/chart/Chart.yaml")
	require.NoError(t, err)

	commands := regexp.MustCompile(`(?m)^curl .*$`).FindAllString(l.printed(), -1)
	require.GreaterOrEqual(t, len(commands), 5, "four requests of the book, and DELETE")

	for _, command := range commands {
		text, err := exec.CommandContext(t.Context(), "sh", "-c", command+" --silent --show-error --fail-with-body").
			CombinedOutput()
		require.NoError(t, err, "%s\n%s", command, text)
	}

	status, body := l.ask(t, "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, body, "LAX")

	for _, path := range []string{"/", "/ping", "/health", "/metrics", "/flightsandmore"} {
		status, body := l.ask(t, path)
		assert.Equal(t, http.StatusNotFound, status, "no chart routes %s", path)
		assert.Contains(t, body, "/flights, ")
	}

	ports := l.ports()
	require.Len(t, ports, len(services))
	require.NoError(t, l.Process.Signal(os.Interrupt))
	require.NoError(t, <-l.ended)
	gone(t, ports)
}

func TestAKilledProgramLeavesNoService(t *testing.T) {
	t.Parallel()

	l := start(t, "..")
	ports := l.ports()

	require.NoError(t, l.Process.Signal(syscall.SIGKILL))
	require.Error(t, <-l.ended)
	gone(t, ports)
}

// Only the changed service restarts, and keeps its data. After code that does not compile, the running service stays.
func TestAServiceIsRestartedWhenItsCodeChanges(t *testing.T) {
	t.Parallel()

	apps := t.TempDir()
	for _, folder := range []string{"chassis", "flights", "reservations"} {
		require.NoError(t, os.CopyFS(filepath.Join(apps, folder), os.DirFS(filepath.Join("..", folder))))
	}

	l := start(t, apps)
	flights := strings.Count(l.printed(), "flights      | building")

	require.NoError(t, exec.CommandContext(t.Context(), "sh", "-c",
		regexp.MustCompile(`(?m)^curl -X PUT.*$`).FindString(l.printed())).Run())

	code := filepath.Join(apps, "reservations", "service", "api", "api.go")
	was, err := os.ReadFile(code)
	require.NoError(t, err)

	write := func(text string) {
		require.NoError(t, os.WriteFile(code, []byte(text), 0o600))
	}

	write(string(was) + "\nfunc broken() { nothing() }\n")
	l.await(t, "undefined: nothing")

	_, body := l.ask(t, "/reservations?flight_id=werty")
	assert.JSONEq(t, `[{"seat_no": "12B"}]`, body, "the running service stays")

	write(strings.Replace(string(was), "ReservedSeat{SeatNo: number}", `ReservedSeat{SeatNo: "changed " + number}`, 1))
	require.Eventually(t, func() bool {
		_, body := l.ask(t, "/reservations?flight_id=werty")

		return strings.Contains(body, "changed 12B")
	}, patience, tick, "waiting for the changed answer")
	assert.Equal(t, flights, strings.Count(l.printed(), "flights      | building"))

	require.NoError(t, os.RemoveAll(filepath.Dir(code)))
	l.await(t, "no required module provides package")
	require.NoError(t, l.Process.Signal(os.Interrupt))
	require.NoError(t, <-l.ended, "a removed folder is no error")
}

func TestAPortThatCannotBeOpenedIsOneLine(t *testing.T) {
	t.Parallel()

	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)

	defer listener.Close()

	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)

	for _, given := range []string{port, "abc", "70000"} {
		command := exec.CommandContext(t.Context(), program, "..", t.TempDir())

		command.Env = append(os.Environ(), "PORT="+given)

		text, err := command.CombinedOutput()
		require.Error(t, err)
		assert.Contains(t, string(text), given)
		assert.Contains(t, string(text), "PORT=9081 make dev", "the fix")
		assert.Equal(t, 1, strings.Count(string(text), "\n"), "%s", text)
	}
}
