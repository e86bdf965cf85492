package launcher

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// installed returns the folders of a rehearsal in which npm has installed version 2.8.1 of the component.
func installed(t *testing.T) Folders {
	t.Helper()

	folders := ProjectFolders(filepath.Join(t.TempDir(), "it's here"))
	npm := filepath.Join(folders.components(), "@pulumi", "eks")
	require.NoError(t, os.MkdirAll(filepath.Join(npm, "cmd", "provider"), 0o700))
	write(t, filepath.Join(npm, "package.json"), `{"name": "@pulumi/eks", "version": "2.8.1"}`)
	write(t, filepath.Join(npm, "cmd", "provider", "index.js"), `console.log("component", process.argv[2])`)

	return folders
}

func TestAComponentIsInstalledAsThePluginOfItsVersion(t *testing.T) {
	t.Parallel()

	folders := installed(t)

	// The second run finds the files of the first.
	require.NoError(t, putPlugin(folders))
	require.NoError(t, putPlugin(folders))

	plugin := filepath.Join(folders.plugins(), "resource-eks-v2.8.1", "pulumi-resource-eks")
	answer, err := exec.CommandContext(t.Context(), plugin, "127.0.0.1:1").Output()
	require.NoError(t, err)
	assert.Equal(t, "component 127.0.0.1:1\n", string(answer))
}

// A component that outlives a killed engine would hold the rehearsal's lock forever.
func TestAComponentEndsWithItsEngine(t *testing.T) {
	t.Parallel()

	for name, engine := range map[string]string{
		"when the component has started": `"$0" > "$1" & while [ ! -s "$1" ]; do :; done`,
		"when the component is starting": `"$0" > "$1" &`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			folders := installed(t)
			write(t, filepath.Join(folders.components(), "@pulumi", "eks", "cmd", "provider", "index.js"),
				`console.log(process.pid); setInterval(() => {}, 1000)`)
			require.NoError(t, putPlugin(folders))

			pidFile := filepath.Join(t.TempDir(), "pid")
			plugin := filepath.Join(folders.plugins(), "resource-eks-v2.8.1", "pulumi-resource-eks")
			require.NoError(t, exec.CommandContext(t.Context(), "sh", "-c", engine, plugin, pidFile).Run())

			require.Eventually(t, func() bool { return holderOf(pidFile) > 0 }, time.Minute, 50*time.Millisecond,
				"timeout before the component has written %s", pidFile)
			require.Eventually(t, func() bool { return !isAlive(holderOf(pidFile)) }, time.Minute, 50*time.Millisecond,
				"timeout before the end of process %d", holderOf(pidFile))
		})
	}
}

func TestAComponentThatIsNotInstalledIsOmitted(t *testing.T) {
	t.Parallel()

	folders := ProjectFolders(t.TempDir())
	require.NoError(t, putPlugin(folders))
	assert.NoDirExists(t, folders.plugins())
}

func TestABrokenPackageIsAnError(t *testing.T) {
	t.Parallel()

	folders := installed(t)
	write(t, filepath.Join(folders.components(), "@pulumi", "eks", "package.json"), "{")
	require.ErrorContains(t, putPlugin(folders), "plugin eks")
}

// @pulumi/eks calls both tools for their versions. With other settings of the program it would also use them.
func TestToolsOnlyReportTheirVersions(t *testing.T) {
	t.Parallel()

	folders := ProjectFolders(t.TempDir())
	require.NoError(t, putTools(folders, nil))

	run := func(tool string, args ...string) (string, error) {
		answer, err := exec.CommandContext(t.Context(), filepath.Join(folders.tools(), tool), args...).CombinedOutput()

		return string(answer), err
	}

	answer, err := run("aws", "--version")
	require.NoError(t, err)
	assert.Regexp(t, `^aws-cli/2\.\d+\.\d+ `, answer)

	answer, err = run("kubectl", "version", "--client=true", "--output=json")
	require.NoError(t, err)
	assert.JSONEq(t, `{"clientVersion": {"gitVersion": "v1.35.0"}}`, answer)

	for tool, args := range map[string][]string{"aws": {"s3", "ls"}, "kubectl": {"get", "pods"}} {
		answer, err = run(tool, args...)
		require.Error(t, err)
		assert.Contains(t, answer, tool)
	}
}

func TestTheRealProviderIsInstalledForTheProgramAndForTheComponent(t *testing.T) {
	t.Parallel()

	folders := installed(t)
	npm := filepath.Join(folders.components(), "@pulumi", "kubernetes")
	require.NoError(t, os.MkdirAll(npm, 0o700))
	write(t, filepath.Join(npm, "package.json"), `{"version": "4.15.0"}`)

	require.ErrorContains(t, putRealProvider(folders), "make e2e KUBERNETES_PROVIDER=real")

	require.NoError(t, putFile(filepath.Join(folders.Bin, "kubernetes-provider"), "#!/bin/sh\necho provider $1\n"))
	require.NoError(t, putRealProvider(folders))

	for _, version := range []string{"4.15.0", catalogue.Kubernetes().Version()} {
		plugin := filepath.Join(folders.plugins(), "resource-kubernetes-v"+version, "pulumi-resource-kubernetes")
		answer, err := exec.CommandContext(t.Context(), plugin, "127.0.0.1:1").Output()
		require.NoError(t, err)
		assert.Equal(t, "provider 127.0.0.1:1\n", string(answer))
	}
}

func TestTheKubernetesProviderIsKnownAndHasAServer(t *testing.T) {
	t.Parallel()

	for chosen, reason := range map[string]string{"other": "expected real", "real": ControlPlaneVariable} {
		s := newTestSession(t, false)
		s.options.KubernetesProvider = chosen

		_, err := s.clusters()
		require.ErrorContains(t, err, reason)
	}
}
