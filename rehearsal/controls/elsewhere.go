package controls

// Test is a test function in a file of the repository.
type Test struct{ File, Function string }

// Charts returns the tests of each control of charts, which check more than a run: they render every chart with other
// settings too. Only they check C7.
func Charts() map[string][]Test {
	const (
		conform  = "apps/charttest/conform_test.go"
		pods     = "apps/charttest/pods_test.go"
		suites   = "apps/charttest/unittest_test.go"
		score    = "apps/charttest/score_test.go"
		capacity = "apps/charttest/capacity_test.go"
		argoCD   = "components/gitops/gitops_test.go"
		life     = "rehearsal/scenarios/life_test.go"
	)

	return map[string][]Test{
		"C1": {
			{conform, "TestC1PodsSatisfyThePodSecurityLevelRestrictedWithAReadOnlyRoot"},
			{argoCD, "TestEachApplicationIsDeployedFromItsChart"},
		},
		"C2": {{pods, "TestC2EachPodHasItsOwnServiceAccountWithoutAMountedToken"}},
		"C3": {{pods, "TestC3AllTrafficIsDeniedExceptWhatAPodNeeds"}, {suites, "TestTheSuitesOfEachChartPass"}},
		"C4": {
			{argoCD, "TestEachApplicationIsDeployedFromItsChart"}, {argoCD, "TestTheProjectAllowsOnlyWhatApplicationsNeed"},
		},
		"C5": {
			{score, "TestC5RequestsLimitsProbesSpreadAndDisruptionBudgetsNoFindingWithoutAReason"},
			{conform, "TestEverySupportedMinorAcceptsTheManifests"},
		},
		"C6": {{suites, "TestTheSuitesOfEachChartPass"}, {life, "TestLifeOfStaging"}},
		"C7": {{capacity, "TestC7AllPodsFitOnTheNodesThatTheEnvironmentMayHave"}},
	}
}

// testsOf returns the tests of a control as its evidence.
func testsOf(id string) []Evidence {
	var tests []Evidence
	for _, test := range Charts()[id] {
		tests = append(tests, Evidence{File: test.File, Property: test.Function})
	}

	return tests
}
