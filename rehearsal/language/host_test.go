package language_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/language"
)

// program prints its variables and exits with its stack's name as the status. With the stack "forever" it never exits.
const program = `package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	for _, name := range []string{"PROJECT", "CONFIG", "DRY_RUN", "MONITOR", "ENGINE", "ROOT_DIRECTORY"} {
		fmt.Println(name, os.Getenv("PULUMI_"+name))
	}

	if os.Getenv("PULUMI_STACK") == "forever" {
		select {}
	}

	status, _ := strconv.Atoi(os.Getenv("PULUMI_STACK"))
	os.Exit(status)
}
`

// host runs a program and records its output.
type host struct {
	*language.Host

	folder string
	output bytes.Buffer
}

func newHost(lifetime context.Context, t *testing.T, text string) *host {
	t.Helper()

	h := &host{folder: t.TempDir()}
	h.Host = &language.Host{
		Lifetime: lifetime, Engine: "127.0.0.1:1", Programs: t.TempDir(), Stdout: &h.output, Stderr: &h.output,
	}

	require.NoError(t, os.WriteFile(filepath.Join(h.folder, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(h.folder, "main.go"), []byte(text), 0o600))

	return h
}

func (h *host) run(t *testing.T, stack string) *pulumirpc.RunResponse {
	t.Helper()

	response, err := h.Run(t.Context(), h.request(stack))
	require.NoError(t, err)

	return response
}

func (h *host) request(stack string) *pulumirpc.RunRequest {
	return &pulumirpc.RunRequest{
		Project: "platform", Stack: stack, DryRun: true, MonitorAddress: "127.0.0.1:2",
		Config: map[string]string{"platform:network": `{"nat":"none"}`},
		Info:   &pulumirpc.ProgramInfo{ProgramDirectory: h.folder, RootDirectory: "/root"},
	}
}

func TestTheProgramGetsTheEnginesSettings(t *testing.T) {
	t.Parallel()

	h := newHost(t.Context(), t, program)

	assert.Empty(t, h.run(t, "0").GetError())

	for _, line := range []string{
		"PROJECT platform\n", `CONFIG {"platform:network":"{\"nat\":\"none\"}"}`, "DRY_RUN true\n",
		"MONITOR 127.0.0.1:2\n", "ENGINE 127.0.0.1:1\n", "ROOT_DIRECTORY /root\n",
	} {
		assert.Contains(t, h.output.String(), line)
	}
}

func TestTheEngineGetsTheProgramsResult(t *testing.T) {
	t.Parallel()

	h := newHost(t.Context(), t, program)

	logged := h.run(t, "32")
	assert.True(t, logged.GetBail(), "the program has logged its error")
	assert.Empty(t, logged.GetError())

	failed := h.run(t, "3")
	assert.False(t, failed.GetBail())
	assert.Contains(t, failed.GetError(), "status 3")
}

func TestABuildFailureIsAnError(t *testing.T) {
	t.Parallel()

	h := newHost(t.Context(), t, "package main\n\nfunc main() { nonsense() }\n")

	assert.Contains(t, h.run(t, "0").GetError(), h.folder)
	assert.Contains(t, h.output.String(), "undefined: nonsense", "the compiler's output")
}

func TestAProgramEndsWithTheEngine(t *testing.T) {
	t.Parallel()

	lifetime, end := context.WithCancel(t.Context())
	h := newHost(lifetime, t, program)
	started, output := io.Pipe()
	h.Stdout = output

	ended := make(chan struct{})

	go func() {
		defer close(ended)

		response, err := h.Run(t.Context(), h.request("forever"))
		assert.NoError(t, err)
		assert.NotEmpty(t, response.GetError(), "the program was killed")
	}()

	_, err := started.Read(make([]byte, 1))
	require.NoError(t, err)

	go func() { _, _ = io.Copy(io.Discard, started) }()

	end()

	select {
	case <-ended:
	case <-time.After(time.Minute):
		require.Fail(t, "the program outlives the engine")
	}
}

func TestAnUpToDateProgramIsNotBuiltAgain(t *testing.T) {
	t.Parallel()

	h := newHost(t.Context(), t, program)

	built, err := language.Build(t.Context(), h.folder, h.Programs, &h.output)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(h.folder, "main.go"), []byte("nonsense"), 0o600))

	h.Built = built
	assert.Empty(t, h.run(t, "0").GetError())

	h.Built = ""
	assert.NotEmpty(t, h.run(t, "0").GetError())
}
