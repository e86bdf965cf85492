// Package language is the engine's language host for Go: it builds a program and runs it. Pulumi's own host is part of
// its downloads and not available as a Go module.
package language

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// ProgramsFolder is the folder for built programs, next to the host's own binary.
const ProgramsFolder = "programs"

// BuiltVariable names the environment variable with the path of an up-to-date binary. The process that starts the
// engine has just built it, and saves the host two builds for each `up`.
const BuiltVariable = "REHEARSAL_BUILT"

// Host implements the engine's language runtime.
type Host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// Lifetime ends when the engine ends, and ends running programs.
	Lifetime context.Context //nolint:containedctx // the context of the process, not of a call
	// Engine is the address of the engine's log service.
	Engine string
	// Programs is the folder for built programs.
	Programs string
	// Built is the path of an up-to-date binary, or empty: see BuiltVariable.
	Built string
	// Stdout and Stderr receive the program's output.
	Stdout, Stderr io.Writer
}

// Handshake implements pulumirpc.LanguageRuntimeServer.
func (h *Host) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo implements pulumirpc.LanguageRuntimeServer.
func (h *Host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

// GetRequiredPackages implements pulumirpc.LanguageRuntimeServer. It returns none because the rehearsal attaches its
// providers itself.
func (h *Host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// Run implements pulumirpc.LanguageRuntimeServer: it builds the program if necessary, and runs it.
func (h *Host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	folder := request.GetInfo().GetProgramDirectory()

	binary := h.Built
	if binary == "" {
		var err error

		binary, err = Build(ctx, folder, h.Programs, h.Stderr)
		if err != nil {
			return &pulumirpc.RunResponse{Error: err.Error()}, nil
		}
	}

	environment, err := h.environment(request)
	if err != nil {
		return nil, err
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()

	unregister := context.AfterFunc(h.Lifetime, stop) //nolint:contextcheck // ends with the engine, not with the call
	defer unregister()

	program := exec.CommandContext(ctx, binary)
	program.Dir = folder

	program.Env = append(os.Environ(), environment...)
	program.Stdout, program.Stderr = h.Stdout, h.Stderr

	return response(program.Run()), nil
}

// response returns the result of a program for the engine. A program that has logged its error exits with a certain
// status: the engine then stops without another message ("bail").
func response(err error) *pulumirpc.RunResponse {
	var exited *exec.ExitError

	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exited) && exited.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program failed without an error message: %v", err)}
	}
}

// environment returns the variables that pulumi.Run reads.
func (h *Host) environment(request *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(request.GetConfig())
	if err != nil {
		return nil, fmt.Errorf("encoding the configuration for the program: %w", err)
	}

	secretKeys, err := json.Marshal(request.GetConfigSecretKeys())
	if err != nil {
		return nil, fmt.Errorf("encoding the names of secret keys for the program: %w", err)
	}

	return []string{
		pulumi.EnvOrganization + "=" + request.GetOrganization(),
		pulumi.EnvProject + "=" + request.GetProject(),
		pulumi.EnvStack + "=" + request.GetStack(),
		pulumi.EnvPulumiRootDirectory + "=" + request.GetInfo().GetRootDirectory(),
		pulumi.EnvConfig + "=" + string(config),
		pulumi.EnvConfigSecretKeys + "=" + string(secretKeys),
		pulumi.EnvDryRun + "=" + strconv.FormatBool(request.GetDryRun()),
		pulumi.EnvParallel + "=" + strconv.Itoa(int(request.GetParallel())),
		pulumi.EnvMonitor + "=" + request.GetMonitorAddress(),
		pulumi.EnvEngine + "=" + h.Engine,
	}, nil
}

// Build builds the program in folder and returns the path of its binary, which is in the folder programs. Go's cache
// avoids needless work, and so does -w: without DWARF, which only debuggers read, the program links in three quarters
// of the time. The compiler writes to output.
func Build(ctx context.Context, folder, programs string, output io.Writer) (string, error) {
	hash := sha256.Sum256([]byte(folder))
	binary := filepath.Join(programs, filepath.Base(folder)+"-"+hex.EncodeToString(hash[:6]))

	build := exec.CommandContext(ctx, "go", "build", "-ldflags=-w", "-o", binary, ".")
	build.Dir = folder
	build.Stdout, build.Stderr = output, output

	if err := build.Run(); err != nil {
		return "", fmt.Errorf("building the program in %s: %w", folder, err)
	}

	return binary, nil
}
