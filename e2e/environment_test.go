package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// environment is an environment of a test, in its own cluster.
type environment struct {
	// owner is the test that owns the environment, and t the current scenario.
	owner, t *testing.T
	stack    string
	// These folders contain the built tools, a copy of the working tree, the data of the control plane and Argo CD, and
	// the data of the rehearsal.
	bin, checkout, cluster, base string
	// server is the tool that runs the control plane.
	server string
	// plane and argo are the processes of the control plane and of Argo CD.
	plane, argo *process
	config      *rest.Config
	kube        kubernetes.Interface
	objects     dynamic.Interface
}

// program is the binary of the program, which no scenario changes. It is built once for all checkouts.
const program = "e2e.program"

// start prepares an environment, and starts a control plane and Argo CD, which follow its checkout's branch.
func start(t *testing.T, stack string) *environment {
	t.Helper()

	e := prepare(t, stack)
	e.startPlane()
	e.argo = e.run("argocd", "cluster", "argocd", e.cluster)

	return e
}

// prepare prepares an environment with its checkout.
func prepare(t *testing.T, stack string) *environment {
	t.Helper()

	root, err := filepath.Abs("..")
	require.NoError(t, err)

	//nolint:usetesting // the files of a failed test must remain
	scratch, err := os.MkdirTemp("", "e2e-")
	require.NoError(t, err)

	e := &environment{
		owner: t, t: t, stack: stack, bin: filepath.Join(root, ".rehearsal", "bin"),
		checkout: filepath.Join(scratch, "checkout"), cluster: filepath.Join(scratch, "cluster"),
		base: filepath.Join(scratch, "rehearsal"), server: "cluster",
	}
	t.Cleanup(func() { e.cleanUp(scratch) })

	for _, tool := range []string{"rehearsal", "cluster", "argocd", "helm", "kubectl", "karpenter-controllers", program} {
		require.FileExists(t, filepath.Join(e.bin, tool), "run make e2e, which builds it")
	}

	e.copyCheckout(root)

	return e
}

// cleanUp removes the files of a successful test.
func (e *environment) cleanUp(scratch string) {
	if e.t.Failed() {
		e.t.Logf("the files of %s are in %s", e.stack, scratch)

		return
	}

	_ = os.RemoveAll(scratch) // the system removes temporary files too
}

// startPlane starts the control plane, and waits until it is ready.
func (e *environment) startPlane() {
	e.t.Helper()

	e.plane = e.run("control-plane", e.server, "control-plane", e.cluster)
	e.plane.awaitReady()

	var err error

	e.config, err = clientcmd.BuildConfigFromFlags("", filepath.Join(e.cluster, "kubeconfig"))
	require.NoError(e.t, err)

	e.config.QPS = -1
	e.config.Timeout = 20 * time.Second

	e.kube, err = kubernetes.NewForConfig(e.config)
	require.NoError(e.t, err)

	e.objects, err = dynamic.NewForConfig(e.config)
	require.NoError(e.t, err)
}

// rehearse runs a command of the rehearsal on the checkout, with the control plane as the stack's cluster.
func (e *environment) rehearse(input, command string, variables ...string) (string, error) {
	run := exec.CommandContext(e.t.Context(), filepath.Join(e.bin, "rehearsal"), command)
	run.Env = append(append(os.Environ(),
		"STACK="+e.stack, "CONFIRM=", "FAULTS=", "REHEARSAL_PROJECT="+e.checkout, "REHEARSAL_FOLDER="+e.base,
		"REHEARSAL_CONTROL_PLANE="+e.cluster, "REHEARSAL_BUILT="+filepath.Join(e.bin, program)), variables...)
	run.Stdin = strings.NewReader(input)

	output, err := run.CombinedOutput()

	return string(output), err
}

// must runs a command of the rehearsal, which must succeed.
func (e *environment) must(command string, variables ...string) string {
	e.t.Helper()

	start := time.Now()
	printed, err := e.rehearse("", command, variables...)
	require.NoError(e.t, err, "%s of %s\n%s", command, e.stack, printed)
	e.t.Logf("%-60s %5.1f s", command+" of "+e.stack, time.Since(start).Seconds())

	return printed
}

// outputs returns the outputs of the stack, including secrets.
func (e *environment) outputs() map[string]any {
	e.t.Helper()

	printed, err := e.rehearse("pulumi stack output --json --show-secrets\n", "shell")
	require.NoError(e.t, err, "%s", printed)

	var outputs map[string]any

	text := printed[strings.Index(printed, "\n{")+1:]
	require.NoError(e.t, json.NewDecoder(strings.NewReader(text)).Decode(&outputs), "%s", printed)

	return outputs
}
