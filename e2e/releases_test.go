package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admission "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
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

// failedInstall creates the environment while the API server refuses Deployments of Argo CD. The next update repairs
// what the first one has left.
func failedInstall(e *environment) {
	end := e.refuseDeployments("argocd")
	printed, err := e.rehearse("", "up")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, refusal)
	assert.Equal(e.t, "failed", e.statusOf("argocd"))

	end()
	assert.Contains(e.t, e.must("up"), "updated")
	assert.Equal(e.t, "deployed", e.statusOf("argocd"))
	e.unchanged()
}

// failedUpgrade changes a setting of Traefik while the API server refuses its Deployment. The failed revision counts as
// applied, so an update with the old setting deploys the old values again.
func failedUpgrade(e *environment) {
	const (
		file    = "Pulumi.staging.yaml"
		set     = "  platform:gitops:\n"
		changed = "  platform:ingress:\n    certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/" +
			"12345678-1234-1234-1234-123456789012\n" + set
	)

	before := e.helm("", "traefik", "get", "values", "traefik", "--output", "json")
	end := e.refuseDeployments("traefik")

	e.edit(file, set, changed)

	printed, err := e.rehearse("", "up")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, refusal)
	assert.Equal(e.t, "failed", e.statusOf("traefik"))

	end()
	e.edit(file, changed, set)
	assert.Contains(e.t, e.must("up"), "updated")
	assert.Equal(e.t, "deployed", e.statusOf("traefik"))
	assert.JSONEq(e.t, before, e.helm("", "traefik", "get", "values", "traefik", "--output", "json"))
	e.unchanged()
}

// refusal is the message of a refused Deployment.
const refusal = "Deployments are refused by a test"

// refuseDeployments makes the API server refuse Deployments of a namespace until the returned function is called.
func (e *environment) refuseDeployments(namespace string) func() {
	e.t.Helper()

	// The namespace may not exist yet, so another one is probed.
	const name, probed = "refuse-deployments", "default"

	api := e.kube.AdmissionregistrationV1()
	_, err := api.ValidatingAdmissionPolicies().Create(e.t.Context(), &admission.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: admission.ValidatingAdmissionPolicySpec{
			MatchConstraints: &admission.MatchResources{ResourceRules: []admission.NamedRuleWithOperations{{
				RuleWithOperations: admission.RuleWithOperations{
					Operations: []admission.OperationType{admission.Create, admission.Update},
					Rule: admission.Rule{
						APIGroups: []string{"apps"}, APIVersions: []string{"v1"}, Resources: []string{"deployments"},
					},
				},
			}}},
			Validations: []admission.Validation{{
				Expression: fmt.Sprintf("!(request.namespace in [%q, %q])", namespace, probed), Message: refusal,
			}},
		},
	}, metav1.CreateOptions{})
	require.NoError(e.t, err)

	_, err = api.ValidatingAdmissionPolicyBindings().Create(e.t.Context(), &admission.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: admission.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: name, ValidationActions: []admission.ValidationAction{admission.Deny},
		},
	}, metav1.CreateOptions{})
	require.NoError(e.t, err)

	// A policy takes effect some time after its creation, and until some time after its deletion.
	refuses := func() (bool, string) {
		_, err := e.kube.AppsV1().Deployments(probed).Create(e.t.Context(), anyDeployment(),
			metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})

		return err != nil && strings.Contains(err.Error(), refusal), fmt.Sprint(err)
	}
	e.await("Deployments are refused", patience, refuses)

	return func() {
		e.t.Helper()
		require.NoError(e.t, api.ValidatingAdmissionPolicyBindings().Delete(e.t.Context(), name, metav1.DeleteOptions{}))
		require.NoError(e.t, api.ValidatingAdmissionPolicies().Delete(e.t.Context(), name, metav1.DeleteOptions{}))
		e.await("Deployments are accepted", patience, func() (bool, string) {
			refused, seen := refuses()

			return !refused, seen
		})
	}
}

// anyDeployment is a valid Deployment.
func anyDeployment() *appsv1.Deployment {
	labels := map[string]string{"app": "any"}

	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "any"},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "any", Image: "any"}}},
			},
		},
	}
}

// statusOf returns the status of the newest revision of a release, whose namespace has its name.
func (e *environment) statusOf(release string) string {
	e.t.Helper()

	var found struct {
		Status string `json:"status"`
	}

	described := e.helm("", release, "get", "metadata", release, "--output", "json")
	require.NoError(e.t, json.Unmarshal([]byte(described), &found))

	return found.Status
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

	values := e.helm("", "argocd", "get", "values", release, "--output", "json")
	e.helm(values, "argocd", "upgrade", release, "argo-cd", "--version", olderChart,
		"--repo", "https://"+hosts["argoproj.github.io"], "--ca-file", filepath.Join(e.cluster, "server.crt"),
		"--values", "-", "--wait", "--timeout", "2m")
}

// helm runs Helm in a namespace, and returns its output.
func (e *environment) helm(input, namespace string, args ...string) string {
	e.t.Helper()

	var stderr strings.Builder

	command := exec.CommandContext(e.t.Context(), filepath.Join(e.bin, "helm"), append(args,
		"--namespace", namespace, "--kubeconfig", filepath.Join(e.cluster, "kubeconfig"))...)
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
