package e2e_test

import (
	"os"
	"testing"
)

// services returns the services in the environments.
func services() []string { return []string{"flights", "reservations"} }

// up deploys the environment, and waits until Argo CD has deployed the services.
func (e *environment) up() {
	e.t.Helper()

	// With the real provider, TestTheSandboxSurvivesFailures creates everything with it.
	if isReal() && e.owner.Name() != "TestTheSandboxSurvivesFailures" {
		e.takenOver()
	} else {
		e.must("up")
	}

	e.healthy(services()...)

	if minor := os.Getenv("KUBERNETES_MINOR"); minor != "" {
		e.play("Kubernetes is upgraded to "+minor, func(e *environment) { e.upgradeKubernetes(minor) })
	}
}

func TestTheSandboxDeploysItself(t *testing.T) {
	t.Parallel()

	e := start(t, "sandbox")
	e.up()

	e.play("pods use the program's outputs", usesOutputs)
	e.play("refresh finds drift", refreshFindsDrift)
	e.play("kubectl works", kubectlWorks)
	e.play("forbidden objects are refused", refusals)
	e.play("changes by hand are reverted", changesByHand)
	e.play("a release is rolled out", releaseIsRolledOut)
	e.play("a broken chart leaves pods running", brokenChart)
	e.play("a migration runs before new pods", migrationFirst)
	e.play("an outage is longer than all retries", longOutage)
	e.play("settings change while a sync is retried", changedSettings)
	e.play("destroy during a sync", destroyedDuringSync)
}

func TestTheSandboxSurvivesFailures(t *testing.T) {
	t.Parallel()

	e := start(t, "sandbox")
	e.useCharts("testdata/released")
	e.commit("the last release")
	e.play("an installation fails", failedInstall)
	e.up()

	e.play("upgrade from the last release", upgradedFromTheLastRelease)
	e.play("a node is drained", drainedNode)
	e.play("a zone is lost", lostZone)
	e.play("the API server dies during a sync", killedServer)
	e.play("a third service is added and removed", thirdService)
	e.play("destroy without a cluster", destroyedWithoutCluster)
}

func TestStagingDeploysItself(t *testing.T) {
	t.Parallel()

	e := start(t, "staging")
	e.up()

	e.play("pods use the program's outputs", usesOutputs)
	e.play("Argo CD is upgraded", upgradedArgoCD)
	e.play("an upgrade fails and is reverted", failedUpgrade)
	e.play("a release is rolled out", releaseIsRolledOut)
	e.play("a broken chart leaves pods running", brokenChart)
	e.play("a node is drained", drainedNode)
	e.play("a zone is lost", lostZone)
}

// play runs a scenario on the environment in the state that the previous one left. A failure stops the test.
func (e *environment) play(title string, scenario func(e *environment)) {
	e.t.Helper()

	ok := e.owner.Run(title, func(t *testing.T) {
		e.t = t
		defer func() { e.t = e.owner }()

		scenario(e)
	})
	if !ok {
		e.owner.FailNow()
	}
}
