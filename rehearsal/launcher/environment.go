package launcher

import (
	"path/filepath"
	"slices"
	"strings"
)

// Variables that the rehearsal's shell sets for the `pulumi` in it: the project's folder, the rehearsal's folder, and
// the addresses of the providers and of the proxy to the simulated internet. For a project other than the repository's
// own, the Makefile sets the first two, and the words that the user types before a command.
const (
	MakeVariable      = "REHEARSAL_MAKE"
	ProjectVariable   = "REHEARSAL_PROJECT"
	FolderVariable    = "REHEARSAL_FOLDER"
	ProvidersVariable = "REHEARSAL_PROVIDERS"
	ProxyVariable     = "REHEARSAL_PROXY"
)

// ControlPlaneVariable names the folder of a real control plane, which tools/cluster runs.
const ControlPlaneVariable = "REHEARSAL_CONTROL_PLANE"

// ProviderVariable chooses the Kubernetes provider: "real", or empty for the simulated one.
const ProviderVariable = "KUBERNETES_PROVIDER"

// engineEnvironment returns the environment of the CLI, the program and its providers. It hides the real accounts,
// clusters and backends that the user's shell and home folder name: a rehearsal never reaches them. PULUMI_K8S_* name
// none, and the real Kubernetes provider reads PULUMI_K8S_DELETE_UNREACHABLE.
func engineEnvironment(folders Folders, stack, providers, proxy string, ambient []string) []string {
	environment := slices.DeleteFunc(slices.Clone(ambient), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") ||
			strings.HasPrefix(variable, "PULUMI_") && !strings.HasPrefix(variable, "PULUMI_K8S_") ||
			strings.HasPrefix(variable, "REHEARSAL_") || strings.HasPrefix(variable, "HELM_") || isProxy(variable)
	})

	path := strings.Join(
		[]string{folders.tools(), folders.Bin, variable(ambient, "PATH")}, string(filepath.ListSeparator))

	return append(environment,
		"PATH="+path,
		// Requests to the internet go to the simulated account, requests to this machine go there directly.
		"HTTPS_PROXY="+proxy,
		"NO_PROXY=127.0.0.1,localhost",
		"GOPROXY=off", // everything is built by now: a download would be a mistake
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"KUBECONFIG=/dev/null",
		"HELM_CACHE_HOME="+folders.helm(), "HELM_CONFIG_HOME="+folders.helm(), "HELM_DATA_HOME="+folders.helm(),
		"PULUMI_HOME="+folders.home(),
		"PULUMI_BACKEND_URL=file://"+filepath.ToSlash(folders.state()),
		"PULUMI_CONFIG_PASSPHRASE=rehearsal",
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_DEBUG_PROVIDERS="+providers,
		"PULUMI_DEBUG_COMMANDS=true", // allows --event-log
		"PULUMI_STACK="+stack,
	)
}

// isProxy reports whether a variable configures a proxy.
func isProxy(variable string) bool {
	name, _, _ := strings.Cut(strings.ToUpper(variable), "=")

	return slices.Contains([]string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "GRPC_PROXY"}, name)
}

// variable returns the value of a variable in an environment. If it is set several times, the last value counts.
func variable(environment []string, name string) string {
	value := ""

	for _, entry := range environment {
		if text, ok := strings.CutPrefix(entry, name+"="); ok {
			value = text
		}
	}

	return value
}
