package e2e_test

import (
	"bytes"
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

// environment is one that a test brings up, in a cluster of its own.
type environment struct {
	// owner is the test that the environment lives as long as, and t the scenario that is played.
	owner, t *testing.T
	stack    string
	// bin has the built tools, checkout a copy of the working tree, cluster what the control plane and Argo CD keep, and
	// base what the rehearsal does.
	bin, checkout, cluster, base string
	// plane and argo are the processes beside each other.
	plane, argo *process
	config      *rest.Config
	kube        kubernetes.Interface
	objects     dynamic.Interface
}

// program is that of all checkouts, which no scenario changes: built once, and not for each.
const program = "e2e.program"

// branches are what Argo CD follows.
func branches() map[string]string { return map[string]string{"sandbox": "main", "staging": "release"} }

// start starts a control plane and Argo CD, and prepares a checkout whose branch they follow.
func start(t *testing.T, stack string) *environment {
	t.Helper()

	root, err := filepath.Abs("..")
	require.NoError(t, err)

	//nolint:usetesting // what a failed test leaves is to be read
	scratch, err := os.MkdirTemp("", "e2e-")
	require.NoError(t, err)

	e := &environment{
		owner: t, t: t, stack: stack, bin: filepath.Join(root, ".rehearsal", "bin"),
		checkout: filepath.Join(scratch, "checkout"), cluster: filepath.Join(scratch, "cluster"),
		base: filepath.Join(scratch, "rehearsal"),
	}
	t.Cleanup(func() { e.tidy(scratch) })

	for _, tool := range []string{"rehearsal", "cluster", "argocd", "helm", "kubectl", program} {
		require.FileExists(t, filepath.Join(e.bin, tool), "make e2e builds it")
	}

	e.copyCheckout(root)
	e.startPlane()
	e.argo = e.run("argocd", "cluster", "argocd", e.cluster)

	return e
}

// tidy shows what a failed test leaves, and removes the rest.
func (e *environment) tidy(scratch string) {
	if e.t.Failed() {
		e.t.Logf("what %s leaves is in %s", e.stack, scratch)

		return
	}

	_ = os.RemoveAll(scratch) // what is left in a temporary folder is the system's to remove
}

// startPlane starts the control plane, and waits until it is ready.
func (e *environment) startPlane() {
	e.t.Helper()

	e.plane = e.run("control-plane", "cluster", "control-plane", e.cluster)
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

// rehearsal runs a command of the rehearsal on the checkout, with the stack's cluster on the control plane.
func (e *environment) rehearsal(command string, variables ...string) (string, error) {
	e.t.Helper()

	return e.rehearse(strings.NewReader(""), command, variables...)
}

func (e *environment) rehearse(input *strings.Reader, command string, variables ...string) (string, error) {
	run := exec.CommandContext(e.t.Context(), filepath.Join(e.bin, "rehearsal"), command)
	run.Env = append(os.Environ(), append(variables,
		"STACK="+e.stack, "CONFIRM=", "FAULTS=", "REHEARSAL_PROJECT="+e.checkout, "REHEARSAL_FOLDER="+e.base,
		"REHEARSAL_CONTROL_PLANE="+e.cluster, "REHEARSAL_BUILT="+filepath.Join(e.bin, program))...)
	run.Stdin = input

	var printed bytes.Buffer

	run.Stdout, run.Stderr = &printed, &printed
	err := run.Run()

	return printed.String(), err
}

// must runs a command of the rehearsal, which must succeed.
func (e *environment) must(command string, variables ...string) string {
	e.t.Helper()

	begun := time.Now()
	printed, err := e.rehearsal(command, variables...)
	require.NoError(e.t, err, "%s of %s\n%s", command, e.stack, printed)
	e.t.Logf("%-60s %5.1f s", command+" of "+e.stack, time.Since(begun).Seconds())

	return printed
}

// outputs are what the stack exports, its secrets too.
func (e *environment) outputs() map[string]any {
	e.t.Helper()

	input := strings.NewReader("pulumi stack output --json --show-secrets\n")
	printed, err := e.rehearse(input, "shell")
	require.NoError(e.t, err, "%s", printed)

	var outputs map[string]any

	text := printed[strings.Index(printed, "\n{")+1:]
	require.NoError(e.t, json.NewDecoder(strings.NewReader(text)).Decode(&outputs), "%s", printed)

	return outputs
}
