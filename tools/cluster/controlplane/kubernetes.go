package controlplane

import (
	"context"
	"errors"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	serveroptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	scheduleroptions "k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

// newManager creates the controller manager, and returns the function that runs it.
func newManager(folder Folder) func(context.Context) error {
	command := controllers.NewControllerManagerCommand()
	command.SetArgs(managerFlags(folder))
	command.SilenceUsage = true

	return command.ExecuteContext
}

// runServer runs the API server without its command, which would end it on a signal, before its clients.
func runServer(ctx context.Context, flags []string) error {
	options := serveroptions.NewServerRunOptions()
	if err := parse(flags, options.Flags()); err != nil {
		return err
	}

	if err := options.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}

	completed, err := options.Complete(ctx)
	if err != nil {
		return err
	}

	if err := errors.Join(completed.Validate()...); err != nil {
		return err
	}

	return apiserver.Run(ctx, completed)
}

// runScheduler runs the scheduler without its command, which would handle signals, too.
func runScheduler(ctx context.Context, flags []string) error {
	options := scheduleroptions.NewOptions()
	if err := parse(flags, *options.Flags); err != nil {
		return err
	}

	completed, created, err := scheduler.Setup(ctx, options)
	if err != nil {
		return err
	}

	return scheduler.Run(ctx, completed, created)
}

// parse parses flags into options.
func parse(flags []string, options cliflag.NamedFlagSets) error {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range options.FlagSets {
		all.AddFlagSet(set)
	}

	return all.Parse(flags)
}
