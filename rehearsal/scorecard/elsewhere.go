package main

// test is a function of a test, in a file of the repository.
type test struct{ File, Function string }

// held is a control of which no graph says anything, with the tests that hold it.
type held struct {
	ID, Title, Source string
	Tests             []test
}

// elsewhere are the controls of the workflows and of the charts.
func elsewhere() []held { return append(ofTheWorkflows(), ofTheCharts()...) }

const (
	workflows = "tools/ci/policy/repository_test.go"
	conform   = "apps/charttest/conform_test.go"
	pods      = "apps/charttest/pods_test.go"
	suites    = "apps/charttest/unittest_test.go"
	score     = "apps/charttest/score_test.go"
	capacity  = "apps/charttest/capacity_test.go"
	argoCD    = "components/gitops/gitops_test.go"
	life      = "rehearsal/scenarios/life_test.go"
)

func ofTheWorkflows() []held {
	return []held{
		{
			"A6", "Workflows have the least permissions, pinned actions, and no `pull_request_target`", "-",
			[]test{{workflows, "TestA6WorkflowsHaveMinimalPermissionsPinnedActionsAndNoPullRequestTarget"}},
		},
	}
}

func ofTheCharts() []held {
	return []held{
		{
			"C1", "Pods keep to Pod Security's level `restricted`, with a read-only root", "CIS 4.2.1-5",
			[]test{
				{conform, "TestEveryPodKeepsToPodSecuritysRestricted"}, {argoCD, "TestEachApplicationIsDeployedFromItsChart"},
			},
		},
		{
			"C2", "An account of its own for each pod, without a token for Kubernetes", "CIS 4.1.5/6",
			[]test{
				{conform, "TestEveryPodKeepsToPodSecuritysRestricted"}, {pods, "TestAJobRunsAsAnAccountThatIsThereBeforeIt"},
			},
		},
		{
			"C3", "All traffic is denied, and what a pod needs is let through", "CIS 4.3.2",
			[]test{{pods, "TestEachPodHasAPolicyOfItsOwn"}, {suites, "TestTheSuitesOfEachChart"}},
		},
		{
			"C4", "Nothing is in the namespace `default`", "CIS 4.5.2",
			[]test{
				{argoCD, "TestEachApplicationIsDeployedFromItsChart"}, {argoCD, "TestApplicationsMayBeNoMoreThanTheyAre"},
			},
		},
		{
			"C5", "Requests, limits, probes, spread and budgets; no finding without a reason",
			"kube-linter, polaris, kube-score",
			[]test{
				{score, "TestKubeScoreFindsNothingThatHasNoReason"}, {conform, "TestEveryMinorInSupportTakesWhatIsRendered"},
			},
		},
		{
			"C6", "No secret is in a chart's values", "CIS 4.4.1",
			[]test{{suites, "TestTheSuitesOfEachChart"}, {life, "TestLifeOfStaging"}},
		},
		{
			"C7", "All pods fit on the fewest nodes of the environment", "-",
			[]test{{capacity, "TestAllPodsFitOnTheFewestNodes"}},
		},
	}
}
