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
	end := e.refuseDeployments()
	printed, err := e.rehearse("", "up")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, refusal)
	assert.Equal(e.t, []string{"failed"}, e.revisions("argocd"))

	end()
	assert.Contains(e.t, e.must("up"), "updated")
	assert.Equal(e.t, []string{"failed", "deployed"}, e.revisions("argocd"))
	e.unchanged()
}

// failedUpgrade changes a setting of Argo CD while the API server refuses its Deployments. The failed revision counts
// as applied, so an update with the old setting deploys the old values again.
func failedUpgrade(e *environment) {
	const file, set, changed = "Pulumi.staging.yaml", "highlyAvailable: true", "highlyAvailable: false"

	before := e.helm("", "get", "values", "argocd", "--output", "json")
	end := e.refuseDeployments()

	e.edit(file, set, changed)

	printed, err := e.rehearse("", "up")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, refusal)
	assert.Equal(e.t, "failed", last(e.revisions("argocd")))

	end()
	e.edit(file, changed, set)
	assert.Contains(e.t, e.must("up"), "updated")
	assert.Equal(e.t, "deployed", last(e.revisions("argocd")))
	assert.JSONEq(e.t, before, e.helm("", "get", "values", "argocd", "--output", "json"))
	e.unchanged()
}

// refusal is the message of a refused Deployment.
const refusal = "Deployments are refused by a test"

// refuseDeployments makes the API server refuse Deployments of Argo CD until the returned function is called.
func (e *environment) refuseDeployments() func() {
	e.t.Helper()

	const name = "refuse-deployments"

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
				Expression: `!(request.namespace in ["argocd", "default"])`, Message: refusal,
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
		_, err := e.kube.AppsV1().Deployments("default").Create(e.t.Context(), anyDeployment(),
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

// revisions returns the status of each revision of a release.
func (e *environment) revisions(release string) []string {
	e.t.Helper()

	var history []struct{ Status string }

	require.NoError(e.t, json.Unmarshal([]byte(e.helm("", "history", release, "--output", "json")), &history))

	found := make([]string, 0, len(history))
	for _, revision := range history {
		found = append(found, revision.Status)
	}

	return found
}

func last(revisions []string) string { return revisions[len(revisions)-1] }

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
