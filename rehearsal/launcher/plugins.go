package launcher

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// putPlugin installs the component plugin of @pulumi/eks for the engine. It is an npm package, which node runs. If
// `make rehearsal` has not installed the package, the engine reports the missing plugin if a program needs it.
func putPlugin(folders Folders) error {
	folder := filepath.Join(folders.components(), "@pulumi", "eks")

	version, err := packageVersion(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	if err != nil {
		return fmt.Errorf("installing the plugin eks: %w", err)
	}

	// The engine recognizes an installed plugin by these names of file and folder.
	target := filepath.Join(folders.plugins(), "resource-eks-v"+version, "pulumi-resource-eks")
	entry := filepath.Join(folder, "cmd", "provider", "index.js")
	watch := filepath.Join(filepath.Dir(target), "ends-with-its-engine.js")

	return errors.Join(putFile(watch, endsWithItsEngine), putFile(target,
		fmt.Sprintf("#!/bin/sh\nENGINE=$PPID exec node --require %s %s \"$@\"\n", quoted(watch), quoted(entry))))
}

// putRealProvider installs the real Kubernetes provider for the engine, in the version of the program's SDK and in that
// of @pulumi/eks, which makes providers of its own.
func putRealProvider(folders Folders) error {
	// On PATH, the engine would find a binary with the plugin's own name, and warn.
	binary := filepath.Join(folders.Bin, "kubernetes-provider")
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("the real Kubernetes provider is not built: run `make e2e %s=real`: %w", ProviderVariable, err)
	}

	component, err := packageVersion(filepath.Join(folders.components(), "@pulumi", "kubernetes"))
	if err != nil {
		return fmt.Errorf("installing the real Kubernetes provider: %w", err)
	}

	for _, version := range []string{catalogue.Kubernetes().Version(), component} {
		target := filepath.Join(folders.plugins(), "resource-kubernetes-v"+version, "pulumi-resource-kubernetes")
		if err := putFile(target, fmt.Sprintf("#!/bin/sh\nexec %s \"$@\"\n", quoted(binary))); err != nil {
			return fmt.Errorf("installing the real Kubernetes provider: %w", err)
		}
	}

	return nil
}

// endsWithItsEngine makes node exit when its parent is no longer the engine. Otherwise the component of a killed engine
// would run forever and hold the rehearsal's lock. Node takes seconds to start, and the engine may be killed meanwhile,
// so the shell that starts node passes the engine's process ID. If the shell itself was too late, that ID is 1.
const endsWithItsEngine = `const engine = Number(process.env.ENGINE);
const orphan = () => process.ppid !== engine || engine === 1;
setInterval(() => orphan() && process.exit(1), 500).unref();
`

// packageVersion returns the version of an npm package.
func packageVersion(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return "", fmt.Errorf("reading package.json: %w", err)
	}

	var described struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(text, &described); err != nil {
		return "", fmt.Errorf("decoding package.json in %s: %w", folder, err)
	}

	return described.Version, nil
}

// putTools installs stand-ins for aws and kubectl. @pulumi/eks checks their versions (at least 2.7.0 and 1.24.0) but
// does not use them with this program's inputs. With a real API server, aws prints a token for it, and kubectl is the
// one that was built with the server.
func putTools(folders Folders, server *apiserver.Server) error {
	const refuse = `echo "$0 is a stand-in: in the rehearsal, it only reports a version" >&2; exit 1`

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
			return fmt.Errorf("installing the stand-in for %s: %w", name, err)
		}
	}

	return nil
}

// token returns the script that answers `aws eks get-token`, which kubectl runs because the program's kubeconfig says
// so.
func token(server *apiserver.Server) string {
	if server == nil {
		return ""
	}

	return `[ "$1 $2" = "eks get-token" ] && echo '{"kind": "ExecCredential", ` +
		`"apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "` + server.Token() + `"}}' && exit`
}

// putFile replaces an executable file by renaming, because an engine may be running the old one.
func putFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("creating the folder of %s: %w", path, err)
	}

	if err := os.WriteFile(path+".new", []byte(text), 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	return nil
}
