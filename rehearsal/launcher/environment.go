package launcher

import (
	"path/filepath"
	"slices"
	"strings"
)

// What a rehearsal's shell tells the `pulumi` in it: where the project is, where the rehearsal keeps everything,
// and where its providers listen.
const (
	ProjectVariable   = "REHEARSAL_PROJECT"
	FolderVariable    = "REHEARSAL_FOLDER"
	ProvidersVariable = "REHEARSAL_PROVIDERS"
)

// engineEnvironment is what the CLI, the program and its providers get to know. Whatever the user's shell or home
// says of real accounts, clusters and other backends is left out: nothing here reaches them.
func engineEnvironment(folders Folders, stack, providers string, ambient []string) []string {
	environment := slices.DeleteFunc(slices.Clone(ambient), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "PULUMI_") ||
			strings.HasPrefix(variable, "REHEARSAL_")
	})

	return append(environment,
		"PATH="+folders.Bin+string(filepath.ListSeparator)+variable(ambient, "PATH"),
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
