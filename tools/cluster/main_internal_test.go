package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// TestMain makes the test's binary act as the program, because a process can start only one control plane.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "control-plane" {
		main()

		return
	}

	if err := putCharts(); err != nil {
		panic(err)
	}

	os.Exit(m.Run())
}

// putCharts puts the keys of a chart beside the test's binary, as the build does.
func putCharts() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}

	folder := filepath.Join(filepath.Dir(self), "charts")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(folder, "traefik-1.0.0.keys"), nil, 0o600)
}

const (
	// starting is the time limit for the control plane to be ready, which takes far less.
	starting = time.Minute
	// ending is the time limit for it to end.
	ending = 5 * time.Second
	often  = 50 * time.Millisecond
)

func TestInvalidArgumentsAreRefused(t *testing.T) {
	t.Parallel()

	require.EqualError(t, run(t.Context(), nil),
		"got 0 arguments, expected two: control-plane or argocd, and a folder")
	require.EqualError(t, run(t.Context(), []string{"control-plane"}),
		"got 1 arguments, expected two: control-plane or argocd, and a folder")
	require.EqualError(t, run(t.Context(), []string{"kubelet", t.TempDir()}),
		`unknown command "kubelet": expected control-plane or argocd`)
}

// program is a control plane in its own process.
type program struct {
	process *exec.Cmd
	client  *kubernetes.Clientset
}

// start starts the control plane of a folder, and waits until it is ready.
func start(t *testing.T, folder string) program {
	t.Helper()

	self, err := os.Executable()
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), starting)
	t.Cleanup(cancel)

	process := exec.CommandContext(ctx, self, "control-plane", folder)
	output, err := process.StdoutPipe()
	require.NoError(t, err)

	log, err := os.Create(filepath.Clean(filepath.Join(folder, "log")))
	require.NoError(t, err)

	process.Stderr = log
	require.NoError(t, process.Start())

	lines := bufio.NewScanner(output)
	for lines.Scan() && lines.Text() != "ready" {
		t.Log(lines.Text())
	}

	require.Equal(t, "ready", lines.Text(), "see %s", log.Name())

	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(folder, "kubeconfig"))
	require.NoError(t, err)

	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)

	return program{process: process, client: client}
}

// stop ends it with a signal.
func (p program) stop(t *testing.T) {
	t.Helper()

	began := time.Now()

	require.NoError(t, p.process.Process.Signal(syscall.SIGTERM))
	require.NoError(t, p.process.Wait(), "it must end without an error")
	assert.Less(t, time.Since(began), ending)
}

// kill kills it, as a machine without memory does.
func (p program) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, p.process.Process.Kill())
	require.Error(t, p.process.Wait())
}

// deploy creates a node, and a pod that needs a Secret.
func (p program) deploy(t *testing.T) {
	t.Helper()

	_, err := p.client.CoreV1().Nodes().Create(t.Context(), &corev1.Node{ObjectMeta: metav1.ObjectMeta{
		Name: "node", Labels: map[string]string{"kubernetes.io/arch": "arm64"},
		Annotations: map[string]string{
			"kwok.x-k8s.io/node": "fake", "rehearsal/kubelet": "v1.35.4",
			"rehearsal/allocatable": `{"cpu": "2", "memory": "4Gi", "pods": "20"}`,
		},
	}}, metav1.CreateOptions{})
	require.NoError(t, err)

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, err := p.client.CoreV1().ServiceAccounts("default").Get(t.Context(), "default", metav1.GetOptions{})
		require.NoError(c, err, "the controller manager creates it")
	}, starting, often)

	_, err = p.client.CoreV1().Pods("default").Create(t.Context(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "one"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "app", Image: "flights:1",
			Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("1")}},
			EnvFrom: []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: "database"},
			}}},
		}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
}

// pod waits until the pod is in a phase, and its container waits with a reason unless that is empty.
func (p program) pod(t *testing.T, phase corev1.PodPhase, reason string) *corev1.Pod {
	t.Helper()

	var found *corev1.Pod

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		one, err := p.client.CoreV1().Pods("default").Get(t.Context(), "one", metav1.GetOptions{})
		require.NoError(c, err)
		assert.Equal(c, phase, one.Status.Phase)

		if assert.Len(c, one.Status.ContainerStatuses, 1) && reason != "" {
			waiting := one.Status.ContainerStatuses[0].State.Waiting
			require.NotNil(c, waiting)
			assert.Equal(c, reason, waiting.Reason)
		}

		found = one
	}, starting, often)

	return found
}

// measured waits until the API server serves the pod's metrics.
func (p program) measured(t *testing.T) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		text, err := p.client.RESTClient().Get().
			AbsPath("/apis/metrics.k8s.io/v1beta1/namespaces/default/pods").DoRaw(t.Context())
		require.NoError(c, err)
		assert.Contains(c, string(text), `"cpu":"500m"`)
	}, starting, often)
}

// This test runs all parts together. Their own tests have the details.
func TestARestartedClusterContinues(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("starts a real control plane three times")
	}

	folder := t.TempDir()

	first := start(t, folder)
	first.deploy(t)
	first.pod(t, corev1.PodPending, "CreateContainerConfigError")

	_, err := first.client.CoreV1().Secrets("default").Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "database"},
	}, metav1.CreateOptions{})
	require.NoError(t, err)

	before := first.pod(t, corev1.PodRunning, "")
	assert.Equal(t, "node", before.Spec.NodeName, "the scheduler must assign the node")
	first.measured(t)
	first.stop(t)

	_, err = first.client.CoreV1().Pods("default").Get(t.Context(), "one", metav1.GetOptions{})
	require.Error(t, err, "the API server must not answer any more")

	for _, end := range []func(program, *testing.T){program.kill, program.stop} {
		again := start(t, folder)

		// The first client still has the right address, authority and token.
		after, err := first.client.CoreV1().Pods("default").Get(t.Context(), "one", metav1.GetOptions{})
		require.NoError(t, err)
		assert.Equal(t, before.UID, after.UID)
		again.measured(t)
		end(again, t)
	}
}

func TestAnInvalidFolderIsAnError(t *testing.T) {
	t.Parallel()

	folder := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(folder, nil, 0o600))

	err := run(t.Context(), []string{"control-plane", folder})

	require.ErrorContains(t, err, "starting the control plane: creating the cluster's folder: mkdir "+folder)
}
