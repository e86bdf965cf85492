package launcher

import (
	"path/filepath"
	"slices"
	"strings"
)

// What a rehearsal's shell tells the `pulumi` in it: where the project is, where the rehearsal keeps everything,
// and where its providers and its way to the
// simulated internet listen. The Makefile tells the first two of a project that is not the repository's own, and what
// one types there before a command.
const (
	MakeVariable      = "REHEARSAL_MAKE"
	ProjectVariable   = "REHEARSAL_PROJECT"
	FolderVariable    = "REHEARSAL_FOLDER"
	ProvidersVariable = "REHEARSAL_PROVIDERS"
	ProxyVariable     = "REHEARSAL_PROXY"
)

// ControlPlaneVariable is the folder of a real control plane, which tools/cluster runs.
const ControlPlaneVariable = "REHEARSAL_CONTROL_PLANE"

// engineEnvironment is what the CLI, the program and its providers get to know. Whatever the user's shell or home
// says of real accounts, clusters and other backends is left out: nothing here reaches them.
func engineEnvironment(folders Folders, stack, providers, proxy string, ambient []string) []string {
	environment := slices.DeleteFunc(slices.Clone(ambient), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "PULUMI_") ||
			strings.HasPrefix(variable, "REHEARSAL_") || isProxy(variable)
	})

	path := strings.Join(
		[]string{folders.tools(), folders.Bin, variable(ambient, "PATH")}, string(filepath.ListSeparator))

	return append(environment,
		"PATH="+path,
		// Whoever asks for a host on the internet, asks the simulated account; what is on this machine is asked directly.
		"HTTPS_PROXY="+proxy,
		"NO_PROXY=127.0.0.1,localhost",
		"GOPROXY=off", // everything is built by now: whatever asks the network is a mistake
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"KUBECONFIG=/dev/null",
		"PULUMI_HOME="+folders.home(),
		"PULUMI_BACKEND_URL=file://"+filepath.ToSlash(folders.state()),
		"PULUMI_CONFIG_PASSPHRASE=rehearsal",
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_DEBUG_PROVIDERS="+providers,
		"PULUMI_DEBUG_COMMANDS=true", // --event-log is among them
		"PULUMI_STACK="+stack,
	)
}

// isProxy reports whether a variable says how the internet is reached.
func isProxy(variable string) bool {
	name, _, _ := strings.Cut(strings.ToUpper(variable), "=")

	return slices.Contains([]string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "GRPC_PROXY"}, name)
}

// variable returns the value of a variable of an environment; the last one counts.
func variable(environment []string, name string) string {
	value := ""

	for _, entry := range environment {
		if text, is := strings.CutPrefix(entry, name+"="); is {
			value = text
		}
	}

	return value
}
