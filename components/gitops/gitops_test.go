package gitops_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/graphtest"
)

const (
	namespaceType      = "kubernetes:core/v1:Namespace"
	secretType         = "kubernetes:core/v1:Secret"
	releaseType        = "kubernetes:helm.sh/v3:Release"
	projectType        = "kubernetes:argoproj.io/v1alpha1:AppProject"
	applicationSetType = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"

	repository = "https://example.com/platform.git"
)

// run creates Argo CD with two applications under mocks.
func run(t *testing.T, changes ...func(*gitops.Args)) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{})
		require.NoError(t, err)

		identity, err := iam.NewRole(ctx, "identity", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}")})
		require.NoError(t, err)

		args := &gitops.Args{
			Environment: "sandbox", Repository: repository, Revision: "main", Prune: true, SelfHeal: true,
			Applications: []gitops.Application{
				{Name: "flights", Platform: pulumi.Map{"path": pulumi.String("/flights")}},
				{Name: "reservations", Platform: pulumi.Map{"path": pulumi.String("/reservations")}},
			},
			After:      []pulumi.Resource{identity},
			Kubernetes: provider,
		}
		for _, change := range changes {
			change(args)
		}

		_, err = gitops.New(ctx, "gitops", args)

		return err
	})
}

// private names the secret to which an operator adds the credentials of the repository.
func private(args *gitops.Args) { args.CredentialsSecret = "repository" }

func highlyAvailable(args *gitops.Args) { args.HighlyAvailable = true }

func TestArgoCDIsOneReleaseInANamespaceOfItsOwn(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, namespaceType, "gitops-namespace").Under("gitops").
		Has("metadata.name", "argocd").
		Has("metadata.labels", restricted())
	g.One(t, releaseType, "gitops-argocd").Under("gitops").
		DependsOn("gitops-namespace").
		Has("chart", "argo-cd").Has("name", "argocd").Has("namespace", "argocd").
		Has("repositoryOpts.repo", "https://argoproj.github.io/argo-helm").
		Has("values.crds", map[string]any{"install": true, "keep": true}).
		Has("values.global.networkPolicy", map[string]any{"create": true, "defaultDenyIngress": true}).
		Has("values.configs.cm", map[string]any{"users.anonymous.enabled": false, "exec.enabled": false}).
		HasNo("values.server.ingress").
		HasNo("values.configs.secret")

	for _, part := range []string{"controller", "server", "repoServer", "applicationSet"} {
		g.One(t, releaseType, "gitops-argocd").
			Has("values."+part+".metrics", map[string]any{"enabled": true}).
			HasNo("values." + part + ".replicas")
	}
}

// No destroy waits for resources in the cluster, whatever finalizers they have.
func TestResourcesInTheClusterAreDeletedWithIt(t *testing.T) {
	t.Parallel()

	g := run(t, private)

	for resourceType, name := range map[string]string{
		namespaceType: "gitops-namespace", secretType: "gitops-credentials", releaseType: "gitops-argocd",
		projectType: "gitops-project", applicationSetType: "gitops-applications",
	} {
		g.One(t, resourceType, name).GoesWith("cluster")
		assert.Contains(t, g.All(resourceType)[0].Provider, "pulumi:providers:kubernetes::cluster::", name)
	}
}

func TestAHighlyAvailableArgoCDSurvivesANode(t *testing.T) {
	t.Parallel()

	release := run(t, highlyAvailable).One(t, releaseType, "gitops-argocd").
		Has("values.redis-ha.enabled", true).
		HasNo("values.redis").
		HasNo("values.controller.replicas")

	for _, part := range []string{"server", "repoServer", "applicationSet"} {
		release.
			Has("values."+part+".replicas", 2).
			Has("values."+part+".pdb", map[string]any{"enabled": true, "minAvailable": 1.0})
	}

	t.Log("what is denied by default is let in where Argo CD must be")
	release.
		Has("values.extraObjects[0].kind", "NetworkPolicy").
		Has("values.extraObjects[0].spec.podSelector.matchExpressions[0].values", []any{"redis-ha", "redis-ha-haproxy"}).
		Has("values.extraObjects[0].spec.ingress[0].from[0].podSelector", map[string]any{})
}

func TestArgoCDsChartHasEveryValueThatIsSet(t *testing.T) {
	t.Parallel()

	run(t).One(t, releaseType, "gitops-argocd").ChartHas()
	run(t, highlyAvailable).One(t, releaseType, "gitops-argocd").ChartHas()
}

func TestTheProjectAllowsOnlyWhatApplicationsNeed(t *testing.T) {
	t.Parallel()

	const here = "https://kubernetes.default.svc"

	run(t).One(t, projectType, "gitops-project").Under("gitops").
		DependsOn("gitops-argocd").
		Has("metadata", map[string]any{"name": "platform", "namespace": "argocd"}).
		Has("spec.sourceRepos", []any{repository}).
		Has("spec.destinations", []any{
			map[string]any{"server": here, "namespace": "flights"},
			map[string]any{"server": here, "namespace": "reservations"},
		}).
		HasNo("spec.clusterResourceWhitelist")
}

// An application that is removed from the settings leaves nothing, because the program owns its namespace.
func TestTheProgramCreatesTheNamespacesOfApplications(t *testing.T) {
	t.Parallel()

	g := run(t)

	for _, name := range []string{"flights", "reservations"} {
		g.One(t, namespaceType, "gitops-namespace-"+name).Under("gitops").GoesWith("cluster").
			Has("metadata.name", name).
			Has("metadata.labels", restricted())
		g.One(t, applicationSetType, "gitops-applications").DependsOn("gitops-namespace-" + name)
	}
}

// restricted are the labels of Pod Security's strictest level.
func restricted() map[string]any {
	return map[string]any{
		"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
		"pod-security.kubernetes.io/audit": "restricted",
	}
}

func TestEachApplicationIsDeployedFromItsChart(t *testing.T) {
	t.Parallel()

	const spec = "spec.template.spec."

	run(t).One(t, applicationSetType, "gitops-applications").Under("gitops").
		DependsOn("gitops-project", "identity").
		Has("spec.goTemplate", true).
		Has("spec.goTemplateOptions", []any{"missingkey=error"}).
		Has("spec.generators[0].list.elements", []any{
			map[string]any{"name": "flights", "values": map[string]any{"platform": map[string]any{"path": "/flights"}}},
			map[string]any{
				"name": "reservations", "values": map[string]any{"platform": map[string]any{"path": "/reservations"}},
			},
		}).
		Has(spec+"project", "platform").
		Has(spec+"source", map[string]any{
			"repoURL": repository, "targetRevision": "main", "path": "apps/{{ .name }}/chart",
			"helm": map[string]any{
				"releaseName": "{{ .name }}", "valueFiles": []any{"../environments/sandbox.yaml"},
				"values": "{{ .values | toJson }}",
			},
		}).
		Has(spec+"destination.namespace", "{{ .name }}").
		Has(spec+"syncPolicy.automated", map[string]any{"prune": true, "selfHeal": true}).
		Has(spec+"syncPolicy.retry.refresh", true).
		Has(spec+"syncPolicy.syncOptions", []any{"ServerSideApply=true"})
}

// The state names the secret of a private repository, and not its credentials.
func TestCredentialsAreNotInputs(t *testing.T) {
	t.Parallel()

	run(t, private).
		One(t, secretType, "gitops-credentials").Under("gitops").
		Has("metadata.name", "repository").
		Has("metadata.namespace", "argocd").
		Has("metadata.labels", map[string]any{"argocd.argoproj.io/secret-type": "repository"}).
		HasNo("data")
	run(t).None(t, secretType)
}

// Argo CD never syncs a commit again after the last retry has failed. A limit below zero is none (Argo CD, "Application
// Specification").
func TestAFailedSyncIsRetriedUntilItSucceeds(t *testing.T) {
	t.Parallel()

	const retry = "spec.template.spec.syncPolicy.retry."

	run(t).One(t, applicationSetType, "gitops-applications").
		Has(retry+"limit", -1).
		Has(retry+"backoff.maxDuration", "1m")
}

// The provider's default is too short for a first install.
func TestTheReleaseHasTimeToStartThreeRedisPods(t *testing.T) {
	t.Parallel()

	run(t, highlyAvailable).One(t, releaseType, "gitops-argocd").Has("timeout", 900)
}

// No node has room for a fourth HAProxy.
func TestHAProxiesAreReplacedInPlace(t *testing.T) {
	t.Parallel()

	run(t, highlyAvailable).One(t, releaseType, "gitops-argocd").
		Has("values.redis-ha.haproxy.deploymentStrategy", map[string]any{
			"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": 0.0, "maxUnavailable": 1.0},
		})
}

func TestTheSyncPolicyReachesEachApplication(t *testing.T) {
	t.Parallel()

	run(t, func(args *gitops.Args) { args.Prune, args.SelfHeal = false, false }).
		One(t, applicationSetType, "gitops-applications").
		Has("spec.template.spec.syncPolicy.automated", map[string]any{"prune": false, "selfHeal": false})
}
