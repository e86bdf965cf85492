package controlplane

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	serveroptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	scheduleroptions "k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

// newManager creates the controller manager.
func newManager(folder Folder) part {
	command := controllers.NewControllerManagerCommand()
	command.SetArgs(managerFlags(folder))
	command.SilenceUsage = true

	return command.ExecuteContext
}

// newServer creates the API server without its command, which would end it on a signal, before its clients.
func newServer(ctx context.Context, flags []string) (part, error) {
	options := serveroptions.NewServerRunOptions()
	if err := parse(flags, options.Flags()); err != nil {
		return nil, fmt.Errorf("configuring the API server: %w", err)
	}

	if err := options.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return nil, fmt.Errorf("configuring the API server: %w", err)
	}

	completed, err := options.Complete(ctx)
	if err != nil {
		return nil, fmt.Errorf("configuring the API server: %w", err)
	}

	if wrong := completed.Validate(); len(wrong) > 0 {
		return nil, fmt.Errorf("configuring the API server: %w", wrong[0])
	}

	return func(ctx context.Context) error { return apiserver.Run(ctx, completed) }, nil
}

// newScheduler creates the scheduler without its command, which would handle signals, too.
func newScheduler(ctx context.Context, flags []string) (part, error) {
	options := scheduleroptions.NewOptions()
	if err := parse(flags, *options.Flags); err != nil {
		return nil, fmt.Errorf("configuring the scheduler: %w", err)
	}

	completed, made, err := scheduler.Setup(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("configuring the scheduler: %w", err)
	}

	return func(ctx context.Context) error { return scheduler.Run(ctx, completed, made) }, nil
}

// parse parses flags into options.
func parse(flags []string, options cliflag.NamedFlagSets) error {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range options.FlagSets {
		all.AddFlagSet(set)
	}

	return all.Parse(flags)
}
