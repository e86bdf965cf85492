// Package language is the engine's host for programs in Go: it builds a program and runs it. Pulumi's own
// host is part of its downloads and is not to be had as a Go module.
package language

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Host implements the engine's language runtime.
type Host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// Lifetime ends when the engine has gone, and running programs with it.
	Lifetime context.Context //nolint:containedctx // it is the process's, not a call's
	// Engine is the address at which the engine listens for what programs log.
	Engine string
	// Programs is the folder that keeps built programs.
	Programs string
	// Built is the binary that is known to be up to date, if one is: see BuiltVariable.
	Built string
	// Stdout and Stderr are where the engine reads what a program prints.
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

// GetRequiredPackages implements pulumirpc.LanguageRuntimeServer. It names none: the rehearsal attaches its
// providers itself.
func (h *Host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// Run implements pulumirpc.LanguageRuntimeServer: it builds the program where it has changed, and runs it.
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

	forget := context.AfterFunc(h.Lifetime, stop) //nolint:contextcheck // the engine's end is not the call's
	defer forget()

	program := exec.CommandContext(ctx, binary)
	program.Dir = folder

	program.Env = append(os.Environ(), environment...)
	program.Stdout, program.Stderr = h.Stdout, h.Stderr

	return answer(program.Run()), nil
}

// answer tells the engine how the program ended. A program that has logged its error ends with a status of
// its own: the engine stops there and says nothing more ("bail").
func answer(err error) *pulumirpc.RunResponse {
	var exited *exec.ExitError

	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exited) && exited.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended without saying why: %v", err)}
	}
}

// environment is what pulumi.Run reads.
func (h *Host) environment(request *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(request.GetConfig())
	if err != nil {
		return nil, fmt.Errorf("writing the configuration for the program: %w", err)
	}

	secretKeys, err := json.Marshal(request.GetConfigSecretKeys())
	if err != nil {
		return nil, fmt.Errorf("writing the names of secret keys for the program: %w", err)
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
