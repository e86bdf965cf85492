package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// upgradedArgoCD upgrades Argo CD from an older version of its chart. The nodes have capacity to replace each of its
// pods, and at most one HAProxy pod is unavailable at a time.
func upgradedArgoCD(e *environment) {
	defer e.neverFewerOf("argocd-redis-ha-haproxy", 2)()

	e.installOlder("argocd")
	e.must("refresh")
	assert.Contains(e.t, e.must("up"), "updated")

	pods, err := e.kube.CoreV1().Pods("argocd").List(e.t.Context(), metav1.ListOptions{})
	require.NoError(e.t, err)

	for _, pod := range pods.Items {
		assert.NotEqual(e.t, "argo-cd-"+olderChart, pod.Annotations["helm.sh/chart"], pod.Name)
	}
}

// olderChart is a version that is older than every chart. The repositories of tools/cluster have it.
const olderChart = "0.0.1"

// installOlder upgrades Argo CD's release by hand to an older version of its chart, with the same values.
func (e *environment) installOlder(release string) {
	e.t.Helper()

	text, err := os.ReadFile(filepath.Join(e.cluster, "hosts.json"))
	require.NoError(e.t, err)

	var hosts map[string]string
	require.NoError(e.t, json.Unmarshal(text, &hosts))

	values := e.helm("", "get", "values", release, "--output", "json")
	e.helm(values, "upgrade", release, "argo-cd", "--version", olderChart,
		"--repo", "https://"+hosts["argoproj.github.io"], "--ca-file", filepath.Join(e.cluster, "server.crt"),
		"--values", "-", "--wait", "--timeout", "2m")
}

// helm runs Helm in the namespace of Argo CD, and returns its output.
func (e *environment) helm(input string, args ...string) string {
	e.t.Helper()

	var stderr strings.Builder

	command := exec.CommandContext(e.t.Context(), filepath.Join(e.bin, "helm"), append(args,
		"--namespace", "argocd", "--kubeconfig", filepath.Join(e.cluster, "kubeconfig"))...)
	command.Env = append(os.Environ(), "HELM_CACHE_HOME="+e.base, "HELM_CONFIG_HOME="+e.base, "HELM_DATA_HOME="+e.base)
	command.Stdin, command.Stderr = strings.NewReader(input), &stderr

	output, err := command.Output()
	require.NoError(e.t, err, "helm %s\n%s", strings.Join(args, " "), stderr.String())

	return string(output)
}

// neverFewerOf fails the test if a Deployment of Argo CD has fewer available pods before the returned function is
// called.
func (e *environment) neverFewerOf(deployment string, count int32) func() {
	return e.holdsUntil("pods of "+deployment+" are available", func() (bool, string) {
		found, err := e.kube.AppsV1().Deployments("argocd").Get(e.t.Context(), deployment, metav1.GetOptions{})
		if err != nil {
			return e.t.Context().Err() != nil || strings.Contains(err.Error(), "context"), err.Error()
		}

		return found.Status.AvailableReplicas >= count, found.Status.String()
	})
}
