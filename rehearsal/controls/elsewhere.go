package controls

import "strings"

// Test is a test function in a file of the repository.
type Test struct{ File, Function string }

// Tested is a control that no state shows, with its tests.
type Tested struct {
	ID, Title, Source string
	Tests             []Test
}

// finding returns the result in any environment: a state does not show whether the tests pass.
func (t Tested) finding() Finding {
	var reason strings.Builder

	for _, test := range t.Tests {
		reason.WriteString(test.Function + " (" + test.File + "), ")
	}

	return Finding{
		ID: t.ID, Title: t.Title, Source: t.Source, Result: Unknown, Evidence: []Evidence{},
		Reason: "tests check it, not this run: " + strings.TrimSuffix(reason.String(), ", "),
	}
}

// TestedElsewhere returns the controls of the workflows and of the charts.
func TestedElsewhere() []Tested {
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

	return []Tested{
		{
			"A6", "Workflows have minimal permissions, pinned actions and no `pull_request_target`", "-",
			[]Test{{workflows, "TestA6WorkflowsHaveMinimalPermissionsPinnedActionsAndNoPullRequestTarget"}},
		},
		{
			"C1", "Pods satisfy the Pod Security level `restricted`, with a read-only root", "CIS 4.2.1-5",
			[]Test{
				{conform, "TestC1PodsSatisfyThePodSecurityLevelRestrictedWithAReadOnlyRoot"},
				{argoCD, "TestEachApplicationIsDeployedFromItsChart"},
			},
		},
		{
			"C2", "Each pod has its own service account, without a mounted token", "CIS 4.1.5/6",
			[]Test{{pods, "TestC2EachPodHasItsOwnServiceAccountWithoutAMountedToken"}},
		},
		{
			"C3", "All traffic is denied except what a pod needs", "CIS 4.3.2",
			[]Test{
				{pods, "TestC3AllTrafficIsDeniedExceptWhatAPodNeeds"}, {suites, "TestTheSuitesOfEachChartPass"},
			},
		},
		{
			"C4", "The namespace `default` is empty", "CIS 4.5.2",
			[]Test{
				{argoCD, "TestEachApplicationIsDeployedFromItsChart"}, {argoCD, "TestTheProjectAllowsOnlyWhatApplicationsNeed"},
			},
		},
		{
			"C5", "Requests, limits, probes, spread and disruption budgets; no finding without a reason",
			"kube-linter, polaris, kube-score",
			[]Test{
				{score, "TestC5RequestsLimitsProbesSpreadAndDisruptionBudgetsNoFindingWithoutAReason"},
				{conform, "TestEverySupportedMinorAcceptsTheManifests"},
			},
		},
		{
			"C6", "Chart values contain no secret", "CIS 4.4.1",
			[]Test{{suites, "TestTheSuitesOfEachChartPass"}, {life, "TestLifeOfStaging"}},
		},
		{
			"C7", "All pods fit on the environment's smallest set of nodes", "-",
			[]Test{{capacity, "TestC7AllPodsFitOnTheEnvironmentsSmallestSetOfNodes"}},
		},
	}
}
