package launcher

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/simulation/apiserver"
)

// putPlugins installs the component plugins for the engine: each is a package of npm, which node runs. One that
// `make rehearsal` has not installed is left out; the engine then says which plugin a program lacks.
func putPlugins(folders Folders) error {
	for name, npm := range map[string]string{"eks": "@pulumi/eks"} {
		folder := filepath.Join(folders.components(), filepath.FromSlash(npm))

		version, err := packageVersion(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}

		if err != nil {
			return fmt.Errorf("installing the plugin %s: %w", name, err)
		}

		// The engine takes a file of this name in a folder of this name for an installed plugin.
		target := filepath.Join(folders.plugins(), "resource-"+name+"-v"+version, "pulumi-resource-"+name)
		entry := filepath.Join(folder, "cmd", "provider", "index.js")
		watch := filepath.Join(filepath.Dir(target), "ends-with-its-engine.js")

		err = errors.Join(putFile(watch, endsWithItsEngine), putFile(target,
			fmt.Sprintf("#!/bin/sh\nENGINE=$PPID exec node --require %s %s \"$@\"\n", quoted(watch), quoted(entry))))
		if err != nil {
			return fmt.Errorf("installing the plugin %s: %w", name, err)
		}
	}

	return nil
}

// endsWithItsEngine has node look who its parent is: a component of an engine that was killed would run for ever, and
// hold the rehearsal's lock as long. Node takes seconds to start, in which the engine may be gone: so the shell before
// it says who that was; a shell that was too late already has the parent of all orphans.
const endsWithItsEngine = `const engine = Number(process.env.ENGINE);
const orphan = () => process.ppid !== engine || engine === 1;
setInterval(() => orphan() && process.exit(1), 500).unref();
`

// packageVersion returns the version of the npm package in a folder.
func packageVersion(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return "", fmt.Errorf("reading its package: %w", err)
	}

	var described struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(text, &described); err != nil {
		return "", fmt.Errorf("reading its package in %s: %w", folder, err)
	}

	return described.Version, nil
}

// putTools puts what stands in for the AWS CLI and kubectl: @pulumi/eks looks at their versions and, with the
// settings that the program has, never uses them. (The least versions that it takes are 2.7.0 and 1.24.0.) With a real
// API server, the AWS CLI has a token for it, and kubectl is the one that was built with it.
func putTools(folders Folders, server *apiserver.Server) error {
	const refuse = `echo "$0 is not in the rehearsal: it answers for its version alone" >&2; exit 1`

	tools := map[string]string{
		"aws":     `[ "$*" = "--version" ] && echo "aws-cli/2.27.0 rehearsal" && exit` + "\n" + token(server),
		"kubectl": `[ "$1" = version ] && echo '{"clientVersion":{"gitVersion":"v1.35.0"}}' && exit`,
	}
	if server != nil {
		tools["kubectl"] = "exec " + quoted(filepath.Join(folders.Bin, "kubectl")) + ` "$@"`
	}

	for name, answer := range tools {
		script := "#!/bin/sh\n" + answer + "\n" + refuse + "\n"
		if err := putFile(filepath.Join(folders.tools(), name), script); err != nil {
			return fmt.Errorf("putting a stand-in for %s: %w", name, err)
		}
	}

	return nil
}

// token is how the AWS CLI answers whoever wants to get into a cluster: kubectl, told by the program's kubeconfig.
func token(server *apiserver.Server) string {
	if server == nil {
		return ""
	}

	return `[ "$1 $2" = "eks get-token" ] && echo '{"kind": "ExecCredential", ` +
		`"apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "` + server.Token() + `"}}' && exit`
}

// putFile writes a file that may be executed, in place of the one that was there: an engine may be running that.
func putFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder of %s: %w", path, err)
	}

	if err := os.WriteFile(path+".new", []byte(text), 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	return nil
}
