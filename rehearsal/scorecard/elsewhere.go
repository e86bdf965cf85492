package main

// test is a test function in a file of the repository.
type test struct{ File, Function string }

// tested is a control that no graph shows, with its tests.
type tested struct {
	ID, Title, Source string
	Tests             []test
}

// testedElsewhere returns the controls of the workflows and of the charts.
func testedElsewhere() []tested {
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

	return []tested{
		{
			"A6", "Workflows have minimal permissions, pinned actions and no `pull_request_target`", "-",
			[]test{{workflows, "TestA6WorkflowsHaveMinimalPermissionsPinnedActionsAndNoPullRequestTarget"}},
		},
		{
			"C1", "Pods satisfy the Pod Security level `restricted`, with a read-only root", "CIS 4.2.1-5",
			[]test{
				{conform, "TestC1PodsSatisfyThePodSecurityLevelRestrictedWithAReadOnlyRoot"},
				{argoCD, "TestEachApplicationIsDeployedFromItsChart"},
			},
		},
		{
			"C2", "Each pod has its own service account, without a mounted token", "CIS 4.1.5/6",
			[]test{{pods, "TestC2EachPodHasItsOwnServiceAccountWithoutAMountedToken"}},
		},
		{
			"C3", "All traffic is denied except what a pod needs", "CIS 4.3.2",
			[]test{
				{pods, "TestC3AllTrafficIsDeniedExceptWhatAPodNeeds"}, {suites, "TestTheSuitesOfEachChartPass"},
			},
		},
		{
			"C4", "The namespace `default` is empty", "CIS 4.5.2",
			[]test{
				{argoCD, "TestEachApplicationIsDeployedFromItsChart"}, {argoCD, "TestTheProjectAllowsOnlyWhatApplicationsNeed"},
			},
		},
		{
			"C5", "Requests, limits, probes, spread and disruption budgets; no finding without a reason",
			"kube-linter, polaris, kube-score",
			[]test{
				{score, "TestC5RequestsLimitsProbesSpreadAndDisruptionBudgetsNoFindingWithoutAReason"},
				{conform, "TestEverySupportedMinorAcceptsTheManifests"},
			},
		},
		{
			"C6", "Chart values contain no secret", "CIS 4.4.1",
			[]test{{suites, "TestTheSuitesOfEachChartPass"}, {life, "TestLifeOfStaging"}},
		},
		{
			"C7", "All pods fit on the environment's smallest set of nodes", "-",
			[]test{{capacity, "TestC7AllPodsFitOnTheEnvironmentsSmallestSetOfNodes"}},
		},
	}
}
